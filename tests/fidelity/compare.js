// SPDX-License-Identifier: MIT
// Compares what came of a call with what was recorded.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { browserName } from '../e2e/stage.js';
import { messageIn } from '../support/browser-messages.js';

/** @typedef {import('./cases.js').Expectation} Expectation */
/** @typedef {import('./cases.js').RecordedCall} RecordedCall */
/** @typedef {import('./cases.js').RecordedError} RecordedError */

/**
 * @param {Omit<import('./in-page.js').ObservedError, 'operational'> & {operational?: boolean}} actual
 * @param {RecordedError} expected
 */
export function compareError({ isDOMException, ...actual }, expected) {
  const { operational = false } = actual;
  // Browsers have begun to give errors classes of their own that are derived from DOMException.
  const actualClass =
    expected.class === 'DOMException' && isDOMException ? 'DOMException' : actual.class;
  assert.deepEqual(
    { ...actual, class: actualClass, operational },
    { operational: false, ...expected, message: messageIn(browserName, expected.message) },
  );
}

/**
 * @param {any} actual
 * @param {{slot: string, length: number}} expected
 */
function compareStored(actual, { slot, length }) {
  assert.deepEqual(Object.keys(actual), ['key', 'value']);
  assert.equal(actual.key, slot);
  assert.match(actual.value, /^[0-9a-f]{32};[0-9a-f]+$/);
  assert.equal(actual.value.length, length);
}

/**
 * @param {any} actual
 * @param {{length: number, sha256: string, head: string, tail: string}} expected  of a long text
 */
function compareLong(actual, expected) {
  assert.equal(typeof actual, 'string');
  const [head, tail] = [expected.head, expected.tail].map((text) => JSON.parse(text));
  assert.deepEqual(
    {
      length: actual.length,
      head: actual.slice(0, head.length),
      tail: actual.slice(-tail.length),
      sha256: createHash('sha256').update(actual).digest('hex'),
    },
    { length: expected.length, head, tail, sha256: expected.sha256 },
  );
}

/**
 * @param {any} actual
 * @param {any} expected
 */
function compareValue(actual, expected) {
  if (expected?.stored !== undefined) {
    compareStored(actual, expected.stored);
  } else if (expected?.sha256 !== undefined) {
    compareLong(actual, expected);
  } else {
    assert.deepEqual(actual, expected);
  }
}

/**
 * @param {import('./in-page.js').Outcome} outcome
 * @param {Expectation} expected
 */
function compareOne({ library, ...outcome }, expected) {
  assert.deepEqual(Object.keys(outcome), Object.keys(expected), JSON.stringify(outcome));
  if (expected.reject !== undefined) {
    compareError(/** @type {any} */ (outcome.reject), expected.reject);
  } else if (expected.throw !== undefined) {
    compareError(/** @type {any} */ (outcome.throw), expected.throw);
  } else if ('resolve' in expected) {
    compareValue(outcome.resolve, expected.resolve);
  } else if ('return' in expected) {
    compareValue(outcome.return, expected.return);
  }
  if ('resolve' in expected || 'reject' in expected || 'pending' in expected) {
    assert.equal(library, true, 'the promise is none of TrelloPowerUp.Promise');
  }
}

/**
 * A wrong key mostly breaks the padding, which the library reports with bluebird's mark; where the
 * padding happens to be valid, the digest does not fit, which it reports without.
 *
 * @param {RecordedCall} call
 * @returns {Expectation[]}
 */
function alternativesOf({ expect, anyOf }) {
  return (anyOf ?? [expect]).map((each) =>
    typeof each === 'string'
      ? {
          reject: {
            .../** @type {RecordedError} */ (expect.reject),
            message: each,
            operational: each.startsWith('Decryption failed. Message: '),
          },
        }
      : each,
  );
}

/**
 * @param {import('./in-page.js').Outcome} outcome
 * @param {RecordedCall} call
 */
export function compareOutcome(outcome, call) {
  /** @type {unknown} */
  let first;
  for (const expected of alternativesOf(call)) {
    try {
      compareOne(outcome, expected);
      return;
    } catch (error) {
      first ??= error;
    }
  }
  const args = call.args.join(', ').slice(0, 100);
  throw new Error(`t.${call.method}(${args}) does not do what was recorded`, { cause: first });
}
