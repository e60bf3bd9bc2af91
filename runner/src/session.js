// SPDX-License-Identifier: MIT
// One process that runs commands line by line (powerup-secrets session): starting one for each command would
// take longer than most commands.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} Ended  a command that has ended
 * @property {number | null} status  its exit status; null: the session ended before it
 * @property {string} stdout
 * @property {string} stderr
 */

/** This process may end while no command runs, and the session's then ends, too. */
export class Session {
  #child;
  /** @type {Promise<void>} */
  #ended;
  /** Commands that run. @type {Map<number, (ended: Ended) => void>} */
  #running = new Map();
  #lastId = 0;
  /** Whether it takes no commands any more. */
  hasEnded = false;

  /**
   * @param {string} program  the built powerup-secrets
   * @param {import('node:child_process').SpawnOptionsWithoutStdio} [options]
   */
  constructor(program, options = {}) {
    const child = spawn(program, ['session'], options);
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    child.stdin.on('error', () => {}); // it has ended: 'close' says so
    child.on('error', (error) => (said += error.message));
    /** @type {Promise<unknown>} */
    const closed = new Promise((resolve) => child.on('close', resolve));
    this.#ended = closed.then(() => {
      this.hasEnded = true;
      const reason = said.trim() || 'its process was ended';
      for (const resolve of this.#running.values()) {
        resolve({ status: null, stdout: '', stderr: `the command line ended: ${reason}` });
      }
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#receive(JSON.parse(line)));
    this.#child = child;
    this.#holdThisProcess(false);
  }

  /**
   * @param {string[]} args
   * @param {string} input  for the command's standard input
   * @returns {Promise<Ended>}
   */
  run(args, input) {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      this.#running.set(id, resolve);
      this.#holdThisProcess(true);
      this.#child.stdin.write(`${JSON.stringify({ id, arguments: args, input })}\n`);
    });
  }

  /**
   * Ends it, when the commands that run have ended.
   *
   * @returns {Promise<void>}  fulfilled when its process has ended; this one waits for it
   */
  close() {
    this.hasEnded = true;
    this.#holdThisProcess(true);
    this.#child.stdin.end();
    return this.#ended;
  }

  /** @param {Ended & {id: number}} answer */
  #receive({ id, ...ended }) {
    this.#running.get(id)?.(ended);
    this.#running.delete(id);
    this.#holdThisProcess(this.#running.size > 0 || this.hasEnded);
  }

  /** @param {boolean} holds */
  #holdThisProcess(holds) {
    const { stdin, stdout, stderr } = this.#child;
    for (const part of [this.#child, stdin, stdout, stderr]) {
      const handle = /** @type {{ref: () => void, unref: () => void}} */ (
        /** @type {any} */ (part)
      );
      holds ? handle.ref() : handle.unref();
    }
  }
}
