// SPDX-License-Identifier: MIT
// For Selenium: Chromium with the chromedriver of the same version, or Firefox with a geckodriver, and
// the extension in it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, Builder, logging } from 'selenium-webdriver';
import chrome from 'selenium-webdriver/chrome.js';
import firefox from 'selenium-webdriver/firefox.js';
import { Command } from 'selenium-webdriver/lib/command.js';
import { findChromium, refuseKeptOut } from './chromium.js';
import { findFirefox, PREFERENCES, refuseSafeMode } from './firefox.js';
import { Installation } from './installation.js';
import { observePage, requestAddress } from './observed.js';
import { resetTo } from './initial-state.js';
import { BUILD_OPTIONS, checkOptions } from './options.js';
import { refusing } from './test-call.js';
import { Trello } from './trello.js';

/** @typedef {import('selenium-webdriver').WebDriver} WebDriver */

/**
 * @typedef {import('./power-up.js').TrelloOptions & import('./initial-state.js').InitialState &
 *   import('./installation.js').InstallationOptions & {browser?: 'chrome' | 'firefox',
 *   chromeOptions?: chrome.Options, firefoxOptions?: firefox.Options, chromedriver?: string,
 *   geckodriver?: string}} SeleniumOptions  browser: default 'chrome' (that is Chromium); chromedriver,
 *   geckodriver: its path; default: what Selenium finds
 */

/**
 * Builds a driver for a headless browser with the extension.
 *
 * @param {SeleniumOptions} [options]
 * @returns {Promise<{driver: WebDriver, trello: Trello, quit: () => Promise<void>}>}  quit: ends the
 *   browser and removes its temporary files
 */
export async function build(options = {}) {
  checkOptions(refusing('build'), BUILD_OPTIONS, options);
  const installation = new Installation(options);
  const isFirefox = options.browser === 'firefox';
  /** @type {WebDriver | undefined} */
  let driver;
  const quit = async () => {
    await driver?.quit();
    installation.close();
  };
  try {
    await resetTo(installation.commandLine, options);
    driver = isFirefox
      ? await buildFirefox(options, installation)
      : await buildChromium(options, installation);
    if (!isFirefox) {
      await checkChromium(driver, installation);
    }
    await installation.connected(isOpen(driver));
    const page = await driverOf(driver, !isFirefox);
    const trello = new Trello(installation.commandLine, page, options);
    return { driver, trello, quit };
  } catch (error) {
    await quit();
    throw error;
  }
}

/**
 * @param {SeleniumOptions} options
 * @param {Installation} installation
 */
function buildChromium({ chromeOptions = new chrome.Options(), chromedriver }, installation) {
  const profile = join(installation.temporaryFolder, 'profile');
  installation.writeManifest('chromium', join(profile, 'NativeMessagingHosts'));
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
  return new Builder()
    .forBrowser(Browser.CHROME)
    .setChromeOptions(chromeOptions)
    .setChromeService(new chrome.ServiceBuilder(chromedriver))
    .build();
}

/**
 * @param {WebDriver} driver
 * @param {Installation} installation
 */
async function checkChromium(driver, installation) {
  const told = await /** @type {chrome.Driver} */ (driver)
    .sendAndGetDevToolsCommand('Browser.getBrowserCommandLine', {})
    // Without --enable-automation, which chromedriver adds, it does not tell.
    .catch(() => ({ arguments: [] }));
  refuseKeptOut(/** @type {any} */ (told).arguments, installation.extension('chromium'));
}

/**
 * Firefox looks for native manifests below HOME, which it inherits from geckodriver.
 *
 * @param {SeleniumOptions} options
 * @param {Installation} installation
 */
async function buildFirefox({ firefoxOptions = new firefox.Options(), geckodriver }, installation) {
  refuseSafeMode(/** @type {any} */ (firefoxOptions).get('moz:firefoxOptions')?.args ?? []);
  const home = join(installation.temporaryFolder, 'home');
  mkdirSync(home);
  installation.writeManifest('firefox', join(home, '.mozilla/native-messaging-hosts'));
  firefoxOptions.setBinary(findFirefox());
  firefoxOptions.addArguments('-headless');
  for (const [name, value] of Object.entries(PREFERENCES)) {
    firefoxOptions.setPreference(name, value);
  }
  const service = new firefox.ServiceBuilder(geckodriver);
  service.setEnvironment({ .../** @type {any} */ (process.env), HOME: home });
  const driver = await new Builder()
    .forBrowser(Browser.FIREFOX)
    .setFirefoxOptions(firefoxOptions)
    .setFirefoxService(service)
    .build();
  // Selenium's installAddon takes an archive; geckodriver accepts a folder too.
  await driver.execute(
    new Command('install addon')
      .setParameter('path', installation.extension('firefox'))
      .setParameter('temporary', true),
  );
  return driver;
}

/**
 * @param {WebDriver} driver
 * @returns {() => Promise<boolean>}  until it has been quit
 */
const isOpen = (driver) => () =>
  driver.getSession().then(
    () => true,
    () => false,
  );

/**
 * @param {WebDriver} driver
 * @param {boolean} hasLogs  whether the driver gives access to the pages' console
 * @returns {Promise<import('./power-up.js').Driver>}
 */
async function driverOf(driver, hasLogs) {
  let address = await driver.getCurrentUrl();
  /** @type {string[]} */
  const recorded = [];
  const listen = async () => {
    const entries = hasLogs ? await driver.manage().logs().get(logging.Type.BROWSER) : [];
    recorded.push(...entries.map(({ message }) => `the console: ${message}`));
    const requested = await driver.executeScript(
      "return performance.getEntriesByType('resource').map(({ name }) => name)",
    );
    recorded.push(...[address, .../** @type {string[]} */ (requested)].map(requestAddress));
  };
  return {
    async goto(next) {
      await listen(); // the previous page's messages are lost after navigation
      await driver.get(next);
      address = next;
      const status = await driver.executeScript(
        "return performance.getEntriesByType('navigation')[0]?.responseStatus",
      );
      return /** @type {number | null} */ (status) || undefined; // 0: it did not come by HTTP
    },
    address: () => address,
    async currentAddress() {
      address = await driver.getCurrentUrl();
      return address;
    },
    frameAddresses: () =>
      driver.executeScript("return [...document.querySelectorAll('iframe')].map(({ src }) => src)"),
    async observed() {
      await listen();
      return [.../** @type {string[]} */ (await driver.executeScript(observePage)), ...recorded];
    },
  };
}

export { Trello };
