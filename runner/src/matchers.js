// SPDX-License-Identifier: MIT
// Matchers for expect.extend, which wait until they pass. They work with Playwright's expect and with
// compatible ones (Jest, Vitest).
import { setTimeout as wait } from 'node:timers/promises';

const TIMEOUT_MS = 5_000;
const INTERVAL_MS = 50;

/**
 * @typedef {object} Outcome
 * @property {boolean} pass
 * @property {string} found  the actual state, as the end of "… but"
 */

/**
 * @typedef {object} MatcherContext  expect's `this`
 * @property {boolean} [isNot]
 * @property {number} [timeout]
 * @property {{printExpected?: (value: unknown) => string}} [utils]
 */

/**
 * @param {MatcherContext} context
 * @param {string} expected  the expected state, as the end of "expected the Power-Up to …"
 * @param {() => Promise<Outcome>} check
 */
async function eventually({ isNot = false, timeout = TIMEOUT_MS }, expected, check) {
  const end = performance.now() + timeout;
  let outcome = await check();
  while (outcome.pass === isNot && performance.now() < end) {
    await wait(INTERVAL_MS);
    outcome = await check();
  }
  const { pass, found } = outcome;
  return {
    pass,
    message: () => `expected the Power-Up ${isNot ? 'not ' : ''}to ${expected}, but ${found}`,
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
      const secret = await trello.secret(key);
      const pass =
        secret !== null &&
        (value === undefined || (value instanceof RegExp ? value.test(secret) : secret === value));
      return { pass, found: secret === null ? 'there is none' : `it is ${show(secret)}` };
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
        found: called.length === 0 ? 'it called nothing' : `it called ${called.join(', ')}`,
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
          found: messages.length === 0 ? 'it alerted nothing' : `it alerted ${show(messages)}`,
        };
      },
    );
  },

  /**
   * For expect(trello).not.toLeak(value): the value cannot be seen anywhere.
   *
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} value
   */
  async toLeak(trello, value) {
    if (value === '') {
      throw new Error('powerup-secrets: toLeak needs a non-empty value.');
    }
    const check = async () => {
      const leaks = await trello.leaks(value);
      return {
        pass: leaks.length > 0,
        found:
          leaks.length > 0 ? `it is in ${leaks.join('\n and in ')}` : 'it cannot be seen anywhere',
      };
    };
    // A leak does not go away, so there is no need to wait.
    const timeout = this.isNot ? 0 : this.timeout;
    return eventually({ isNot: this.isNot, timeout }, `show ${show(value)}`, check);
  },
};
