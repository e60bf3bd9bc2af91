// SPDX-License-Identifier: MIT
// The command line powerup-secrets, with one state folder.
import { isUtf8 } from 'node:buffer';
import { inWordsOfTheRunner } from './command-words.js';
import { Session } from './session.js';
import { visible } from './visible.js';

/** Exit statuses, as powerup-secrets(1) explains them. */
export const FAILED = 1;
const WRONG_USE = 2;
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
    super(visible(`${caller}: ${reason}`));
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

/**
 * @param {string} caller
 * @param {string | Uint8Array} input
 */
function textOf(caller, input) {
  const bytes = Buffer.from(input);
  if (!isUtf8(bytes)) {
    throw new CommandError(caller, WRONG_USE, 'the value is not UTF-8; Trello stores only text.');
  }
  return bytes.toString();
}

/**
 * @typedef {object} BatchCommand  one of several commands that take effect together
 * @property {string[]} args
 * @property {string} [input]
 * @property {string} caller  the call that messages name
 */

export class CommandLine {
  #program;
  #stateFolder;
  /** @type {() => boolean | Promise<boolean>} */
  #isBrowserOpen = () => false;
  /** @type {Session | undefined} */
  #session;

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

  /** @returns {Session} */
  #open() {
    if (this.#session === undefined || this.#session.hasEnded) {
      this.#session = new Session(this.#program);
    }
    return this.#session;
  }

  /** Ends the process that runs commands; the next command starts another. */
  close() {
    this.#session?.close();
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
    const { status, stdout, stderr } = await this.#open().run(
      [
        ...args.slice(0, words),
        '--state',
        this.#stateFolder,
        ...timeout,
        ...(isWaiting ? [] : ['--wait', '1']),
        ...args.slice(words),
      ],
      textOf(caller, input),
    );
    if (status !== 0) {
      throw new CommandError(caller, status, stderr, stdout);
    }
    return stdout;
  }

  /**
   * Runs commands in one step: all of them take effect, or none.
   *
   * @param {BatchCommand[]} commands
   */
  async batch(commands) {
    const lines = commands.map(({ args, input = '' }) => ({ arguments: args, input }));
    try {
      await this.run(['batch'], JSON.stringify(lines));
    } catch (error) {
      const [, place, rest] =
        /^command (\d+)(?:, [a-z -]+)?: ([^]*)$/m.exec(
          /** @type {CommandError} */ (error).reason,
        ) ?? [];
      throw place === undefined
        ? error
        : new CommandError(
            commands[Number(place) - 1].caller,
            /** @type {CommandError} */ (error).status,
            rest,
          );
    }
  }
}
