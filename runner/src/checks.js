// SPDX-License-Identifier: MIT
// What a test's call is given, checked before anything happens: nonsense is refused with what was
// probably meant.
import { ANSWERED_METHODS, FAULTY_METHODS, SECRET_METHODS, SHARED_FAULTS } from './names.js';
import { nearest } from './nearest.js';
import { siteOf } from './site.js';
import { shown } from './test-call.js';

/** @typedef {{refuse: (reason: string) => never}} TestCall */

const MEMBER = /^[0-9a-f]{24}$/;

export const SCOPES = /** @type {const} */ (['board', 'card', 'member', 'organization']);
export const VISIBILITIES = /** @type {const} */ (['shared', 'private']);

/** What the command line accepts. */
const DELAY_MAX_MS = 86_400_000;
const TIMES_MAX = 1_000_000;

/** @param {unknown} value */
export const kindOf = (value) =>
  value === null || value === undefined
    ? `${value}`
    : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;

/**
 * @param {TestCall} call
 * @param {string} what  such as 'a scenario'
 * @param {unknown} word
 * @param {readonly string[]} words
 * @param {Record<string, string>} [advice]  about words that are none of them and suggest themselves
 */
export function checkWord(call, what, word, words, advice = {}) {
  if (typeof word !== 'string' || word === '') {
    call.refuse(`it needs ${what}: ${words.join(', ')}.`);
  }
  if (words.includes(word)) {
    return;
  }
  const near = nearest(word, words);
  const rest = Object.hasOwn(advice, word)
    ? `. ${advice[word]}`
    : near === undefined
      ? `. Use one of: ${words.join(', ')}.`
      : `; did you mean "${near}"?`;
  call.refuse(`"${word}" is not ${what}${rest}`);
}

/** What to use instead of a call that cannot fail. */
const FAULT_ADVICE = {
  localStorage:
    'Use trello.blockStorage(), trello.fillStorage() or trello.missingStorage() to make it fail.',
  ...Object.fromEntries(
    Object.entries(SHARED_FAULTS).map(([name, fault]) => [
      name,
      `It fails when t.${fault} does: use '${fault}'.`,
    ]),
  ),
};

/** What to use instead of an answer. */
const ANSWER_ADVICE = Object.fromEntries(
  SECRET_METHODS.map((name) => [
    name,
    'Secret calls are answered from what is stored: use trello.seedSecret(), or trello.fail() to make one fail.',
  ]),
);

/**
 * @param {TestCall} call
 * @param {unknown} method
 */
export function checkFaulty(call, method) {
  checkWord(call, 'a call of t that can fail', method, FAULTY_METHODS, FAULT_ADVICE);
}

/**
 * @param {TestCall} call
 * @param {unknown} method
 */
export function checkAnswered(call, method) {
  checkWord(
    call,
    'a call of t that an answer can be set for',
    method,
    ANSWERED_METHODS,
    ANSWER_ADVICE,
  );
}

/**
 * @param {TestCall} call
 * @param {string} what
 * @param {unknown} value
 */
export function checkText(call, what, value) {
  if (typeof value !== 'string' || value === '') {
    call.refuse(
      `the ${what} must be a string that is not empty, not ${value === '' ? "''" : kindOf(value)}.`,
    );
  }
}

/**
 * @param {TestCall} call
 * @param {string} what
 * @param {unknown} value
 */
export function checkPattern(call, what, value) {
  if (!(value instanceof RegExp)) {
    checkText(call, what, value);
  }
}

/**
 * @param {TestCall} call
 * @param {unknown} on
 */
export function checkBoolean(call, on) {
  if (typeof on !== 'boolean') {
    call.refuse(`it needs true or false, not ${shown(on)}.`);
  }
}

/**
 * @param {TestCall} call
 * @param {string} address
 */
export function checkWebAddress(call, address) {
  if (!/^https?:/.test(address)) {
    call.refuse(`${address} is not an http or https address: Trello opens no other.`);
  }
}

/**
 * @param {TestCall} call
 * @param {string} what
 * @param {any} value
 * @returns {string}
 */
export function jsonOf(call, what, value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    call.refuse(`the ${what} is not JSON: ${/** @type {Error} */ (error).message}`);
  }
  return text ?? call.refuse(`the ${what} must be a JSON value, not ${kindOf(value)}.`);
}

/**
 * @param {TestCall} call
 * @param {unknown} value
 */
export function checkSecret(call, value) {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return;
  }
  const advice =
    typeof value === 'object' && value !== null ? '; JSON.stringify makes a string' : '';
  call.refuse(`the value must be a string or a Uint8Array, not ${kindOf(value)}${advice}.`);
}

/**
 * @param {TestCall} call
 * @param {unknown} member  undefined: who is signed in
 */
export function checkMember(call, member) {
  if (member !== undefined && !(typeof member === 'string' && MEMBER.test(member))) {
    call.refuse(
      `the member must be an id as Trello gives it, 24 lower-case hex digits, not ${shown(member)}.`,
    );
  }
}

/**
 * @param {unknown} value
 * @param {string | null} meant
 */
const instead = (value, meant) =>
  meant === null ? `not ${shown(value)}.` : `not ${shown(value)}; did you mean ${shown(meant)}?`;

/**
 * @param {unknown} value
 * @returns {string | null}  the origin that was most likely meant
 */
export function originOf(value) {
  const text = /^[\w.-]+:\d+/.test(`${value}`) ? `http://${value}` : `${value}`;
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    return null;
  }
  const { hostname, port, origin } = new URL(text);
  return hostname.includes('*') || port === '0' ? null : origin;
}

/**
 * @param {TestCall} call
 * @param {unknown} origin  undefined: the Power-Up's
 */
export function checkOrigin(call, origin) {
  const meant = originOf(origin);
  if (origin !== undefined && (meant === null || origin !== meant)) {
    call.refuse(
      `{ origin } must be one origin, such as 'http://localhost:3000', ${instead(origin, meant)}`,
    );
  }
}

/**
 * @param {TestCall} call
 * @param {unknown} site  undefined and null: not embedded
 */
export function checkSite(call, site) {
  const meant = siteOf(originOf(site) ?? '');
  if (site !== undefined && site !== null && site !== meant) {
    call.refuse(
      `{ topLevelSite } must be a site, such as 'https://trello.com', ${instead(site, meant)}`,
    );
  }
}

/**
 * @param {TestCall} call
 * @param {string} what
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 */
function checkNumber(call, what, value, least, most) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    call.refuse(`${what} must be a whole number from ${least} to ${most}, not ${shown(value)}.`);
  }
}

/**
 * @param {TestCall} call
 * @param {unknown} milliseconds
 */
export function checkDelay(call, milliseconds) {
  checkNumber(call, 'the delay in milliseconds', milliseconds, 0, DELAY_MAX_MS);
}

/**
 * @param {TestCall} call
 * @param {unknown} times  undefined: once
 */
export function checkTimes(call, times) {
  if (times !== undefined) {
    checkNumber(call, '{ times }', times, 1, TIMES_MAX);
  }
}
