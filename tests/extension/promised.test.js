// SPDX-License-Identifier: MIT
// Errors of the page's world, and the mark by which bluebird's `error` knows expected ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import Bluebird from 'bluebird/js/main/bluebird.js';
import { asOperational, promised, resultOf, toError } from '../../extension/src/page/errors.js';

/** What a promise of ours rejects with, and by which handler it is caught. @param {any} reason */
async function rejection(reason) {
  const promise = promised(Bluebird, () => Promise.reject(reason));
  assert.ok(promise instanceof Bluebird);
  let caughtBy = 'catch';
  const error = await promise
    .error((/** @type {any} */ each) => {
      caughtBy = 'error';
      return each;
    })
    .catch((/** @type {any} */ each) => each);
  return { error, caughtBy };
}

/** @type {[string, () => any][]} */
const REASONS = [
  ['an Error', () => new Error('m')],
  ['a TypeError', () => new TypeError('m')],
  ['a DOMException', () => new DOMException('m', 'SecurityError')],
  ['an object that is no error', () => ({ message: 'm' })],
  ['a function', () => () => {}],
];
for (const [title, make] of REASONS) {
  test(`${title} is not operational unless it was marked`, async () => {
    const reason = make();
    const { error, caughtBy } = await rejection(reason);
    assert.equal(error, reason);
    assert.equal(caughtBy, 'catch');
    assert.equal('isOperational' in reason, false);
  });

  test(`${title} that was marked is operational, and stays so`, async () => {
    const reason = asOperational(make());
    for (let times = 0; times < 2; times++) {
      const { error, caughtBy } = await rejection(reason);
      assert.equal(error, reason);
      assert.equal(caughtBy, 'error');
      assert.equal(reason.isOperational, true);
      assert.equal(Object.keys(reason).includes('isOperational'), false);
    }
  });
}

test('a frozen error arrives, marked or not', async () => {
  const plain = Object.freeze(new Error('m'));
  assert.deepEqual(await rejection(plain), { error: plain, caughtBy: 'catch' });
  const marked = Object.freeze(asOperational(new Error('m')));
  assert.deepEqual(await rejection(marked), { error: marked, caughtBy: 'error' });
});

for (const reason of [undefined, null, 0, '', 'text', false, 10n, Symbol('s'), NaN]) {
  test(`the reason ${String(reason) || '""'} arrives as it is`, async () => {
    assert.deepEqual(await rejection(reason), { error: reason, caughtBy: 'catch' });
  });
}

test('an object without a prototype, and one of another realm, arrive as they are', async () => {
  for (const reason of [Object.create(null), runInNewContext('({ a: 1 })')]) {
    assert.equal((await rejection(reason)).error, reason);
  }
});

test('a value arrives, one that is thrown at once rejects', async () => {
  for (const value of [undefined, null, 'v', { a: 1 }]) {
    assert.equal(await promised(Bluebird, async () => value), value);
  }
  const thrown = promised(Bluebird, () => {
    throw new RangeError('at once');
  });
  await assert.rejects(async () => thrown, { name: 'RangeError', message: 'at once' });
});

test('an error is made in the class that its description says', () => {
  for (const [given, constructor, name] of /** @type {[string, Function, string][]} */ ([
    ['Error', Error, 'Error'],
    ['TypeError', TypeError, 'TypeError'],
    ['Unheard', Error, 'Error'],
  ])) {
    const error = toError({ class: given, name: given, message: 'm', operational: false });
    assert.equal(error.constructor, constructor);
    assert.deepEqual([error.name, error.message], [name, 'm']);
    assert.equal('isOperational' in error, false);
  }
  const exception = toError({
    class: 'DOMException',
    name: 'DataError',
    message: 'm',
    operational: true,
  });
  assert.ok(exception instanceof DOMException);
  assert.deepEqual([exception.name, exception.message], ['DataError', 'm']);
  assert.equal(/** @type {any} */ (exception).isOperational, true);
});

test('an answer gives its result or throws its error', () => {
  assert.equal(resultOf({ answer: { ok: true, result: null } }), null);
  const error = { class: 'TypeError', name: 'TypeError', message: 'm', operational: false };
  assert.throws(() => resultOf({ answer: { ok: false, error } }), TypeError);
});
