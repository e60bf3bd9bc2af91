// SPDX-License-Identifier: MIT
// For Playwright: test and expect with the fixture `trello`.
import { expect as baseExpect, test as base } from '@playwright/test';
import {
  findChromium,
  installIntoChromium,
  refuseBranded,
  withoutDisablingExtensions,
} from './chromium.js';
import { Installation } from './installation.js';
import { addressOf, lookAtPage } from './look.js';
import { matchers } from './matchers.js';
import { putData, resetTo } from './scene.js';
import { Trello } from './trello.js';

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */
/** @typedef {import('@playwright/test').LaunchOptions} LaunchOptions */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./scene.js').Scene} Scene */

/**
 * @typedef {object} TrelloTestOptions
 * @property {'documented' | 'library'} trelloFidelity  how exactly secret calls are as in Trello
 * @property {string | null | undefined} trelloMember  who is signed in; null: nobody
 * @property {Record<string, any>} trelloContext  more of the context that pages are opened with
 * @property {NonNullable<Scene['data']>} trelloData  plugin data that is there at the start
 * @property {'ignore' | 'warn' | 'fail'} trelloProblems  what becomes of misuse that was seen
 */

/**
 * @typedef {object} TrelloWorkerOptions
 * @property {string} trelloHost  folder with the built host; default: the package's own
 */

/** @typedef {TrelloTestOptions & {trello: Trello}} TrelloFixtures */
/** @typedef {TrelloWorkerOptions & {trelloInstallation: Installation}} TrelloWorkerFixtures */

/** Playwright switches off what would disturb tests, and with it that an embedded page has a storage of
 * its own for each site around it: without that, Chromium denies it any. The last list counts, so this
 * is Playwright's without that one. */
const FEATURES_OFF = [
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'Translate',
];

/**
 * What a Chromium must be launched with so that attachTrello can load the extension.
 *
 * @param {LaunchOptions} [options]
 * @returns {LaunchOptions}
 */
export function trelloLaunchOptions(options = {}) {
  refuseBranded(options.channel);
  return {
    ...options,
    ignoreDefaultArgs: withoutDisablingExtensions(options.ignoreDefaultArgs),
    args: ['--enable-automation', `--disable-features=${FEATURES_OFF}`, ...(options.args ?? [])],
  };
}

/**
 * @param {Browser} browser
 * @param {Installation} installation
 */
async function install(browser, installation) {
  const session = await browser.newBrowserCDPSession();
  await installIntoChromium(
    (method, parameters) => session.send(/** @type {any} */ (method), parameters),
    installation,
  );
  await session.detach();
}

/**
 * @param {() => BrowserContext[]} contextsNow  whose pages count
 * @param {() => Page | undefined} pageNow  the one to drive
 * @returns {import('./trello.js').Driver}
 */
function driverOf(contextsNow, pageNow) {
  /** @type {string[]} */
  const heard = [];
  /** @type {Set<BrowserContext>} */
  const heardFrom = new Set();
  function listen() {
    for (const context of contextsNow().filter((one) => !heardFrom.has(one))) {
      heardFrom.add(context);
      context.on('console', (message) => heard.push(`the console: ${message.text()}`));
      context.on('request', (request) => heard.push(addressOf(request.url())));
    }
  }
  listen();
  return {
    goto(address) {
      listen();
      const page = pageNow();
      if (page === undefined) {
        throw new Error('powerup-secrets: no page is open. Open one with context.newPage().');
      }
      return page.goto(address);
    },
    address: () => pageNow()?.url() ?? '',
    async seen() {
      const frames = contextsNow().flatMap((context) =>
        context.pages().flatMap((page) => page.frames()),
      );
      const shown = await Promise.all(frames.map((frame) => frame.evaluate(lookAtPage)));
      return [...shown.flat(), ...heard];
    },
  };
}

/**
 * For people with fixtures of their own: loads the extension into a Chromium that was launched with
 * trelloLaunchOptions().
 *
 * @param {Browser | BrowserContext} browserOrContext  a browser, all of whose contexts are meant, or
 *   one context
 * @param {import('./trello.js').TrelloOptions & Scene & import('./installation.js').InstallationOptions &
 *   {page?: Page}} [options]  page: the one that trello.open() drives; default: the last one
 * @returns {Promise<Trello>}  goes with the browser
 */
export async function attachTrello(browserOrContext, options = {}) {
  const isContext = 'pages' in browserOrContext;
  const browser = isContext ? browserOrContext.browser() : browserOrContext;
  if (browser === null) {
    throw new Error('powerup-secrets: this context belongs to no browser that can be reached.');
  }
  const installation = new Installation(options);
  browser.on('disconnected', () => installation.close());
  await resetTo(installation.commandLine, options);
  await install(browser, installation);
  const contexts = () => (isContext ? [browserOrContext] : browser.contexts());
  const lastPage = () =>
    contexts()
      .flatMap((context) => context.pages())
      .at(-1);
  const driver = driverOf(contexts, () => options.page ?? lastPage());
  const trello = new Trello(installation.commandLine, driver, options);
  await putData(trello, options.data);
  return trello;
}

