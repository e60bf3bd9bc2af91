// SPDX-License-Identifier: MIT
// The command line powerup-secrets, with one state folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inWordsOfTheRunner } from './command-words.js';

/** Exit statuses, as powerup-secrets(1) explains them. */
export const FAILED = 1;
export const ABSENT = 4;
export const NOT_DECRYPTED = 5;

/** A command that ended with a status other than 0. */
export class CommandError extends Error {
  /**
   * @param {string} caller  the call of the runner that ran it
   * @param {number | null} status  the exit status, as powerup-secrets(1) explains it
   * @param {string} stderr
   * @param {string} [stdout]
   */
  constructor(caller, status, stderr, stdout = '') {
    const reason =
      inWordsOfTheRunner(stderr) || `the command line ended with status ${status} and no message.`;
    super(`${caller}: ${reason}`);
    this.name = 'CommandError';
    this.status = status;
    /** Why, without the call. */
    this.reason = reason;
    /** What it printed nevertheless. */
    this.stdout = stdout;
  }
}

/** How long a browser may take to confirm, in seconds: test machines are busy. */
const CONFIRM_SECONDS = '15';

export class CommandLine {
  #program;
  #stateFolder;
  /** @type {() => boolean | Promise<boolean>} */
  #isBrowserOpen = () => false;

  /**
   * @param {string} program  the built powerup-secrets
   * @param {string} stateFolder
   */
  constructor(program, stateFolder) {
    this.#program = program;
    this.#stateFolder = stateFolder;
  }

  /**
   * From now on every command demands that a browser confirms, as long as there is one: without this, a
   * command would succeed when the browser's host or extension is gone, and be in force nowhere.
   *
   * @param {() => boolean | Promise<boolean>} isBrowserOpen
   */
  demandConfirmation(isBrowserOpen) {
    this.#isBrowserOpen = isBrowserOpen;
  }

  /**
   * @param {string[]} args  the command first; its options come before its operands
   * @param {string | Uint8Array} [input]  for its standard input
   * @param {string} [caller]  the call that messages name
   * @returns {Promise<string>}  its standard output
   * @throws {CommandError}
   */
  async run(args, input = '', caller = 'powerup-secrets') {
    const words = args[0] === 'plugin-data' ? 2 : 1;
    const timeout = args.includes('--timeout') ? [] : ['--timeout', CONFIRM_SECONDS];
    const isWaiting = args.includes('--wait') || !(await this.#isBrowserOpen());
    const child = spawn(
      this.#program,
      [
        ...args.slice(0, words),
        '--state',
        this.#stateFolder,
        ...timeout,
        ...(isWaiting ? [] : ['--wait', '1']),
        ...args.slice(words),
      ],
      { env: { ...process.env, POWERUP_SECRETS_RUNNER: '1' } },
    );
    child.stdin.on('error', () => {}); // a command that reads no input may have ended already
    child.stdin.end(input);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (status !== 0) {
      throw new CommandError(caller, status, stderr, stdout);
    }
    return stdout;
  }
}
