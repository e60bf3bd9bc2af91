// SPDX-License-Identifier: MIT
// Chromium with the extension in it, for every runner.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser'];

/** Branded browsers no longer load an unpacked extension that a test names. */
const BRANDED = /^(chrome|msedge)/;

/**
 * @param {string | undefined} channel
 */
export function refuseBranded(channel) {
  if (channel !== undefined && BRANDED.test(channel)) {
    throw new Error(
      `powerup-secrets: the channel "${channel}" is a branded browser, which loads no unpacked ` +
        'extension (Chrome 137 and later). Leave the channel out: Chromium and Chrome for Testing do.',
    );
  }
}

/**
 * @param {string} [preferred]  a runner's own
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
      'powerup-secrets: there is no Chromium on this machine. Install one ("npx playwright install ' +
        'chromium", or "apt-get install chromium"), or say where it is with the environment ' +
        'variable CHROMIUM.',
    );
  }
  return found;
}

/**
 * What keeps extensions out is left out.
 *
 * @param {boolean | string[] | undefined} ignored  default arguments that are left out already
 * @returns {true | string[]}
 */
export function withoutDisablingExtensions(ignored) {
  return ignored === true ? true : [...(ignored || []), '--disable-extensions'];
}

/**
 * @param {string[]} commandLine  of the running browser
 * @returns {string}  its profile
 */
export function profileOf(commandLine) {
  const NAME = '--user-data-dir=';
  const found = commandLine.find((argument) => argument.startsWith(NAME));
  if (found === undefined) {
    throw new Error(
      'powerup-secrets: the browser does not say where its profile is, into which the native ' +
        'manifest goes. Start it with a user data folder.',
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
 */
export async function installIntoChromium(send, installation) {
  /** @type {string[]} */
  let commandLine;
  try {
    ({ arguments: commandLine } = await send('Browser.getBrowserCommandLine'));
  } catch (error) {
    throw new Error(
      'powerup-secrets: the browser does not tell its command line. Start it with the arguments of ' +
        'trelloLaunchOptions(): --enable-automation, and without --disable-extensions.',
      { cause: error },
    );
  }
  if (commandLine.some((argument) => argument === '--disable-extensions')) {
    throw new Error(
      'powerup-secrets: the browser was started with --disable-extensions. Start it with ' +
        'trelloLaunchOptions(), or with ignoreDefaultArgs: ["--disable-extensions"].',
    );
  }
  installation.writeManifest('chromium', join(profileOf(commandLine), 'NativeMessagingHosts'));
  await send('Extensions.loadUnpacked', {
    path: installation.extension('chromium'),
    enableInIncognito: true,
  });
  await installation.connected();
}
