// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import defaults from '../../extension/default-context.json' with { type: 'json' };

Object.assign(globalThis, { window: { crypto: globalThis.crypto } });
const { encodable, secretTexts, slotOf, valueLength } =
  await import('../../extension/src/page/conversion.js');

for (const [units, length] of [
  [0, 193],
  [15, 193],
  [16, 225],
  [31, 225],
  [32, 257],
  [1024, 2241],
  [2 ** 20, 2_097_345],
  [2_621_311, 5_242_785],
]) {
  test(`a secret of ${units} bytes is an entry of ${length}`, () => {
    assert.equal(valueLength('x'.repeat(units)), length);
  });
}

test('the length of an entry is that of the UTF-8', () => {
  assert.equal(valueLength('é'.repeat(8)), valueLength('x'.repeat(16)));
  assert.equal(valueLength('\u{1f600}'.repeat(4)), valueLength('x'.repeat(16)));
  assert.equal(valueLength('\ud83d'.repeat(5)), valueLength('x'.repeat(15)));
  assert.equal(valueLength('\ud83d'.repeat(6)), valueLength('x'.repeat(18)));
});

test('each lone surrogate becomes U+FFFD, and nothing else changes', () => {
  assert.equal(encodable('\ude00\ud83d'), '\ufffd\ufffd');
  for (const text of ['', '\ufeffabc', '\ufffe\uffff', '\0', 'e\u0301', '\u{1f600}', 'a\r\nb']) {
    assert.equal(encodable(text), text);
  }
});

/** @type {[any, {data: string, digestOf?: string}][]} */
const SECRETS = [
  ['text', { data: 'text' }],
  ['', { data: '' }],
  ['\ud83d', { data: '\ufffd' }],
  ['\ufeffabc', { data: '\ufeffabc' }],
  [null, { data: 'null' }],
  [-0, { data: '0' }],
  [1e21, { data: '1e+21' }],
  [10n, { data: '10' }],
  [false, { data: 'false' }],
  [{ a: 1 }, { data: '[object Object]' }],
  [[1, [2, 'x']], { data: '1,2,x' }],
  [[], { data: '' }],
  [new Uint8Array([1, 2]), { data: '1,2' }],
  [undefined, { data: 'undefined', digestOf: '' }],
  [
    { toString: () => 'ts', valueOf: () => 'vo' },
    { data: 'vo', digestOf: 'ts' },
  ],
  [
    { [Symbol.toPrimitive]: (/** @type {string} */ hint) => `h:${hint}` },
    { data: 'h:default', digestOf: 'h:string' },
  ],
];
for (const [i, [secret, texts]] of SECRETS.entries()) {
  test(`secret ${i} is stored and digested as ${JSON.stringify(texts)}`, () => {
    assert.deepEqual(secretTexts(secret), texts);
  });
}

test('what cannot be converted raises what the platform says', () => {
  assert.throws(() => secretTexts(Symbol('s')), TypeError);
  assert.throws(() => secretTexts(Object.create(null)), TypeError);
  const error = new RangeError('m');
  assert.throws(() => {
    secretTexts({
      toString() {
        throw error;
      },
    });
  }, error);
});

test('the slot is the SHA-256 of the text in lower-case hex', async () => {
  const { member } = defaults; // the hash below is that of this id
  assert.equal(
    await slotOf(`${member}:token`),
    'edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b',
  );
  assert.equal(await slotOf('\ud83d'), await slotOf('\ufffd'));
});

test('a page without WebCrypto gets the library’s errors', async () => {
  const { crypto } = window;
  const set = (/** @type {any} */ value) =>
    Object.defineProperty(window, 'crypto', { value, configurable: true, writable: true });
  for (const none of [undefined, null, 'text']) {
    set(none);
    await assert.rejects(slotOf('m:k'), { name: 'Error', message: 'Browser not supported.' });
  }
  set({});
  await assert.rejects(slotOf('m:k'), {
    name: 'TypeError',
    message: "Cannot read properties of undefined (reading 'digest')",
  });
  for (const none of [undefined, {}]) {
    set(none); // from the start, as in a page of an insecure context
    const { slotOf: without } = await import(
      `../../extension/src/page/conversion.js?without=${none}`
    );
    await assert.rejects(without('m:k'), none ? TypeError : /Browser not supported/);
  }
  set(crypto);
});
