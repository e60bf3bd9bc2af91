// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** With it the room that a removed entry leaves in localStorage is free at once for pages in other
 * processes, so that nobody meets a storage mode that has ended. */
export const PREFERENCES = { 'dom.storage.snapshot_reusing': false };

/** @returns {string}  the path of a Firefox */
export function findFirefox() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = [
    process.env.FIREFOX,
    ...folders.flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => join(folder, name))),
  ].find((path) => path && existsSync(path));
  if (found === undefined) {
    throw new Error(
      'powerup-secrets: Firefox is not installed. Install it ("apt-get install ' +
        'firefox-esr"), or set the environment variable FIREFOX to its path.',
    );
  }
  return found;
}

/**
 * Firefox's safe mode starts no extension, and answers no driver.
 *
 * @param {string[]} args  of the command line
 */
export function refuseSafeMode(args) {
  const flag = args.find((argument) => /^--?safe-mode$/.test(argument));
  if (flag !== undefined) {
    throw new Error(
      `powerup-secrets: Firefox is to be started with ${flag}, which keeps every extension out. Start it without this flag.`,
    );
  }
}
