// SPDX-License-Identifier: MIT
// Matchers for expect.extend, which wait until they pass. They work with Playwright's expect and with
// compatible ones (Jest, Vitest).
import { setTimeout as wait } from 'node:timers/promises';
import { checkPattern, checkText, checkWord } from './checks.js';
import { CommandError, NOT_DECRYPTED } from './command-line.js';
import { RECORDED_METHODS } from './names.js';
import { checkOptions, LIMITS } from './options.js';
import { refusing, shown } from './test-call.js';
import { visible } from './visible.js';

const TIMEOUT_MS = 5_000;
const INTERVAL_MS = 50;

/** How much of a place is shown before and after what leaks there. */
const AROUND = 60;

/** @typedef {{timeout?: number}} Limits  timeout: how long to wait, in milliseconds */

/**
 * @typedef {object} Outcome
 * @property {boolean} pass
 * @property {string | (() => Promise<string>)} found  the actual state, as the end of "… but"; a function
 *   looks for more, when the matcher has failed
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
  const { pass } = outcome;
  const isText = typeof outcome.found === 'string' || pass !== isNot;
  const found = isText ? outcome.found : await /** @type {any} */ (outcome).found();
  return {
    pass,
    message: () =>
      visible(`expected the Power-Up ${isNot ? 'not ' : ''}to ${expected}, but ${found}`),
  };
}

/**
 * The options, which may stand in place of an argument that is left out.
 *
 * @template T
 * @param {MatcherContext} context
 * @param {{refuse: (reason: string) => never}} call
 * @param {T | Limits | undefined} given  the argument before the options
 * @param {Limits} [options]
 * @returns {{given: T | undefined, context: MatcherContext}}
 */
function withLimits(context, call, given, options) {
  const isLeftOut = Object.hasOwn(Object(given), 'timeout') && options === undefined;
  const limits = /** @type {Limits | undefined} */ (isLeftOut ? given : options);
  checkOptions(call, LIMITS, limits);
  const { timeout = context.timeout } = limits ?? {};
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) {
    call.refuse(`{ timeout } must be a number of milliseconds, not ${shown(timeout)}.`);
  }
  return {
    given: isLeftOut ? undefined : /** @type {T | undefined} */ (given),
    context: { isNot: context.isNot, timeout },
  };
}

/**
 * The part of a place that shows what leaks there.
 *
 * @param {string} leak
 * @param {string} value
 */
function excerpt(leak, value) {
  const [place] = leak.split(': ', 1);
  const form = leak.includes(value) ? value : encodeURIComponent(value);
  const at = leak.indexOf(form);
  const from = Math.max(place.length + 2, at - AROUND);
  const to = at + form.length + AROUND;
  return (
    `${place}: ${from > place.length + 2 ? '…' : ''}` +
    `${leak.slice(from, to)}${to < leak.length ? '…' : ''}`
  );
}

/** @param {unknown} value */
const show = (value) => (value instanceof RegExp ? `${value}` : JSON.stringify(value));

/**
 * @param {import('./trello.js').Trello} trello
 * @param {string} key
 * @param {string | null} topLevelSite
 * @returns {Promise<{secret: string | null, damage?: string}>}  damage: why what is there does not decrypt
 */
async function storedAt(trello, key, topLevelSite) {
  try {
    return { secret: await trello.secret(key, { topLevelSite }) };
  } catch (error) {
    if (error instanceof CommandError && error.status === NOT_DECRYPTED) {
      return { secret: null, damage: error.reason };
    }
    throw error;
  }
}

/** @param {string | null} site */
const placeName = (site) => (site === null ? 'at top level' : `in pages embedded by ${site}`);

/**
 * @param {import('./trello.js').Trello} trello
 * @param {string} key
 * @param {string | null} here  where there is none
 * @returns {Promise<string>}
 */
async function describeNone(trello, key, here) {
  const foreign = await trello.foreignOrigin();
  if (foreign !== null) {
    return (
      `there is none of the Power-Up's origin ${trello.origin}: the test's page is of another one, ` +
      `${foreign}. Open it at the origin of baseURL, or set baseURL to where it is`
    );
  }
  const sites = new Set((await trello.items()).map(({ topLevelSite }) => topLevelSite));
  sites.delete(here);
  /** @type {string[]} */
  const elsewhere = [];
  for (const site of sites) {
    const { secret, damage } = await storedAt(trello, key, site);
    if (secret !== null || damage !== undefined) {
      elsewhere.push(placeName(site));
    }
  }
  if (elsewhere.length > 0) {
    return `there is none ${placeName(here)}, where the test's page is; there is one ${elsewhere.join(' and ')}`;
  }
  return here === null ? 'there is none' : `there is none ${placeName(here)}`;
}

