// SPDX-License-Identifier: MIT
// Secrets from the command line: stored as a page would, revealed, tampered with.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decrypt, items, pluginData } from '../support/store.js';
import { cliOf, EXIT, MEMBER, ORIGIN, run, startBrowser } from './cli.js';

const TOKEN = ['--origin', ORIGIN, '--key', 'token'];
/** Another member. */
const OTHER = '5f0000000000000000000002';
const KEY = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';
const VALUE =
  '2a62626c5b125ff434aaad4eb9b76977;8b87cbe38004fbe2b18490bb95ced2bf0fc6794db7c0fb086ea353da43701b30c34166d30d46a1dd0c46c7a6b4172d0e0963f2f13ffedf1e3b8f2513d3a7e232338f58a5e1ba05b8ddf9a625f94ca723';

/** @param {import('node:test').TestContext} t @param {string | Buffer} content */
function fileWith(t, content) {
  const folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-value-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'value');
  writeFileSync(path, content);
  return path;
}

test('a page loads a seeded secret, and reveal prints a secret that a page stored', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const { stdout, stderr } = await cli.do(['seed', ...TOKEN], { input: 's3cret' });
  assert.deepEqual([stdout, stderr], ['', '1 browser confirmed\n']);
  assert.equal((await browser.load('token')).result, 's3cret');
  await browser.store('other', 'from the page');
  const revealed = await cli.do(['reveal', '--origin', ORIGIN, '--key', 'other']);
  assert.deepEqual([revealed.stdout, revealed.stderr], ['from the page', '']);
});

test('a secret goes in and comes out byte for byte', async (t) => {
  const { state, ...cli } = cliOf(t);
  for (const secret of ['', '\n', 'a\n', 'é😀\0"\\\r\n', '\ufeffx', 'x'.repeat(300_000)]) {
    await cli.do(['seed', ...TOKEN], { input: secret });
    assert.equal((await cli.do(['reveal', ...TOKEN])).stdout, secret);
    assert.deepEqual(await cli.json(['reveal', ...TOKEN]), { value: secret });
    await cli.do(['seed', ...TOKEN, '--value-file', fileWith(t, `${secret}!`)]);
    assert.equal((await cli.do(['reveal', ...TOKEN])).stdout, `${secret}!`);
  }
  assert.equal(items(state).length, 1);
});

test('seed --json prints what storeSecret resolves to', async (t) => {
  const { state, ...cli } = cliOf(t);
  const first = await cli.json(['seed', ...TOKEN], { input: 'x' });
  assert.deepEqual(Object.keys(first), ['key', 'value', 'madeKey', 'confirmed']);
  assert.deepEqual([first.madeKey, first.confirmed], [true, 0]);
  const [item] = items(state);
  assert.deepEqual([item.slot, item.value], [first.key, first.value]);
  const [{ text }] = pluginData(state);
  assert.equal(decrypt(JSON.parse(text).aescbc, first.value), 'x');
  assert.equal((await cli.json(['seed', ...TOKEN], { input: 'y' })).madeKey, false);
});

test('a secret belongs to its member and its storage key', async (t) => {
  const { state: _state, ...cli } = cliOf(t);
  const site = ['--top-level-site', 'https://trello.com'];
  await cli.do(['seed', ...TOKEN], { input: 'default member' });
  await cli.do(['seed', ...TOKEN, '--member', OTHER], { input: 'another member' });
  await cli.do(['seed', ...TOKEN, ...site], { input: 'framed' });
  const revealed = async (/** @type {string[]} */ ...more) =>
    (await cli.do(['reveal', ...TOKEN, ...more])).stdout;
  assert.equal(await revealed(), 'default member');
  assert.equal(await revealed('--member', MEMBER), 'default member');
  assert.equal(await revealed('--member', OTHER), 'another member');
  assert.equal(await revealed(...site), 'framed');
  await cli.do(['sign-in', '--member', '0123456789abcdef01234567', '--origin', ORIGIN]);
  await cli.fails(EXIT.absent, /no such secret/, ['reveal', ...TOKEN]);
  await cli.do(['sign-out']);
  await cli.fails(EXIT.wrongUse, /No member is signed in.*--member/, ['reveal', ...TOKEN]);
  await cli.fails(EXIT.wrongUse, /--member/, ['seed', ...TOKEN], { input: 'x' });
  assert.equal(await revealed('--member', MEMBER), 'default member');
});

test('reveal distinguishes a missing secret from one that cannot be decrypted', async (t) => {
  const { state: _state, ...cli } = cliOf(t);
  await cli.fails(EXIT.absent, /no such secret/, ['reveal', ...TOKEN]);
  await cli.do(['seed', ...TOKEN], { input: 'x' });
  await cli.do(['rotate-key', '--origin', ORIGIN]);
  await cli.fails(EXIT.notDecrypted, /Decryption failed/, ['reveal', ...TOKEN]);
  await cli.do(['seed', ...TOKEN], { input: 'y' });
  assert.equal((await cli.do(['reveal', ...TOKEN])).stdout, 'y');
  await cli.do(['remove-personal-settings', '--origin', ORIGIN]);
  await cli.fails(EXIT.notDecrypted, /Decryption failed/, ['reveal', ...TOKEN]);
  await cli.do(['fidelity', 'library']);
  await cli.fails(EXIT.absent, /no such secret/, ['reveal', ...TOKEN]);
  await cli.do(['item', 'set', ...TOKEN], { input: 'no value' });
  await cli.fails(EXIT.absent, /no such secret/, ['reveal', ...TOKEN]);
  await cli.do(['seed', '--origin', ORIGIN, '--key', 'other'], { input: 'z' });
  await cli.fails(EXIT.notDecrypted, /Invalid hexString/, ['reveal', ...TOKEN]);
});

