// SPDX-License-Identifier: MIT
// For Selenium: Chromium, with the chromedriver of the same version, and the extension in it.
import { join } from 'node:path';
import { Browser, Builder, logging } from 'selenium-webdriver';
import chrome from 'selenium-webdriver/chrome.js';
import { findChromium } from './chromium.js';
import { Installation } from './installation.js';
import { addressOf, lookAtPage } from './look.js';
import { putData, resetTo } from './scene.js';
import { Trello } from './trello.js';

/** @typedef {import('selenium-webdriver').WebDriver} WebDriver */

/**
 * @typedef {import('./trello.js').TrelloOptions & import('./scene.js').Scene &
 *   import('./installation.js').InstallationOptions & {chromeOptions?: chrome.Options,
 *   chromedriver?: string}} SeleniumOptions  chromedriver: its path; default: what Selenium finds
 */

/**
 * Builds a driver for a headless Chromium with the extension.
 *
 * @param {SeleniumOptions} [options]
 * @returns {Promise<{driver: WebDriver, trello: Trello, quit: () => Promise<void>}>}  quit: ends the
 *   browser, and what was made for it goes
 */
export async function build(options = {}) {
  const installation = new Installation(options);
  const profile = join(installation.temporaryFolder, 'profile');
  installation.writeManifest('chromium', join(profile, 'NativeMessagingHosts'));
  const chromeOptions = options.chromeOptions ?? new chrome.Options();
  chromeOptions.setChromeBinaryPath(findChromium());
  chromeOptions.addArguments(
    '--headless=new',
    `--user-data-dir=${profile}`,
    `--load-extension=${installation.extension('chromium')}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  );
  const preferences = new logging.Preferences();
  preferences.setLevel(logging.Type.BROWSER, logging.Level.ALL);
  chromeOptions.setLoggingPrefs(preferences);
  /** @type {WebDriver | undefined} */
  let driver;
  const quit = async () => {
    await driver?.quit();
    installation.close();
  };
  try {
    await resetTo(installation.commandLine, options);
    driver = await new Builder()
      .forBrowser(Browser.CHROME)
      .setChromeOptions(chromeOptions)
      .setChromeService(new chrome.ServiceBuilder(options.chromedriver))
      .build();
    await installation.connected();
    const trello = new Trello(installation.commandLine, await driverOf(driver), options);
    await putData(trello, options.data);
    return { driver, trello, quit };
  } catch (error) {
    await quit();
    throw error;
  }
}

/**
 * @param {WebDriver} driver
 * @returns {Promise<import('./trello.js').Driver>}
 */
async function driverOf(driver) {
  let address = await driver.getCurrentUrl();
  /** @type {string[]} */
  const heard = [];
  const listen = async () => {
    const entries = await driver.manage().logs().get(logging.Type.BROWSER);
    heard.push(...entries.map(({ message }) => `the console: ${message}`));
    const requested = await driver.executeScript(
      "return performance.getEntriesByType('resource').map(({ name }) => name)",
    );
    heard.push(...[address, .../** @type {string[]} */ (requested)].map(addressOf));
  };
  return {
    async goto(next) {
      await listen(); // what the page before it said is gone afterwards
      await driver.get(next);
      address = next;
    },
    address: () => address,
    async seen() {
      await listen();
      return [.../** @type {string[]} */ (await driver.executeScript(lookAtPage)), ...heard];
    },
  };
}

export { Trello };
