// SPDX-License-Identifier: MIT
// For Playwright: test and expect with the fixture `trello`.
import { setTimeout as wait } from 'node:timers/promises';
import { expect as baseExpect, test as base } from '@playwright/test';
import { checkWord } from './checks.js';
import {
  findChromium,
  installIntoChromium,
  refuseBranded,
  withoutDisablingExtensions,
} from './chromium.js';
import { Installation } from './installation.js';
import { observePage, requestAddress } from './observed.js';
import { matchers } from './matchers.js';
import { resetTo } from './initial-state.js';
import { ATTACH_OPTIONS, checkOptions } from './options.js';
import { refusing } from './test-call.js';
import { Trello } from './trello.js';

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */
/** @typedef {import('@playwright/test').LaunchOptions} LaunchOptions */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./initial-state.js').InitialState} InitialState */

const PROBLEMS = /** @type {const} */ (['ignore', 'warn', 'fail']);

/**
 * @typedef {object} TrelloTestOptions
 * @property {'documented' | 'library'} trelloFidelity  what secret calls follow: Trello's documentation or its library
 * @property {string | null | undefined} trelloMember  who is signed in; null: nobody
 * @property {Record<string, any>} trelloContext  added to the context that pages are opened with
 * @property {NonNullable<InitialState['data']>} trelloData  plugin data at the start of a test
 * @property {typeof PROBLEMS[number]} trelloProblems  what to do about misuse that was observed
 */

/**
 * @typedef {object} TrelloWorkerOptions
 * @property {string} trelloHost  folder with the built host; default: the package's own
 */

/** @typedef {TrelloTestOptions & {trello: Trello}} TrelloFixtures */
/** @typedef {TrelloWorkerOptions & {trelloInstallation: Installation}} TrelloWorkerFixtures */

/** Playwright disables features that disturb tests, among them storage partitioning, without which
 * Chromium denies an embedded page all storage. The last list takes precedence, so this is Playwright's
 * list without that feature. */
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
 * The launch options that attachTrello needs to load the extension.
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
    () => browser.isConnected(),
  );
  await session.detach();
}

/** Chromium shows a page of its own for failures, except for what leaves the old page, such as a download. */
const HAS_ERROR_PAGE = /\bnet::ERR_(?!ABORTED\b)/;

/** How long that page may take; then the test goes on without it. */
const ERROR_PAGE_MS = 5_000;

/**
 * A navigation that fails is over for Playwright before Chromium shows its error page, which would
 * interrupt the next navigation. So the failure is told when that page is there.
 *
 * @param {Page} page
 * @param {string} address
 */
async function goto(page, address) {
  /** @type {(frame: import('@playwright/test').Frame) => void} */
  let onNavigated = () => {};
  const failed = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      onNavigated = (frame) => {
        if (frame === page.mainFrame() && frame.url().startsWith('chrome-error:')) {
          resolve();
        }
      };
    })
  );
  page.on('framenavigated', onNavigated);
  try {
    return await page.goto(address);
  } catch (error) {
    if (HAS_ERROR_PAGE.test(/** @type {Error} */ (error).message)) {
      await Promise.race([failed, wait(ERROR_PAGE_MS, undefined, { ref: false })]);
    }
    throw error;
  } finally {
    page.off('framenavigated', onNavigated);
  }
}

/**
 * @param {() => BrowserContext[]} currentContexts  whose pages are observed
 * @param {() => Page | undefined} currentPage  the one to drive
 * @returns {import('./power-up.js').Driver}
 */