test('rotate-key replaces the key, or makes one, and leaves the rest of the text alone', async (t) => {
  const { state, ...cli } = cliOf(t);
  const place = ['--origin', ORIGIN, '--scope', 'member', '--visibility', 'private'];
  const text = () => JSON.parse(pluginData(state)[0].text);
  await cli.do(['rotate-key', '--origin', ORIGIN]);
  const first = text();
  assert.match(first.aescbc, /^[0-9a-f]{64}$/);
  await cli.do(['seed', ...TOKEN], { input: 'x' });
  assert.deepEqual(text(), first);
  await cli.do(['plugin-data', 'set', ...place], { input: '{"color":"blue"}' });
  await cli.do(['rotate-key', '--origin', ORIGIN]);
  const second = text();
  assert.equal(second.color, 'blue');
  await cli.do(['rotate-key', '--origin', ORIGIN]);
  const third = text();
  assert.equal(third.color, 'blue');
  assert.equal(new Set([first, second, third].map(({ aescbc }) => aescbc)).size, 3);
  await cli.fails(EXIT.notDecrypted, /Decryption failed|Unable/, ['reveal', ...TOKEN]);
});

test('rotate-key makes no key where Trello has no room for one', async (t) => {
  const { state, ...cli } = cliOf(t);
  const place = ['--origin', ORIGIN, '--scope', 'member', '--visibility', 'private'];
  await cli.do(['plugin-data', 'set', ...place], { input: JSON.stringify('x'.repeat(4000)) });
  const before = pluginData(state);
  await cli.fails(EXIT.failed, /4096 characters exceeded/, ['rotate-key', '--origin', ORIGIN]);
  assert.deepEqual(pluginData(state), before);
});

test('a secret that is empty is stored, and said to be', async (t) => {
  const { state: _state, ...cli } = cliOf(t);
  const { stderr } = await cli.do(['seed', ...TOKEN]);
  assert.match(stderr, /^the input was empty, and so is the secret\n/);
  assert.deepEqual(await cli.json(['reveal', ...TOKEN]), { value: '' });
});

test('a value that is not UTF-8, too large or missing is refused and changes nothing', async (t) => {
  const { state: _state, content, ...cli } = cliOf(t);
  const input = Buffer.from([0x61, 0xff]);
  await cli.fails(EXIT.wrongUse, /UTF-8/, ['seed', ...TOKEN], { input });
  await cli.fails(EXIT.wrongUse, /UTF-8/, ['item', 'set', ...TOKEN], { input });
  const missing = ['seed', ...TOKEN, '--value-file', '/nonexistent/file'];
  await cli.fails(EXIT.wrongUse, /\/nonexistent\/file cannot be opened/, missing);
  await cli.fails(EXIT.wrongUse, /cannot be read/, ['seed', ...TOKEN, '--value-file', '/']);
  assert.equal(content(), undefined);
});

test('a member whose text has no room for a key gets none', async (t) => {
  const { state, ...cli } = cliOf(t);
  const place = ['--origin', ORIGIN, '--scope', 'member', '--visibility', 'private'];
  const text = JSON.stringify({ a: 'x'.repeat(4080) });
  await cli.do(['plugin-data', 'set', ...place], { input: text });
  await cli.fails(EXIT.failed, /4096 characters exceeded/, ['seed', ...TOKEN], { input: 'x' });
  assert.equal(items(state).length, 0);
});

test('encrypt and decrypt use the format of Trello’s library', async (t) => {
  assert.equal((await run(['decrypt', '--key', KEY, VALUE])).stdout, 'hello');
  assert.equal((await run(['decrypt', '--key', KEY], { input: `${VALUE}\n` })).stdout, 'hello');
  const file = ['--value-file', fileWith(t, VALUE)];
  assert.equal((await run(['decrypt', '--key', KEY.toUpperCase(), ...file])).stdout, 'hello');
  for (const key of [KEY, KEY.slice(32)]) {
    for (const secret of ['', 'é\0\n', 'x'.repeat(100_000)]) {
      const { code, stdout } = await run(['encrypt', '--key', key], { input: secret });
      assert.equal(code, EXIT.done);
      assert.match(stdout, /^[0-9a-f]{32};(?:[0-9a-f]{32})+$/);
      const opened = await run(['decrypt', '--key', key, '--json'], { input: stdout });
      assert.deepEqual(JSON.parse(opened.stdout), { value: secret });
    }
  }
  const encrypted = await run(['encrypt', '--key', KEY, '--json'], { input: 'a' });
  assert.equal(decrypt(KEY, JSON.parse(encrypted.stdout).value), 'a');
});

test('a value that cannot be decrypted is reported with exit status 5', async () => {
  const wrongKey = `${KEY.slice(0, 63)}0`;
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [['--key', wrongKey, VALUE], /Decryption failed/],
    [['--key', KEY, VALUE.replace('2a', '2b')], /Unable to validate integrity/],
    [['--key', KEY, 'no value'], /Invalid hexString/],
    [['--key', KEY, ''], /Invalid hexString/],
    [['--key', KEY, VALUE.slice(0, -2)], /Decryption failed/],
  ])) {
    const { code, stdout, stderr } = await run(['decrypt', ...args]);
    assert.deepEqual([code, stdout], [EXIT.notDecrypted, ''], stderr);
    assert.match(stderr, words);
  }
});
