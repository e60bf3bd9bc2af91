// SPDX-License-Identifier: MIT
// One call that a test makes, which every message about it names: trello.answer('cardd', …): …
import { CommandError, FAILED } from './command-line.js';
import { harmless, visible } from './visible.js';

/** What a handler's error without a message is about, by its code. @type {Record<string, string>} */
const NO_MESSAGE = {
  'not handled': 'the handler answered t.NotHandled, without a message',
  '':
    'the handler failed with something that has no message, and Trello learns no more; ' +
    "the page's console has it",
};

/**
 * A value as a test writes it, as far as a message needs it.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function shown(value) {
  if (typeof value === 'string') {
    return `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
  }
  if (Array.isArray(value)) {
    return '[…]';
  }
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

/**
 * @param {string} method  of Trello
 * @param {unknown[]} args  those that messages may show: never a secret
 * @param {boolean} [hasMore]  whether there are others
 */
export const callText = (method, args, hasMore = false) =>
  `trello.${method}(${[...args.map(shown), ...(hasMore ? ['…'] : [])].join(', ')})`;

/**
 * @param {string} caller  as messages name it
 */
export const refusing = (caller) => ({
  /**
   * @param {string} reason
   * @returns {never}
   */
  refuse(reason) {
    throw new Error(visible(`${caller}: ${reason}`));
  },
});

export class TestCall {
  #commandLine;

  /**
   * @param {import('./command-line.js').CommandLine} commandLine
   * @param {string} caller  as messages name it
   */
  constructor(commandLine, caller) {
    this.#commandLine = commandLine;
    this.caller = caller;
  }

  /**
   * @param {string} reason
   * @returns {never}
   */
  refuse(reason) {
    return refusing(this.caller).refuse(reason);
  }

  /**
   * @param {string[]} args
   * @param {string | Uint8Array} [input]
   */
  run(args, input) {
    return this.#commandLine.run(args, input, this.caller);
  }

  /**
   * @param {string[]} args
   * @returns {Promise<any>}  what a command with --json printed
   */
  async json(args) {
    return JSON.parse(await this.run([...args, '--json']));
  }

  /**
   * Calls a handler or a callback of a page.
   *
   * @param {string[]} args
   * @returns {Promise<{response: any, page?: string | null}>}  its result, and the id of the page
   * @throws {Error}  the Power-Up's own, with its message, in which nothing acts on a terminal, and its code
   */
  async invoke(args) {
    const { success, response, page } = await this.json(args).catch((error) => {
      if (error instanceof CommandError && error.status === FAILED && error.stdout !== '') {
        return JSON.parse(error.stdout);
      }
      throw error;
    });
    if (success) {
      return { response, page };
    }
    const { code, message = NO_MESSAGE[code] ?? NO_MESSAGE[''] } = response ?? {};
    throw Object.assign(new Error(harmless(`${message}`)), code === undefined ? {} : { code });
  }
}