function driverOf(currentContexts, currentPage) {
  /** @type {string[]} */
  const recorded = [];
  /** @type {Set<BrowserContext>} */
  const listenedTo = new Set();
  function listen() {
    for (const context of currentContexts().filter((one) => !listenedTo.has(one))) {
      listenedTo.add(context);
      context.on('console', (message) => recorded.push(`the console: ${message.text()}`));
      context.on('request', (request) => recorded.push(requestAddress(request.url())));
    }
  }
  listen();
  const address = () => currentPage()?.url() ?? '';
  return {
    async goto(address) {
      listen();
      const page = currentPage();
      if (page === undefined) {
        throw new Error('powerup-secrets: no page is open. Open one with context.newPage().');
      }
      return (await goto(page, address))?.status();
    },
    address,
    currentAddress: async () => address(),
    frameAddresses: async () => (currentPage()?.frames() ?? []).slice(1).map((one) => one.url()),
    async observed() {
      const frames = currentContexts().flatMap((context) =>
        context.pages().flatMap((page) => page.frames()),
      );
      const shown = await Promise.all(frames.map((frame) => frame.evaluate(observePage)));
      return [...shown.flat(), ...recorded];
    },
  };
}

/**
 * For your own fixtures: loads the extension into a Chromium that was launched with
 * trelloLaunchOptions().
 *
 * @param {Browser | BrowserContext} browserOrContext  a browser with all of its contexts, or one
 *   context
 * @param {import('./power-up.js').TrelloOptions & InitialState & import('./installation.js').InstallationOptions &
 *   {page?: Page}} [options]  page: the one that trello.open() drives; default: the last one
 * @returns {Promise<Trello>}
 */
export async function attachTrello(browserOrContext, options = {}) {
  checkOptions(refusing('attachTrello'), ATTACH_OPTIONS, options);
  const isContext = 'pages' in browserOrContext;
  const browser = isContext ? browserOrContext.browser() : browserOrContext;
  if (browser === null) {
    throw new Error(
      'powerup-secrets: this context has no browser (context.browser() is null), so the extension cannot be loaded. Pass the browser, or a context of browser.newContext().',
    );
  }
  const installation = new Installation(options);
  installation.closeAtExit(); // what was stored can be read after the browser has ended
  const contexts = () => (isContext ? [browserOrContext] : browser.contexts());
  const lastPage = () =>
    contexts()
      .flatMap((context) => context.pages())
      .at(-1);
  const driver = driverOf(contexts, () => options.page ?? lastPage());
  await resetTo(installation.commandLine, options, driver);
  await install(browser, installation);
  return new Trello(installation.commandLine, driver, options);
}

/**
 * Makes two projects of one, so that every test runs in both fidelity settings.
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
            `powerup-secrets: Playwright's own ${browserName} cannot load extensions. Use chromium here, ` +
              'and powerup-secrets/puppeteer for Firefox.',
          );
        }
        if (connectOptions !== undefined) {
          throw new Error(
            'powerup-secrets: a browser of connectOptions is started elsewhere and cannot reach the ' +
              'host on this machine. Remove connectOptions.',
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

    // Every test starts from the same state, even one that does not use trello.
    trelloReset: [
      async (
        /** @type {any} */ {
          trelloInstallation,
          trelloFidelity,
          trelloMember,
          trelloContext,
          trelloData,
          baseURL,
        },
        /** @type {() => Promise<void>} */ use,
      ) => {
        await resetTo(trelloInstallation.commandLine, {
          fidelity: trelloFidelity,
          member: trelloMember,
          context: trelloContext,
          data: trelloData,
          baseURL,
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
        trelloProblems,
        baseURL,
        context,
        page,
      },
      /** @type {(value: Trello) => Promise<void>} */ use,
      /** @type {import('@playwright/test').TestInfo} */ testInfo,
    ) => {
      checkWord(refusing('test.use'), 'a value of trelloProblems', trelloProblems, PROBLEMS);
      const trello = new Trello(
        trelloInstallation.commandLine,
        driverOf(
          () => [context],
          () => page,
        ),
        { baseURL, member: trelloMember, context: trelloContext },
      );
      await use(trello);
      await reportProblems(trello, trelloProblems, testInfo);
    },
  }),
);

/**
 * @param {Trello} trello
 * @param {TrelloTestOptions['trelloProblems']} whatToDo
 * @param {import('@playwright/test').TestInfo} testInfo
 */
async function reportProblems(trello, whatToDo, testInfo) {
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
