// SPDX-License-Identifier: MIT
// A real headless browser with the extension in it and the native host beside it. Everything that
// it writes is in the folders that the caller names.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { PATIENCE_MS } from './patience.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What was built: the extension, the native manifests, the host. */
export const buildFolder = process.env.POWERUP_SECRETS_BUILD ?? join(root, 'build/release');

export const identity = JSON.parse(readFileSync(join(root, 'extension/identity.json'), 'utf8'));

/** Nothing but loopback: the names below .localhost and .test are this machine, no other is found. */
const HOST_RULES =
  'MAP *.localhost 127.0.0.1, MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** @typedef {import('puppeteer-core').Browser} Browser */

/** For starting a browser and for each message to it. */
const LIMITS = { timeout: PATIENCE_MS, protocolTimeout: PATIENCE_MS };

/** Firefox makes one up for each profile; tests give it this one. */
const FIREFOX_EXTENSION_UUID = '4f1c1f9e-0d4f-4a53-9d5c-6f2b3c1d7a10';

export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** The origin of the extension's own pages. @type {Record<string, string>} */
export const extensionOrigins = {
  chromium: `chrome-extension://${identity.chromiumExtensionId}`,
  firefox: `moz-extension://${FIREFOX_EXTENSION_UUID}`,
};

/**
 * @typedef {object} LaunchOptions
 * @property {string} profile  folder of the browser's own profile, made when missing
 * @property {string} stateFolder  the store
 * @property {string} [browserProfile]  name under which the store keeps this browser's items
 * @property {boolean} [installHost]  default true
 * @property {Record<string, unknown>} [firefoxPreferences]
 * @property {string[]} [chromiumArguments]
 * @property {string} [host]  another program than the built host
 * @property {string | false} [extension]  the folder of another extension with our id, or none
 */

/**
 * Installs the host for one profile.
 *
 * @param {string} family  whose manifest: 'chromium' or 'firefox'
 * @param {string} folder  where that browser looks for native manifests
 * @param {string} [host]  another program than the built one
 */
function installHost(family, folder, host) {
  const name = `${identity.nativeHostName}.json`;
  const manifest = JSON.parse(readFileSync(join(buildFolder, 'manifest', family, name), 'utf8'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify({ ...manifest, path: host ?? manifest.path }));
}

/** @param {string} family */
const builtExtension = (family) => join(buildFolder, 'extension', family);

/** HOME of a browser: what it writes there goes with the profile. @param {string} profile */
export const homeOf = (profile) => join(profile, 'home');

/** What every browser of a test has in its environment. @param {LaunchOptions} options @param {string} home */
const environment = (options, home) => ({
  ...process.env,
  HOME: home,
  XDG_CONFIG_HOME: '',
  XDG_CACHE_HOME: '',
  POWERUP_SECRETS_DIR: options.stateFolder,
  POWERUP_SECRETS_BROWSER_PROFILE: options.browserProfile ?? '',
});

/**
 * @param {LaunchOptions} options
 * @returns {Promise<Browser>}
 */
async function launchChromium(options) {
  const home = homeOf(options.profile);
  mkdirSync(home, { recursive: true });
  if (options.installHost ?? true) {
    installHost('chromium', join(options.profile, 'NativeMessagingHosts'), options.host);
  }
  return puppeteer.launch({
    ...LIMITS,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    userDataDir: options.profile,
    enableExtensions:
      options.extension === false ? true : [options.extension ?? builtExtension('chromium')],
    env: environment(options, home),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      `--host-resolver-rules=${HOST_RULES}`,
      ...(options.chromiumArguments ?? []),
    ],
  });
}

/**
 * Firefox finds native manifests below HOME and nowhere near its profile.
 *
 * @param {LaunchOptions} options
 * @returns {Promise<Browser>}
 */
async function launchFirefox(options) {
  const home = homeOf(options.profile);
  mkdirSync(home, { recursive: true });
  if (options.installHost ?? true) {
    installHost('firefox', join(home, '.mozilla/native-messaging-hosts'), options.host);
  }
  const browser = await puppeteer.launch({
    ...LIMITS,
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    userDataDir: options.profile,
    env: environment(options, home),
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1', // nothing but loopback
      'dom.storage.snapshot_reusing': false, // docs/fidelity.md says why
      ...options.firefoxPreferences,
      'extensions.webextensions.uuids': JSON.stringify({
        [identity.firefoxExtensionId]: FIREFOX_EXTENSION_UUID,
      }),
    },
  });
  if (options.extension !== false) {
    await browser.installExtension(options.extension ?? builtExtension('firefox'));
  }
  return browser;
}

/** Has all pages that a test opens wait as long as PATIENCE_MS. @param {Browser} browser */
function makePatient(browser) {
  const newPage = browser.newPage.bind(browser);
  browser.newPage = async (...options) => {
    const page = await newPage(...options);
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  };
  return browser;
}

/** @type {Record<string, (options: LaunchOptions) => Promise<Browser>>} */
export const launchers = {
  chromium: async (options) => makePatient(await launchChromium(options)),
  firefox: async (options) => makePatient(await launchFirefox(options)),
};

/**
 * Closes the extension's worker as a driver's user would.
 *
 * @param {Browser} browser
 */
export async function closeWorker(browser) {
  for (;;) {
    const target = await browser.waitForTarget((one) => one.type() === 'service_worker');
    try {
      await (await target.worker())?.close();
      return;
    } catch (error) {
      // Puppeteer may still list a worker that is gone; the next one is about to start.
      if (!/No (session|target) with given id|Target closed|Session closed/.test(`${error}`)) {
        throw error;
      }
    }
  }
}
