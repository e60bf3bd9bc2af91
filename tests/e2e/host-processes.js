// SPDX-License-Identifier: MIT
// The native hosts of a test. Of a process that is not dumpable nothing but its arguments can be
// read, so each is started under the name of its state folder.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * @param {string} text
 * @returns {string}  one word of a shell script
 */
export function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * @param {string} stateFolder
 * @returns {number[]}  the ids of the processes that were started under that name
 */
export function hostsOf(stateFolder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[0] === stateFolder;
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}

/** @param {number} pid */
export function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
