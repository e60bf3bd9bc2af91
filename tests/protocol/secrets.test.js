// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decrypt, filesHolding, items, pluginData } from '../support/store.js';
import { greetedHost, PLACE, stateFolder } from './host-process.js';

test('store, load, clear, load', async (t) => {
  const host = await greetedHost(t);
  const stored = await host.store('token', 's3cret value');
  assert.deepEqual(Object.keys(stored.result), ['key', 'value', 'madeKey', 'pluginData']);
  assert.match(stored.result.key, /^edaaa9c6c882996d/);
  assert.equal(stored.result.value.length, 193);
  assert.equal((await host.load('token')).result, 's3cret value');
  const cleared = await host.request('clearSecret', { ...PLACE, key: 'token' });
  assert.equal(cleared.result, null);
  assert.equal((await host.load('token')).result, null);
});

for (const [what, secret] of Object.entries({
  'an empty text': '',
  NUL: 'a\0b\0',
  'emoji and joiners': '👩‍👩‍👧 é€😀',
  'a byte order mark': '\ufeffx',
  'quotes, backslashes and controls': '"\\/\b\f\n\r\t\u0001\u2028',
  '2 MiB': 'x'.repeat(2 * 1024 * 1024),
})) {
  test(`a secret of ${what} comes back unchanged`, async (t) => {
    const host = await greetedHost(t);
    await host.store('k', secret);
    assert.equal((await host.load('k')).result, secret);
  });
}

test('a slot that the page has made takes the place of its key', async (t) => {
  const host = await greetedHost(t);
  const { key: slot } = (await host.store('token', 'x')).result;
  const named = { ...PLACE, key: 't', slot };
  assert.equal((await host.request('loadSecret', named)).result, 'x');
  assert.equal((await host.request('storeSecret', { ...named, data: 'y' })).result.key, slot);
  assert.equal((await host.load('token')).result, 'y');
  const { member } = PLACE;
  const encrypted = await host.request('encryptSecret', { member, key: 't', slot, data: 'z' });
  assert.equal(encrypted.result.key, slot);
  assert.equal((await host.request('clearSecret', named)).result, null);
  assert.equal((await host.load('token')).result, null);
  for (const bad of ['', slot.slice(1), slot.toUpperCase(), `${slot}0`]) {
    for (const [op, members] of /** @type {[string, object][]} */ ([
      ['storeSecret', { ...PLACE, data: 'x' }],
      ['loadSecret', PLACE],
      ['clearSecret', PLACE],
      ['encryptSecret', { member, data: 'x' }],
    ])) {
      const { error } = await host.request(op, { ...members, key: 't', slot: bad });
      assert.deepEqual([error?.code, op], ['bad_request', op]);
      assert.match(error.message, /64 lower-case hex digits/);
    }
  }
});

test('keys of any text are distinguished', async (t) => {
  const host = await greetedHost(t);
  const keys = ['', 'a', 'A', 'a:b', 'a\0', 'a\0b', 'é', 'e\u0301', '😀', 'x'.repeat(10_000)];
  for (const key of keys) {
    await host.store(key, `of ${key}`);
  }
  for (const key of keys) {
    assert.equal((await host.load(key)).result, `of ${key}`);
  }
});

test('another origin, site, member or browser profile sees nothing', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  await host.store('token', 'mine');
  for (const other of [
    { origin: 'https://other.example' },
    { origin: 'https://powerup.example:8443' },
    { origin: 'http://powerup.example' },
    { origin: 'https://powerup.example.' },
    { topLevelSite: 'https://trello.com' },
    { topLevelSite: 'null' },
    { member: '5f0000000000000000000002' },
    { member: '' },
  ]) {
    assert.equal((await host.load('token', other)).result, null, JSON.stringify(other));
    await host.store('token', 'another', other);
    await host.request('clearSecret', { ...PLACE, ...other, key: 'token' });
  }
  const env = { POWERUP_SECRETS_BROWSER_PROFILE: 'elsewhere' };
  const elsewhere = await greetedHost(t, { state, env });
  assert.equal((await elsewhere.load('token')).result, null);
  assert.equal((await host.load('token')).result, 'mine');
});

test('with the digest of another text a secret is stored, as in the library, but cannot be loaded', async (t) => {
  const host = await greetedHost(t);
  await host.request('storeSecret', { ...PLACE, key: 'k', data: 'undefined', digestOf: '' });
  const { error } = await host.load('k');
  assert.deepEqual(error, {
    code: 'library_error',
    class: 'Error',
    name: 'Error',
    message: 'Decryption failed. Unable to validate integrity.',
    operational: false,
  });
});

test('what was acknowledged survives SIGKILL, twenty times', async (t) => {
  const state = stateFolder(t);
  for (let round = 0; round < 20; round++) {
    const host = await greetedHost(t, { state });
    if (round > 0) {
      assert.equal((await host.load('token')).result, `round ${round - 1}`);
    }
    assert.equal((await host.store('token', `round ${round}`)).ok, true);
    host.kill('SIGKILL');
    assert.equal((await host.exit).signal, 'SIGKILL');
  }
});

test('eight hosts that create one store at the same time lose nothing', async (t) => {
  const state = stateFolder(t);
  const hosts = await Promise.all([...Array(8).keys()].map(() => greetedHost(t, { state })));
  // First secrets of one member, stored simultaneously: one key wins, and all use it.
  await Promise.all(hosts.map((host, at) => host.store(`first ${at}`, `by ${at}`)));
  for (const at of hosts.keys()) {
    assert.equal((await hosts[0].load(`first ${at}`)).result, `by ${at}`);
  }
  await Promise.all(
    hosts.map(async (host, at) => {
      for (let round = 0; round < 20; round++) {
        assert.equal((await host.store(`of ${at}`, `round ${round}`)).ok, true);
        assert.equal((await host.load(`of ${at}`)).result, `round ${round}`);
      }
    }),
  );
  for (const at of hosts.keys()) {
    const reader = hosts[(at + 1) % hosts.length];
    assert.equal((await reader.load(`of ${at}`)).result, 'round 19');
  }
});

test('secret and member key are in no file and not on stderr', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const secret = 'a-marker-that-is-nowhere-else-90210';
  await host.store('token', secret);
  await host.load('token');
  await host.request('storeSecret', { ...PLACE, key: 'token', data: secret, extra: secret });
  await host.load(secret, { origin: secret });

  const { aescbc } = JSON.parse(pluginData(state)[0].text);
  assert.equal(decrypt(aescbc, items(state)[0].value), secret);
  const needles = [secret, aescbc, aescbc.toUpperCase(), Buffer.from(aescbc, 'hex')];
  assert.deepEqual(filesHolding(state, needles), []);
  host.closeInput();
  const { stderr } = await host.exit;
  assert.ok(!stderr.includes(secret) && !stderr.includes(aescbc));
  assert.deepEqual(filesHolding(state, needles), []);
});

test('only its owner can use the state folder', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  await host.store('token', 'x');
  assert.equal(statSync(state).mode & 0o777, 0o700);
  for (const name of ['store.sqlite3', 'store.sqlite3-wal', 'store.sqlite3-shm', 'root.key']) {
    assert.equal(statSync(join(state, name)).mode & 0o777, 0o600, name);
  }
});
