// SPDX-License-Identifier: MIT
// Where a member's AES key is stored, and what happens to the text around it; secrets with a given value
// or key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decrypt, items, pluginData, setPluginDataText, setScenario } from '../support/store.js';
import { greetedHost, PLACE, stateFolder } from './host-process.js';

const { origin, member } = PLACE;
const memberPrivate = { power_up: origin, scope: 'member', owner: member, visibility: 'private' };
const KEY = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';

const gone = {
  code: 'library_error',
  class: 'Error',
  name: 'Error',
  message: 'Decryption failed. Message: ',
  operational: true,
};

/** What Trello's library makes of a text before it adds a name. @param {string} text */
function spread(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' || typeof value === 'string' ? { ...Object(value) } : {};
  } catch {
    return {};
  }
}

test('storeSecret reports whether it made the key', async (t) => {
  const host = await greetedHost(t);
  assert.equal((await host.store('a', 'x')).result.madeKey, true);
  assert.equal((await host.store('a', 'y')).result.madeKey, false);
  assert.equal((await host.store('b', 'z', { origin: 'http://localhost:1' })).result.madeKey, true);
});

test('adding the key to any text in member/private preserves its meaning', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const nested = '['.repeat(500) + ']'.repeat(500);
  const objects = [
    '{}',
    ' { "a" : 1 , "b" : [ 1.50, {"aescbc":"not this one"} ] } ',
    '{"aescbc":null,"z":1}',
    '{"z":1,"aes\\u0063bc":"","y":2}',
    '{"aescbc":"old","aescbc":0}',
    '{"a\\u0000b":1,"\\ud83d":"\\udd11 \\u0041","é€😀":"😀"}',
    '{"a":12345678901234567890,"a":2,"__proto__":{"x":1}}',
    `{"deep":${nested}}`,
  ];
  const others = [
    '[]',
    '[1,"b",{"aescbc":"x"}]',
    '"a😀\\ud83d\\n\\""',
    '""',
    'null',
    '7',
    'true',
    '',
    'not JSON',
    '{"a":1,}',
    "{'a':1}",
    '\ufeff{}',
  ];
  for (const text of [...objects, ...others]) {
    setPluginDataText(state, memberPrivate, text);
    const stored = await host.store('token', 's3cret');
    assert.equal(stored.result?.madeKey, true, text);
    const kept = pluginData(state)[0].text;
    const { aescbc, ...rest } = JSON.parse(kept);
    assert.match(aescbc, /^[0-9a-f]{64}$/);
    const { aescbc: _, ...wanted } = spread(text);
    assert.deepEqual(rest, wanted, text);
    if (objects.includes(text)) {
      // Edited in place: without the new value, and the comma and name that may precede it, the
      // text is unchanged.
      const [before, after] = kept.split(`"${aescbc}"`);
      const head = before.replace(/,?"aescbc":$/, '');
      assert.ok(text.startsWith(head), kept);
      assert.ok(text.endsWith(after), kept);
    }
    assert.equal((await host.load('token')).result, 's3cret');
  }
});

test('if a key does not fit into 4096 UTF-16 units, neither it nor the secret is stored', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const added = ',"aescbc":""'.length + 64;
  for (const fill of ['x', 'é', '€']) {
    const textOf = (/** @type {number} */ length) => `{"a":"${fill.repeat(length - added - 8)}"}`;
    setPluginDataText(state, memberPrivate, textOf(4097));
    const { error } = await host.store('token', 'x');
    assert.deepEqual(error, {
      ...gone,
      message:
        'PluginData length of 4096 characters exceeded. See: https://developers.trello.com/v1.0/reference#section-size-limit',
      operational: false,
    });
    assert.equal(pluginData(state)[0].text, textOf(4097));
    assert.deepEqual(items(state), []);
    setPluginDataText(state, memberPrivate, textOf(4096));
    assert.equal((await host.store('token', 'x')).ok, true);
    assert.equal(pluginData(state)[0].text.length, 4096);
    await host.request('clearSecret', { ...PLACE, key: 'token' });
  }
});

