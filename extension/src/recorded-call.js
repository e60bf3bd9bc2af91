// SPDX-License-Identifier: MIT
// How large a recorded call may be. The page script cuts what is larger, and its bridge again, because a
// page could have made the message; the host refuses it. All lengths are in UTF-16 code units.

/** @typedef {import('./messages.js').RecordedCall} RecordedCall */

/** Of the name of a method, a member, a key. */
export const NAME_MAX = 256;

/** Of a text in a detail: an error's message, advice. */
export const TEXT_MAX = 1_000;

/** Of the JSON text of one member of a detail, such as the arguments, and of the whole detail. */
const MEMBER_MAX = 4_096;
const DETAIL_MAX = 8_192;

/** How deeply a value may be nested to be recorded as it is. */
const DEPTH_MAX = 16;

/** The times that a Date can have, from 1970 on, in milliseconds. */
const TIME_MAX = 8.64e15;

const { stringify } = JSON;
const { now } = Date;

/**
 * @param {any} value
 * @param {number} [depth]
 * @returns {boolean}  whether the host can keep it as it is
 */
function isPlain(value, depth = 0) {
  if (value === null || typeof value !== 'object') {
    return true;
  }
  return (
    depth < DEPTH_MAX &&
    Object.keys(value).every((name) => !name.includes('\0') && isPlain(value[name], depth + 1))
  );
}

/**
 * @param {string} text
 * @param {number} max
 * @returns {string}
 */
export const cut = (text, max) => (text.length > max ? `${text.slice(0, max)}…` : text);

/**
 * @param {any} value
 * @param {number} max
 * @returns {any}  the value, or the start of its JSON text with its size
 */
function boundValue(value, max) {
  const text = stringify(value) ?? 'null';
  return text.length <= max && isPlain(value)
    ? value
    : { text: cut(text, TEXT_MAX), size: text.length };
}

/** @param {any} value */
const boundMember = (value) =>
  typeof value === 'string' ? cut(value, TEXT_MAX) : boundValue(value, MEMBER_MAX);

/**
 * @param {any} detail
 * @returns {object}
 */
function boundDetail(detail) {
  const members = Object.entries(detail).map(([name, value]) => [name, boundMember(value)]);
  return boundValue(Object.fromEntries(members), DETAIL_MAX);
}

/**
 * The call as the host keeps it. What cannot be kept as it is, is there as the start of its JSON text.
 *
 * @param {RecordedCall} call
 * @returns {RecordedCall}
 */
export function boundCall({ method, at, problem, detail }) {
  let bound;
  try {
    bound = boundDetail(detail);
  } catch (error) {
    // Of a page's value that JSON does not know, or that throws when it is read.
    bound = { text: `not recorded: ${cut(`${/** @type {Error} */ (error).message}`, TEXT_MAX)}` };
  }
  return {
    method: cut(`${method}`, NAME_MAX),
    at: Number.isSafeInteger(at) && at >= 0 && at <= TIME_MAX ? at : now(),
    ...(problem !== undefined && { problem: cut(`${problem}`, NAME_MAX) }),
    detail: bound,
  };
}

/** @param {RecordedCall} call @returns {number}  about its size in a message */
export const sizeOfCall = (call) => stringify(call).length;

/**
 * @param {number} count
 * @returns {RecordedCall}  what stands for calls that could not be kept
 */
export const lostCalls = (count) => ({
  method: 'calls',
  at: now(),
  problem: 'calls-lost',
  detail: {
    advice:
      'Calls could not be recorded, and problems may have been among them: the page made more at once than can be kept, or the host was gone.',
    lost: count,
  },
});
