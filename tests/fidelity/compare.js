// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

/** @typedef {import('./cases.js').RecordedCall} RecordedCall */

/**
 * @param {any} actual
 * @param {import('./cases.js').RecordedError} expected
 * @param {string[] | undefined} messages  others that are right as well
 */
function compareError(actual, expected, messages) {
  // Chromium's newer error classes are subclasses of DOMException.
  const ofClass = actual.isDOMException ? 'DOMException' : actual.class;
  const message = messages?.includes(actual.message) ? expected.message : actual.message;
  // Of two right messages each has its own mark.
  const operational = messages === undefined ? actual.operational : expected.operational === true;
  assert.deepEqual(
    { class: ofClass, name: actual.name, message, operational },
    { operational: false, ...expected },
  );
}

/**
 * @param {any} actual
 * @param {any} expected
 */
function compareValue(actual, expected) {
  if (expected?.stored !== undefined) {
    const value = actual?.value;
    if (expected.stored.slot === undefined) {
      assert.match(actual?.key, /^[0-9a-f]{64}$/);
    } else {
      assert.equal(actual?.key, expected.stored.slot);
    }
    assert.equal(value.length, expected.stored.length);
    assert.match(value.start ?? value, /^[0-9a-f]{32};[0-9a-f]+$/);
  } else if (expected?.sha256 !== undefined) {
    assert.equal(actual?.length, expected.length);
    assert.equal(actual?.sha256, expected.sha256);
  } else {
    assert.deepEqual(actual, expected);
  }
}

/**
 * @param {any} outcome  of callTogether
 * @param {RecordedCall} call
 */
export function compareOutcome(outcome, { method, args, expect, anyOf }) {
  const [[kind, expected]] = Object.entries(expect);
  const where = `t.${method}(${args.join(', ').slice(0, 100)})`;
  assert.ok(
    kind in outcome,
    `${where} should ${kind} ${JSON.stringify(expected)}: ${JSON.stringify(outcome)}`,
  );
  try {
    if (kind === 'reject' || kind === 'throw') {
      compareError(outcome[kind], expected, anyOf);
    } else {
      compareValue(outcome[kind], expected);
    }
  } catch (error) {
    /** @type {Error} */ (error).message = `${where}: ${/** @type {Error} */ (error).message}`;
    throw error;
  }
  if (kind === 'reject' || kind === 'resolve') {
    assert.equal(outcome.library, true, `${where} should give a TrelloPowerUp.Promise`);
  }
}

/**
 * @param {Record<string, any>} actual  by slot
 * @param {Record<string, any>} expected
 */
export function compareItems(actual, expected) {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [slot, value] of Object.entries(expected)) {
    if (value?.length !== undefined && typeof value !== 'string') {
      assert.equal(actual[slot].length, value.length);
    } else {
      assert.deepEqual(actual[slot], value);
    }
  }
}

/**
 * @param {string | undefined} actual
 * @param {string} expected
 */
function compareText(actual, expected) {
  const shortened = /^(.*)…\((\d+)\)$/su.exec(expected);
  if (shortened !== null) {
    assert.ok(actual?.startsWith(shortened[1]));
    assert.equal(actual?.length, Number(shortened[2]));
    return;
  }
  assert.equal(
    actual?.replace(/[0-9a-f]{64}/gi, '<64 hex>'),
    expected.replace(/[0-9a-f]{64}/gi, '<64 hex>'),
  );
}

/**
 * @param {{scope: string, owner: string, visibility: string, viewer: string, text: string}[]} rows
 * @param {Record<string, Record<string, any>>} expected  by scope, id, visibility and, for private
 *   data, member
 */
export function comparePluginData(rows, expected) {
  const left = new Map(
    rows.map(({ scope, owner, visibility, viewer, text }) => [
      [scope, owner, visibility, visibility === 'private' ? viewer || owner : ''].join(' '),
      text,
    ]),
  );
  for (const [scope, owners] of Object.entries(expected)) {
    for (const [owner, kept] of Object.entries(owners)) {
      const texts = Object.entries(kept.private ?? {}).map(([member, text]) => [
        `${scope} ${owner} private ${member}`,
        text,
      ]);
      if (typeof kept.shared === 'string') {
        texts.push([`${scope} ${owner} shared `, kept.shared]);
      }
      for (const [place, text] of texts) {
        compareText(left.get(place), text);
        left.delete(place);
      }
    }
  }
  assert.deepEqual([...left], []);
}