/**
 * @param {any} trello  what expect was given
 * @param {keyof typeof matchers} matcher
 * @param {...unknown} args  that messages show: never a secret
 */
function callOn(trello, matcher, ...args) {
  const call = refusing(`expect(trello).${matcher}(${args.length > 0 ? args.map(shown) : '…'})`);
  // Not by its class: there is one in the ES modules, and one in CommonJS.
  if (typeof trello?.foreignOrigin !== 'function') {
    const given = trello?.constructor?.name ?? shown(trello);
    call.refuse(`expect was given something else than trello (${given}).`);
  }
  return call;
}

export const matchers = {
  /**
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} key
   * @param {string | RegExp | Limits} [expectedValue]
   * @param {Limits} [options]
   */
  async toHaveSecret(trello, key, expectedValue, options) {
    const call = callOn(trello, 'toHaveSecret', key);
    checkText(call, 'key', key);
    const { given: value, context } = withLimits(this, call, expectedValue, options);
    if (value !== undefined && value !== '') {
      checkPattern(call, 'value', value);
    }
    const { isNot = false } = this;
    const expected = `have the secret ${show(key)}${value === undefined ? '' : ` with ${show(value)}`}`;
    return eventually(context, expected, async () => {
      const site = await trello.topLevelSite();
      const { secret, damage } = await storedAt(trello, key, site);
      if (damage !== undefined) {
        // Neither is true: the page has no use of it, and it is there.
        return {
          pass: isNot,
          found: `what is stored ${placeName(site)} does not decrypt: ${damage}`,
        };
      }
      if (secret === null) {
        return { pass: false, found: () => describeNone(trello, key, site) };
      }
      const pass =
        value === undefined ||
        (value instanceof RegExp ? secret.search(value) >= 0 : secret === value);
      return { pass, found: `it is ${show(secret)}` };
    });
  },

  /**
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {import('./names.js').RecordedMethod} method  of t
   * @param {string | Limits} [expectedKey]  of a secret or of plugin data
   * @param {Limits} [options]
   */
  async toHaveCalled(trello, method, expectedKey, options) {
    const call = callOn(trello, 'toHaveCalled', method);
    checkWord(call, 'a call of t that is recorded', method, RECORDED_METHODS);
    const { given: key, context } = withLimits(this, call, expectedKey, options);
    if (key !== undefined) {
      checkText(call, 'key', key);
    }
    const expected = `have called ${method}${key === undefined ? '' : ` with the key ${show(key)}`}`;
    return eventually(context, expected, async () => {
      const calls = (await trello.calls()).map((call) => ({
        method: call.method,
        keys: call.detail.keys ?? (call.detail.key === undefined ? [] : [call.detail.key]),
      }));
      const pass = calls.some(
        (call) => call.method === method && (key === undefined || call.keys.includes(key)),
      );
      const called = calls.map(
        (call) =>
          call.method + (call.keys.length === 0 ? '' : `(${call.keys.map(show).join(', ')})`),
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
   * @param {Limits} [options]
   */
  async toHaveAlerted(trello, text, options) {
    const call = callOn(trello, 'toHaveAlerted', text);
    checkPattern(call, 'text', text);
    const { context } = withLimits(this, call, undefined, options);
    return eventually(context, `have alerted ${show(text)}`, async () => {
      const messages = (await trello.alerts()).map(({ message }) => `${message}`);
      const pass = messages.some((message) =>
        text instanceof RegExp ? message.search(text) >= 0 : message.includes(text),
      );
      return {
        pass,
        found: messages.length === 0 ? 'it alerted nothing' : `it alerted ${show(messages)}`,
      };
    });
  },

  /**
   * For expect(trello).not.toLeak(value): the value cannot be seen anywhere.
   *
   * @this {MatcherContext}
   * @param {import('./trello.js').Trello} trello
   * @param {string} value
   * @param {Limits} [options]
   */
  async toLeak(trello, value, options) {
    const call = callOn(trello, 'toLeak');
    checkText(call, 'value', value);
    const { context } = withLimits(this, call, undefined, options);
    const check = async () => {
      const leaks = await trello.leaks(value);
      return {
        pass: leaks.length > 0,
        found:
          leaks.length > 0
            ? `it is in ${leaks.map((leak) => excerpt(leak, value)).join('\n and in ')}`
            : 'it cannot be seen anywhere',
      };
    };
    // A leak does not go away, so there is no need to wait.
    const timeout = context.isNot ? 0 : context.timeout;
    return eventually({ isNot: context.isNot, timeout }, `show ${show(value)}`, check);
  },
};
