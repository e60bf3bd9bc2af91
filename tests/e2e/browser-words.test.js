// SPDX-License-Identifier: MIT
// What this very browser does and says by itself, in documents without the extension's part in it:
// the measure for everything that host and extension say in its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageIn } from '../support/browser-messages.js';
import { browserName, oneBrowser, setStage } from './stage.js';

const OPERATION = 'DOMException OperationError';

/** What was recorded in Chromium, by what was done. @type {Record<string, [string, string]>} */
const RECORDED = {
  'import 1 byte': ['DOMException DataError', 'AES key data must be 128 or 256 bits'],
  'import 33 bytes': ['DOMException DataError', 'AES key data must be 128 or 256 bits'],
  'decrypt nonsense': [OPERATION, 'Decryption failed. Message: '],
  'decrypt with a long IV': [
    OPERATION,
    'Decryption failed. Message: The "iv" has an unexpected length -- must be 16 bytes',
  ],
  'encode a symbol': [
    'TypeError TypeError',
    "Failed to execute 'encode' on 'TextEncoder': Cannot convert a Symbol value to a string",
  ],
  'join a symbol': ['TypeError TypeError', 'Cannot convert a Symbol value to a string'],
  'keys of null': ['TypeError TypeError', 'Cannot convert undefined or null to object'],
  'a bigint as JSON': ['TypeError TypeError', 'Do not know how to serialize a BigInt'],
};

test('errors of WebCrypto, TextEncoder and the language are worded as written down', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const seen = await page.evaluate(async () => {
    const key = (/** @type {number} */ size) =>
      crypto.subtle.importKey('raw', new Uint8Array(size), 'AES-CBC', true, ['decrypt']);
    const decrypt = async (/** @type {number} */ ivSize) =>
      crypto.subtle.decrypt(
        { name: 'AES-CBC', iv: new Uint8Array(ivSize) },
        await key(32),
        new Uint8Array(16),
      );
    const symbol = /** @type {any} */ (Symbol('s'));
    /** @type {Record<string, () => any>} */
    const attempts = {
      'import 1 byte': () => key(1),
      'import 33 bytes': () => key(33),
      'decrypt nonsense': () => decrypt(16),
      'decrypt with a long IV': () => decrypt(17),
      'encode a symbol': () => new TextEncoder().encode(symbol),
      'join a symbol': () => 'a'.concat(symbol),
      'keys of null': () => Object.keys(/** @type {any} */ (null)),
      'a bigint as JSON': () => JSON.stringify({ a: 1n }),
    };
    /** @type {Record<string, [string, string]>} */
    const errors = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        await attempt();
      } catch (error) {
        const { constructor, name: errorName, message } = /** @type {Error} */ (error);
        errors[name] = [`${constructor.name} ${errorName}`, message];
      }
    }
    return errors;
  });
  for (const [name, [kind, message]] of Object.entries(RECORDED)) {
    const words = messageIn(browserName, message);
    // The library puts these words before WebCrypto's.
    assert.deepEqual(seen[name], [kind, words.replace('Decryption failed. Message: ', '')], name);
  }
});

test('a full localStorage refuses as written down, at the same size', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const seen = await page.evaluate(() => {
    const attempt = (/** @type {() => void} */ write) => {
      try {
        write();
        return null;
      } catch (error) {
        const { name, message, code } = /** @type {DOMException} */ (error);
        return { name, message, code };
      }
    };
    return [
      attempt(() => localStorage.setItem('k', 'x'.repeat(5_242_879))),
      attempt(() => localStorage.setItem('k', 'x'.repeat(5_242_880))),
      attempt(() => (localStorage.kk = 'x')),
    ];
  });
  const refused = (/** @type {string} */ recorded) => ({
    name: 'QuotaExceededError',
    message: messageIn(browserName, recorded),
    code: 22,
  });
  assert.deepEqual(seen, [
    null,
    refused(
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'k' exceeded the quota.",
    ),
    refused(
      "Failed to set a named property 'kk' on 'Storage': Setting the value of 'kk' exceeded the quota.",
    ),
  ]);
});

const firefoxOnly = oneBrowser('firefox', 'it is a preference of Firefox');

test(
  'a blocked localStorage throws, and one that is switched off is null',
  firefoxOnly,
  async (t) => {
    const stage = await setStage(t);
    const read = async (/** @type {Record<string, unknown>} */ firefoxPreferences) => {
      const page = await stage.open(await stage.launch({ firefoxPreferences }));
      return page.evaluate(() => {
        try {
          window.localStorage.setItem('k', 'v');
          return null;
        } catch (error) {
          const { name, message } = /** @type {Error} */ (error);
          return [name, message];
        }
      });
    };
    assert.deepEqual(await read({ 'network.cookie.cookieBehavior': 2 }), [
      'SecurityError',
      messageIn(
        browserName,
        "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
      ),
    ]);
    assert.deepEqual(await read({ 'dom.storage.enabled': false }), [
      'TypeError',
      messageIn(browserName, "Cannot read properties of null (reading 'setItem')"),
    ]);
  },
);
