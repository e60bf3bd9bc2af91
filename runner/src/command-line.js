// SPDX-License-Identifier: MIT
// The command line powerup-secrets, with one state folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** The exit status for something that does not exist. */
export const ABSENT = 4;

/** A command that ended with a status other than 0. */
export class CommandError extends Error {
  /**
   * @param {string[]} args
   * @param {number | null} status  the exit status, as powerup-secrets(1) explains it
   * @param {string} stderr
   */
  constructor(args, status, stderr) {
    const message = stderr.trim() || `it ended with status ${status} and no message.`;
    super(
      message.startsWith('powerup-secrets: ') ? message : `powerup-secrets ${args[0]}: ${message}`,
    );
    this.name = 'CommandError';
    this.status = status;
  }
}

/** How long a browser may take to confirm, in seconds: test machines are busy. */
const CONFIRM_SECONDS = '15';

export class CommandLine {
  #program;
  #stateFolder;

  /**
   * @param {string} program  the built powerup-secrets
   * @param {string} stateFolder
   */
  constructor(program, stateFolder) {
    this.#program = program;
    this.#stateFolder = stateFolder;
  }

  /**
   * @param {string[]} args  the command first; its options come before its operands
   * @param {string | Uint8Array} [input]  for its standard input
   * @returns {Promise<string>}  its standard output
   * @throws {CommandError}
   */
  async run(args, input = '') {
    const words = args[0] === 'item' || args[0] === 'plugin-data' ? 2 : 1;
    const timeout = args.includes('--timeout') ? [] : ['--timeout', CONFIRM_SECONDS];
    const child = spawn(this.#program, [
      ...args.slice(0, words),
      '--state',
      this.#stateFolder,
      ...timeout,
      ...args.slice(words),
    ]);
    child.stdin.on('error', () => {}); // a command that reads no input may have ended already
    child.stdin.end(input);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (status !== 0) {
      throw new CommandError(args, status, stderr);
    }
    return stdout;
  }

  /**
   * @param {string[]} args
   * @param {string | Uint8Array} [input]
   * @returns {Promise<any>}  what a command with --json printed
   */
  async json(args, input) {
    return JSON.parse(await this.run([...args, '--json'], input));
  }
}
