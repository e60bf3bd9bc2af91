// SPDX-License-Identifier: MIT
// Chromium with the extension, for every runner.
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const NAMES = ['chromium', 'chromium-browser'];

/** Branded browsers no longer load unpacked extensions from the command line. */
const BRANDED = /^(chrome|msedge)/;

/**
 * @param {string | undefined} channel
 */
export function refuseBranded(channel) {
  if (channel !== undefined && BRANDED.test(channel)) {
    throw new Error(
      `powerup-secrets: the channel "${channel}" is a branded browser, which cannot load ` +
        'unpacked extensions (Chrome 137 and later). Remove the channel, and use Chromium or Chrome for Testing.',
    );
  }
}

/**
 * @param {string} [preferred]  the runner's own
 * @returns {string}
 */
export function findChromium(preferred) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = [
    process.env.CHROMIUM,
    preferred,
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ].find((path) => path && existsSync(path));
  if (found === undefined) {
    throw new Error(
      'powerup-secrets: Chromium is not installed. Install it ("npx playwright install ' +
        'chromium", or "apt-get install chromium"), or set the environment variable CHROMIUM ' +
        'to its path.',
    );
  }
  return found;
}

/**
 * Playwright's and Puppeteer's option ignoreDefaultArgs, with --disable-extensions added.
 *
 * @param {boolean | string[] | undefined} ignored  as the user has set it
 * @returns {true | string[]}
 */
export function withoutDisablingExtensions(ignored) {
  return ignored === true ? true : [...(ignored || []), '--disable-extensions'];
}

/** @param {string} folder */
const realFolder = (folder) => (existsSync(folder) ? realpathSync(folder) : resolve(folder));

/**
 * Refuses a browser whose command line keeps the extension out: it would never connect, and would not say why.
 *
 * @param {string[]} commandLine  of the running browser
 * @param {string} extension  its folder
 * @param {string} [advice]  about --disable-extensions
 */
export function refuseKeptOut(commandLine, extension, advice = 'Start it without this flag.') {
  const EXCEPT = /^--?disable-extensions-except(?:=|$)/;
  // The last one counts, and it takes precedence over --disable-extensions.
  const except = commandLine.filter((argument) => EXCEPT.test(argument)).at(-1);
  const flag = except ?? commandLine.find((argument) => /^--?disable-extensions$/.test(argument));
  const excepted = except?.replace(EXCEPT, '').split(',').filter(Boolean) ?? [];
  if (flag === undefined || excepted.map(realFolder).includes(realFolder(extension))) {
    return;
  }
  const all = [...excepted, extension].join(',');
  throw new Error(
    `powerup-secrets: the browser was started with ${flag}, which keeps the extension out. ` +
      (except === undefined
        ? advice
        : `Start it without this flag, or with --disable-extensions-except=${all}.`),
  );
}

/**
 * @param {string[]} commandLine  of the running browser
 * @returns {string}  its profile
 */
function profileOf(commandLine) {
  const NAME = '--user-data-dir=';
  const found = commandLine.find((argument) => argument.startsWith(NAME));
  if (found === undefined) {
    throw new Error(
      'powerup-secrets: the browser has no --user-data-dir on its command line, so the native ' +
        'manifest cannot be installed. Start it with a user data folder.',
    );
  }
  return found.slice(NAME.length);
}

/**
 * Loads the extension into a running Chromium, for all of its contexts, and waits until it has
 * reached its host.
 *
 * @param {(method: string, parameters?: object) => Promise<any>} send  a command of the DevTools
 *   protocol, to the browser
 * @param {import('./installation.js').Installation} installation
 * @param {() => boolean} isOpen  whether the browser still is
 */
export async function installIntoChromium(send, installation, isOpen) {
  /** @type {string[]} */
  let commandLine;
  try {
    ({ arguments: commandLine } = await send('Browser.getBrowserCommandLine'));
  } catch (error) {
    throw new Error(
      'powerup-secrets: the browser does not report its command line. Start it with the options of ' +
        'trelloLaunchOptions(): with --enable-automation, and without --disable-extensions.',
      { cause: error },
    );
  }
  const extension = installation.extension('chromium');
  refuseKeptOut(
    commandLine,
    extension,
    'Start it with trelloLaunchOptions(), or with ignoreDefaultArgs: ["--disable-extensions"].',
  );
  installation.writeManifest('chromium', join(profileOf(commandLine), 'NativeMessagingHosts'));
  await send('Extensions.loadUnpacked', { path: extension, enableInIncognito: true });
  await installation.connected(isOpen);
}
