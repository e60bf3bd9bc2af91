// SPDX-License-Identifier: MIT
// Matchers for expect.extend, which wait until what they say is so. They work with Playwright's expect
// and with others of its form (Jest, Vitest).
import { setTimeout as wait } from 'node:timers/promises';

const TIMEOUT_MS = 5_000;
const INTERVAL_MS = 50;

/**
 * @typedef {object} Outcome
 * @property {boolean} pass
 * @property {string} said  what was found instead
 */

/**
 * @typedef {object} MatcherContext  what expect gives as `this`
 * @property {boolean} [isNot]
 * @property {number} [timeout]
 * @property {{printExpected?: (value: unknown) => string}} [utils]
 */

/**
 * @param {MatcherContext} context
 * @param {string} expected  what should be, as the end of "expected the Power-Up to …"
 * @param {() => Promise<Outcome>} look
 */
async function eventually({ isNot = false, timeout = TIMEOUT_MS }, expected, look) {
  const end = performance.now() + timeout;
  let outcome = await look();
  while (outcome.pass === isNot && performance.now() < end) {
    await wait(INTERVAL_MS);
    outcome = await look();
  }
  const { pass, said } = outcome;
  return {
    pass,
    message: () => `expected the Power-Up ${isNot ? 'not ' : ''}to ${expected}, but ${said}`,
  };
}

/** @param {unknown} value */
const show = (value) => JSON.stringify(value);

export const matchers = {
  /**
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} key
   * @param {string | RegExp} [value]
   */
  toHaveSecret(trello, key, value) {
    const expected = `have the secret ${show(key)}${value === undefined ? '' : ` with ${value instanceof RegExp ? value : show(value)}`}`;
    return eventually(this, expected, async () => {
      const found = await trello.secret(key);
      const pass =
        found !== null &&
        (value === undefined || (value instanceof RegExp ? value.test(found) : found === value));
      return { pass, said: found === null ? 'there is none' : `it is ${show(found)}` };
    });
  },

  /**
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} method  such as 'loadSecret'
   * @param {string} [key]
   */
  toHaveCalled(trello, method, key) {
    const expected = `have called ${method}${key === undefined ? '' : ` with the key ${show(key)}`}`;
    return eventually(this, expected, async () => {
      const calls = await trello.calls();
      const pass = calls.some(
        (call) => call.method === method && (key === undefined || call.detail.key === key),
      );
      const called = calls.map(
        (call) => call.method + (call.detail.key === undefined ? '' : `(${show(call.detail.key)})`),
      );
      return {
        pass,
        said: called.length === 0 ? 'it called nothing' : `it called ${called.join(', ')}`,
      };
    });
  },

  /**
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string | RegExp} text  in the message
   */
  toHaveAlerted(trello, text) {
    return eventually(
      this,
      `have alerted ${text instanceof RegExp ? text : show(text)}`,
      async () => {
        const messages = (await trello.alerts()).map(({ message }) => `${message}`);
        const pass = messages.some((message) =>
          text instanceof RegExp ? text.test(message) : message.includes(text),
        );
        return {
          pass,
          said: messages.length === 0 ? 'it alerted nothing' : `it alerted ${show(messages)}`,
        };
      },
    );
  },

  /**
   * Meant for expect(trello).not.toLeak(value): that it can be seen nowhere.
   *
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} value
   */
  async toLeak(trello, value) {
    if (value === '') {
      throw new Error('powerup-secrets: toLeak needs a value that is not empty.');
    }
    const look = async () => {
      const leaks = await trello.leaks(value);
      return {
        pass: leaks.length > 0,
        said:
          leaks.length > 0 ? `it is in ${leaks.join('\n and in ')}` : 'it is nowhere to be seen',
      };
    };
    // What has leaked stays so; there is nothing to wait for.
    const timeout = this.isNot ? 0 : this.timeout;
    return eventually({ isNot: this.isNot, timeout }, `show ${show(value)}`, look);
  },
};
