// SPDX-License-Identifier: MIT
// Compares what is stored with what was recorded. Keys and ciphertexts are random: there the
// recording gives a form.
import assert from 'node:assert/strict';
import { compareError } from './compare.js';

/**
 * @param {Record<string, any>} actual  by slot
 * @param {Record<string, any>} expected
 */
export function compareItems(actual, expected) {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [slot, value] of Object.entries(expected)) {
    if (slot === 'inaccessible') {
      compareError(actual.inaccessible, value);
    } else if (typeof value === 'string') {
      assert.equal(actual[slot], value);
    } else {
      assert.equal(actual[slot].length, value.length);
    }
  }
}

/**
 * @param {string | undefined} actual
 * @param {string} expected  "<64 hex>" stands for a key, "START…(N)" for a text of N characters
 */
function compareText(actual, expected) {
  const masked = expected.includes('<64 hex>')
    ? actual?.replace(/(?<=")[0-9a-f]{64}(?=")/g, '<64 hex>')
    : actual;
  const shortened = /^(.*)…\((\d+)\)$/su.exec(expected);
  if (shortened === null) {
    assert.equal(masked, expected);
  } else {
    assert.equal(masked?.slice(0, shortened[1].length), shortened[1]);
    assert.equal(actual?.length, Number(shortened[2]));
  }
}

/**
 * The recorded texts by the place where they lie.
 *
 * @param {Record<string, Record<string, any>>} expected  by scope, id, visibility and, for private
 *   data, member
 * @returns {[place: string, text: string][]}
 */
function textsOf(expected) {
  return Object.entries(expected).flatMap(([scope, owners]) =>
    Object.entries(owners).flatMap(([owner, { shared, private: own }]) => [
      ...(typeof shared === 'string' ? [placed(scope, owner, 'shared', '', shared)] : []),
      ...Object.entries(own ?? {}).map(([member, text]) =>
        placed(scope, owner, 'private', member, /** @type {string} */ (text)),
      ),
    ]),
  );
}

/**
 * @param {string} scope
 * @param {string} owner
 * @param {string} visibility
 * @param {string} member  who sees it, where it is private
 * @param {string} text
 * @returns {[place: string, text: string]}
 */
function placed(scope, owner, visibility, member, text) {
  return [JSON.stringify([scope, owner, visibility, member]), text];
}

/**
 * @param {{scope: string, owner: string, visibility: string, viewer: string, text: string}[]} rows
 * @param {Record<string, Record<string, any>>} expected
 */
export function comparePluginData(rows, expected) {
  const texts = new Map(
    rows.map(({ scope, owner, visibility, viewer, text }) =>
      // A member's own data name no viewer beside the owner.
      placed(scope, owner, visibility, visibility === 'private' ? viewer || owner : '', text),
    ),
  );
  const recorded = textsOf(expected);
  assert.deepEqual([...texts.keys()].sort(), recorded.map(([place]) => place).sort());
  for (const [place, text] of recorded) {
    compareText(texts.get(place), text);
  }
}