/**
 * Two projects out of one, so that every test runs in both fidelity settings.
 *
 * @param {import('@playwright/test').Project} [project]
 * @returns {import('@playwright/test').Project<TrelloTestOptions, TrelloWorkerOptions>[]}
 */
export function trelloProjects(project = {}) {
  return /** @type {const} */ (['documented', 'library']).map((trelloFidelity) => ({
    ...project,
    name: [project.name, trelloFidelity].filter(Boolean).join(' '),
    use: { ...project.use, trelloFidelity },
  }));
}

/** @type {import('@playwright/test').TestType<
 *   import('@playwright/test').PlaywrightTestArgs & import('@playwright/test').PlaywrightTestOptions & TrelloFixtures,
 *   import('@playwright/test').PlaywrightWorkerArgs & import('@playwright/test').PlaywrightWorkerOptions & TrelloWorkerFixtures>} */
export const test = base.extend(
  /** @type {any} */ ({
    trelloFidelity: ['documented', { option: true }],
    trelloMember: [undefined, { option: true }],
    trelloContext: [{}, { option: true }],
    trelloData: [{}, { option: true }],
    trelloProblems: ['warn', { option: true }],
    trelloHost: ['', { option: true, scope: 'worker' }],

    trelloInstallation: [
      async (
        /** @type {TrelloWorkerOptions} */ { trelloHost },
        /** @type {(value: Installation) => Promise<void>} */ use,
      ) => {
        const installation = new Installation({ host: trelloHost });
        await use(installation);
        installation.close();
      },
      { scope: 'worker' },
    ],

    browser: [
      async (
        /** @type {any} */ {
          playwright,
          browserName,
          channel,
          connectOptions,
          launchOptions,
          trelloInstallation,
        },
        /** @type {(value: Browser) => Promise<void>} */ use,
      ) => {
        if (browserName !== 'chromium') {
          throw new Error(
            `powerup-secrets: Playwright's own ${browserName} loads no extension. Use chromium here, ` +
              'and powerup-secrets/puppeteer for Firefox.',
          );
        }
        if (connectOptions !== undefined) {
          throw new Error(
            'powerup-secrets: a browser of connectOptions is started elsewhere and cannot reach the ' +
              'host on this machine. Leave connectOptions out.',
          );
        }
        refuseBranded(channel);
        const bundled = playwright.chromium.executablePath();
        const browser = await playwright.chromium.launch(
          trelloLaunchOptions({
            ...launchOptions,
            executablePath: launchOptions.executablePath ?? findChromium(bundled),
          }),
        );
        try {
          await install(browser, trelloInstallation);
          await use(browser);
        } finally {
          await browser.close();
        }
      },
      { scope: 'worker', timeout: 60_000 },
    ],

    // Every test starts from the same scene, whether or not it looks at trello.
    trelloReset: [
      async (
        /** @type {any} */ { trelloInstallation, trelloFidelity, trelloMember },
        /** @type {() => Promise<void>} */ use,
      ) => {
        await resetTo(trelloInstallation.commandLine, {
          fidelity: trelloFidelity,
          member: trelloMember,
        });
        await use();
      },
      { auto: true },
    ],

    trello: async (
      /** @type {any} */ {
        trelloReset: _,
        trelloInstallation,
        trelloMember,
        trelloContext,
        trelloData,
        trelloProblems,
        baseURL,
        context,
        page,
      },
      /** @type {(value: Trello) => Promise<void>} */ use,
      /** @type {import('@playwright/test').TestInfo} */ testInfo,
    ) => {
      const trello = new Trello(
        trelloInstallation.commandLine,
        driverOf(
          () => [context],
          () => page,
        ),
        { baseURL, member: trelloMember, context: trelloContext },
      );
      await putData(trello, trelloData);
      await use(trello);
      await tellProblems(trello, trelloProblems, testInfo);
    },
  }),
);

/**
 * @param {Trello} trello
 * @param {TrelloTestOptions['trelloProblems']} whatToDo
 * @param {import('@playwright/test').TestInfo} testInfo
 */
async function tellProblems(trello, whatToDo, testInfo) {
  const problems = whatToDo === 'ignore' ? [] : await trello.problems();
  const texts = problems.map(({ method, detail }) => `${method}: ${detail.advice}`);
  if (whatToDo === 'fail' && texts.length > 0) {
    throw new Error(
      `powerup-secrets: the Power-Up has problems (trelloProblems is "fail"):\n${texts.join('\n')}`,
    );
  }
  for (const description of texts) {
    testInfo.annotations.push({ type: 'Power-Up problem', description });
    console.warn(`powerup-secrets: ${testInfo.title}: ${description}`);
  }
}

export const expect = baseExpect.extend(matchers);

export { scenarios } from './scenarios.js';
export { Trello };
