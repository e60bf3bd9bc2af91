// SPDX-License-Identifier: MIT
// For Puppeteer: Chromium or Firefox with the extension in it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import {
  findChromium,
  refuseBranded,
  refuseKeptOut,
  withoutDisablingExtensions,
} from './chromium.js';
import { findFirefox, PREFERENCES, refuseSafeMode } from './firefox.js';
import { Installation } from './installation.js';
import { observePage, requestAddress } from './observed.js';
import { resetTo } from './initial-state.js';
import { checkOptions, LAUNCH_OPTIONS } from './options.js';
import { refusing } from './test-call.js';
import { Trello } from './trello.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').LaunchOptions} LaunchOptions */
/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @typedef {import('./power-up.js').TrelloOptions & import('./initial-state.js').InitialState &
 *   import('./installation.js').InstallationOptions & {launchOptions?: LaunchOptions}} PuppeteerOptions
 *   launchOptions: for puppeteer.launch; `browser` in it is 'chrome' (that is Chromium) or 'firefox'
 */

/**
 * Launches a browser with the extension.
 *
 * @param {PuppeteerOptions} [options]
 * @returns {Promise<{browser: Browser, page: Page, trello: Trello, close: () => Promise<void>}>}  close:
 *   closes the browser and removes its temporary files
 */
export async function launch(options = {}) {
  checkOptions(refusing('launch'), LAUNCH_OPTIONS, options);
  const installation = new Installation(options);
  const { launchOptions = {} } = options;
  const isFirefox = launchOptions.browser === 'firefox';
  /** @type {Browser | undefined} */
  let started;
  const close = async () => {
    await started?.close();
    installation.close();
  };
  try {
    await resetTo(installation.commandLine, options);
    const browser = await (isFirefox ? startFirefox : startChromium)(launchOptions, installation);
    started = browser;
    await (isFirefox ? loadIntoFirefox : checkChromium)(browser, installation);
    await installation.connected(() => browser.connected);
    const [page = await browser.newPage()] = await browser.pages();
    const trello = new Trello(installation.commandLine, driverOf(page), options);
    return { browser, page, trello, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {LaunchOptions} options
 * @param {Installation} installation
 */
function startChromium(options, installation) {
  refuseBranded(options.channel);
  const profile = options.userDataDir ?? join(installation.temporaryFolder, 'profile');
  installation.writeManifest('chromium', join(profile, 'NativeMessagingHosts'));
  return puppeteer.launch({
    ...options,
    executablePath: options.executablePath ?? findChromium(),
    userDataDir: profile,
    pipe: true,
    enableExtensions: [installation.extension('chromium')],
    ignoreDefaultArgs: withoutDisablingExtensions(options.ignoreDefaultArgs),
    args: [...(options.args ?? []), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/**
 * @param {Browser} browser
 * @param {Installation} installation
 */
async function checkChromium(browser, installation) {
  const session = await browser.target().createCDPSession();
  const { arguments: commandLine } = await session
    .send('Browser.getBrowserCommandLine')
    // Without --enable-automation it does not tell.
    .catch(() => ({ arguments: browser.process()?.spawnargs ?? [] }));
  await session.detach();
  refuseKeptOut(commandLine, installation.extension('chromium'));
}

/**
 * Firefox looks for native manifests below HOME, not in its profile.
 *
 * @param {LaunchOptions} options
 * @param {Installation} installation
 */
function startFirefox(options, installation) {
  refuseSafeMode(options.args ?? []);
  const home = join(installation.temporaryFolder, 'home');
  mkdirSync(home);
  installation.writeManifest('firefox', join(home, '.mozilla/native-messaging-hosts'));
  return puppeteer.launch({
    ...options,
    executablePath: options.executablePath ?? findFirefox(),
    env: { ...process.env, ...options.env, HOME: home },
    extraPrefsFirefox: { ...PREFERENCES, ...options.extraPrefsFirefox },
  });
}

/**
 * @param {Browser} browser
 * @param {Installation} installation
 */
async function loadIntoFirefox(browser, installation) {
  await browser.installExtension(installation.extension('firefox'));
}

/**
 * @param {Page} page
 * @returns {import('./power-up.js').Driver}
 */
function driverOf(page) {
  /** @type {string[]} */
  const recorded = [];
  page.on('console', (message) => recorded.push(`the console: ${message.text()}`));
  page.on('request', (request) => recorded.push(requestAddress(request.url())));
  return {
    goto: async (address) => (await page.goto(address))?.status(),
    address: () => page.url(),
    currentAddress: async () => page.url(),
    frameAddresses: async () =>
      page
        .frames()
        .slice(1)
        .map((one) => one.url()),
    async observed() {
      const shown = await Promise.all(page.frames().map((frame) => frame.evaluate(observePage)));
      return [...shown.flat(), ...recorded];
    },
  };
}

export { Trello };