test('a missing key: an error as documented, no secret as in the library', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  await host.store('token', 'x');
  const [{ value }] = items(state);
  for (const text of [null, '{}', '{"aescbc":null}', '{"aescbc":""}', '"aescbc"', 'not JSON']) {
    setPluginDataText(state, memberPrivate, text);
    for (const given of [{}, { value }]) {
      setScenario(state, '', 'fidelity', null);
      assert.deepEqual((await host.load('token', given)).error, gone);
      setScenario(state, '', 'fidelity', 'library');
      assert.equal((await host.load('token', given)).result, null);
      setScenario(state, origin, 'fidelity', 'documented');
      assert.deepEqual((await host.load('token', given)).error, gone);
      setScenario(state, origin, 'fidelity', null);
    }
    assert.equal((await host.load('no such token')).result, null);
  }
});

test('a given value is decrypted instead of the stored one', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const { value } = (await host.store('token', 'first')).result;
  await host.store('token', 'second');
  assert.equal((await host.load('token', { value })).result, 'first');
  assert.equal((await host.load('another', { value })).result, 'first');
  assert.equal((await host.load('token')).result, 'second');
  assert.equal((await host.load('token', { value: '' })).result, null);
  assert.equal((await host.load('token', { value: 'x' })).error.message, 'Invalid hexString');
  assert.equal((await host.load('token', { value, member: 'other' })).error.message, gone.message);
  assert.equal((await host.load('token', { value: null })).error.code, 'bad_request');
  assert.equal(items(state).length, 1);
});

test('encryptSecret and decryptSecret need no store and change nothing in it', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  for (const aescbc of [KEY, KEY.toUpperCase(), KEY.slice(0, 32), '', undefined]) {
    const secret = 'é\0😀';
    const { result } = await host.request('encryptSecret', {
      member,
      key: 'token',
      data: secret,
      aescbc,
    });
    assert.deepEqual(Object.keys(result), ['key', 'value', 'aescbc']);
    assert.match(result.key, /^edaaa9c6c882996d/);
    aescbc ? assert.equal(result.aescbc, aescbc) : assert.match(result.aescbc, /^[0-9a-f]{64}$/);
    if (result.aescbc.length === 64) {
      assert.equal(decrypt(result.aescbc, result.value), secret);
    }
    const { key: _, ...sealed } = result;
    assert.equal((await host.request('decryptSecret', sealed)).result, secret);
    const other = await host.request('decryptSecret', { ...sealed, aescbc: '00'.repeat(32) });
    assert.match(other.error.message, /^Decryption failed/);
  }
  assert.deepEqual([items(state), pluginData(state)], [[], []]);
});

test('encryptSecret accepts the digest of another text', async (t) => {
  const host = await greetedHost(t);
  const request = { member, key: 'k', data: 'undefined', digestOf: '' };
  const { key: _, ...sealed } = (await host.request('encryptSecret', request)).result;
  const { error } = await host.request('decryptSecret', sealed);
  assert.equal(error.message, 'Decryption failed. Unable to validate integrity.');
});

test('bad keys and values are refused as the library refuses them, the key first', async (t) => {
  const host = await greetedHost(t);
  for (const [aescbc, errorClass, name, message] of [
    ['x', 'Error', 'Error', 'Invalid hexString'],
    ['0', 'Error', 'Error', 'Invalid hexString'],
    ['00', 'DOMException', 'DataError', 'AES key data must be 128 or 256 bits'],
    ['00'.repeat(24), 'DOMException', 'OperationError', '192-bit AES keys are not supported'],
  ]) {
    const wanted = { code: 'library_error', class: errorClass, name, message, operational: false };
    const request = { member, key: 'k', data: 'd', aescbc };
    assert.deepEqual((await host.request('encryptSecret', request)).error, wanted);
    const reply = await host.request('decryptSecret', { aescbc, value: 'bad too' });
    assert.deepEqual(reply.error, wanted);
  }
  const empty = await host.request('decryptSecret', { aescbc: '', value: 'x' });
  assert.equal(empty.error.message, 'Invalid hexString');
  for (const value of ['', 'x', 'x;y', `${'00'.repeat(16)};`]) {
    const reply = await host.request('decryptSecret', { aescbc: KEY, value });
    assert.equal(reply.error.message, 'Invalid hexString');
  }
});
