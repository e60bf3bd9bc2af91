// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { messageIn } from '../support/browser-messages.js';
import { decrypt, execute, filesHolding, items, pluginData } from '../support/store.js';
import { addFrame, browserName, call, MEMBER, setStage } from './stage.js';

test('a page stores, loads and clears a secret', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
  const { resolved } = await call(page, 'storeSecret', 'token', 's3cret value');
  assert.deepEqual(Object.keys(resolved), ['key', 'value']);
  assert.equal(resolved.key, 'edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b');
  assert.match(resolved.value, /^[0-9a-f]{32};[0-9a-f]{160}$/);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 's3cret value' });
  assert.deepEqual(await call(page, 'clearSecret', 'token'), { resolved: null });
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
});

test('the store keeps the library’s format, under the member’s key', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const { resolved } = await call(page, 'storeSecret', 'token', 's3cret value');
  const [item] = items(stage.stateFolder);
  assert.deepEqual(item, {
    profile: 'default',
    origin: stage.origin('localhost'),
    site: '',
    slot: resolved.key,
    value: resolved.value,
  });
  const [data] = pluginData(stage.stateFolder);
  assert.match(data.text, /^\{"aescbc":"[0-9a-f]{64}"\}$/);
  assert.deepEqual(
    [data.power_up, data.scope, data.owner, data.visibility],
    [stage.origin('localhost'), 'member', MEMBER, 'private'],
  );
  assert.equal(decrypt(JSON.parse(data.text).aescbc, item.value), 's3cret value');
});

test('a second origin sees nothing of the first', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const first = await stage.open(browser, 'a.localhost');
  const second = await stage.open(browser, 'b.localhost');

  await call(first, 'storeSecret', 'token', 'of a');
  assert.deepEqual(await call(second, 'loadSecret', 'token'), { resolved: null });
  await call(second, 'clearSecret', 'token');
  await call(second, 'storeSecret', 'token', 'of b');
  assert.deepEqual(await call(first, 'loadSecret', 'token'), { resolved: 'of a' });
  assert.deepEqual(await call(second, 'loadSecret', 'token'), { resolved: 'of b' });
});

test('two origins that differ by the port alone are two', async (t) => {
  const stage = await setStage(t);
  const other = await setStage(t);
  const browser = await stage.launch();
  const first = await stage.open(browser);
  const second = await other.open(browser);

  await call(first, 'storeSecret', 'token', 'one port');
  assert.deepEqual(await call(second, 'loadSecret', 'token'), { resolved: null });
});

test('a page inside a frame of another site has its own storage', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const top = await stage.open(browser, 'trello.localhost');
  const direct = await stage.open(browser, 'powerup.localhost');
  const src = `${stage.origin('powerup.localhost')}/page.html`;
  const framed = await addFrame(top, { src });

  await call(direct, 'storeSecret', 'token', 'at top level');
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: null });
  await call(framed, 'storeSecret', 'token', 'framed');
  assert.deepEqual(await call(direct, 'loadSecret', 'token'), { resolved: 'at top level' });
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: 'framed' });
  assert.deepEqual(
    items(stage.stateFolder).map(({ site }) => site),
    ['', 'http://trello.localhost'],
  );
});

test('a frame of the page’s own site shares the page’s storage', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html' });

  await call(page, 'storeSecret', 'token', 'shared');
  assert.deepEqual(await call(frame, 'loadSecret', 'token'), { resolved: 'shared' });
});

test('about:blank and srcdoc frames act for the origin that made them', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'token', 'inherited');

  for (const attributes of [{}, { srcdoc: '<p>inside</p>' }]) {
    const frame = await addFrame(page, /** @type {Record<string, string>} */ (attributes));
    assert.deepEqual(await call(frame, 'loadSecret', 'token'), { resolved: 'inherited' });
  }
});

test('a sandboxed frame meets the browser’s own SecurityError', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html', sandbox: 'allow-scripts' });

  for (const method of ['storeSecret', 'loadSecret', 'clearSecret']) {
    const { rejected } = await call(frame, method, 'token', 'x');
    assert.equal(rejected.class, 'DOMException');
    assert.equal(rejected.name, 'SecurityError');
  }
});

test('secrets of every form come back as the library gives them', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const cases = [
    ['', ''],
    ['a\0b', 'a\0b'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['lone \ud83d and \ude00 swapped', 'lone \ufffd and \ufffd swapped'],
    ['\ufeffstarts with a byte order mark', '\ufeffstarts with a byte order mark'],
    ['line\r\nbreaks\u2028and "quotes" \\ /', 'line\r\nbreaks\u2028and "quotes" \\ /'],
  ];

  for (const [stored, loaded] of cases) {
    // The page builds the text: a lone surrogate does not survive the way of a test into the page.
    const units = [...Array(stored.length).keys()].map((at) => stored.charCodeAt(at));
    const back = await page.evaluate(async (codes) => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      await t.storeSecret('form', String.fromCharCode(...codes));
      return t.loadSecret('form');
    }, units);
    assert.equal(back, loaded);
  }
});

test('a secret of two million bytes comes back whole', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const same = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const secret = 'é"\\x'.repeat(400_000);
    const { value } = await t.storeSecret('large', secret);
    const loaded = await t.loadSecret('large');
    return { same: loaded === secret, length: loaded.length, valueLength: value.length };
  });
  assert.deepEqual(same, {
    same: true,
    length: 1_600_000,
    valueLength: 33 + 2 * 16 * ((64 + 2_000_000) / 16 + 1),
  });
});

test('neither secret nor member key is in plain text in database, write-ahead log or stderr', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const secret = 'a-marker-that-is-nowhere-else-90210';

  await call(page, 'storeSecret', 'token', secret);
  await call(page, 'loadSecret', 'token');
  await call(page, 'storeSecret', 'token', `${secret} again`);
  await call(page, 'clearSecret', 'token');

  const { aescbc } = JSON.parse(pluginData(stage.stateFolder)[0].text);
  const needles = [secret, aescbc, Buffer.from(aescbc, 'hex')];
  // The search finds what is there: nothing was moved out of the write-ahead log yet.
  assert.deepEqual(filesHolding(stage.stateFolder, ['CREATE TABLE item']), ['store.sqlite3-wal']);
  assert.deepEqual(filesHolding(stage.stateFolder, needles), []);
  const stderr = readFileSync(stage.stderr);
  assert.ok(needles.every((needle) => !stderr.includes(needle)));
});

test('a stored value that was changed rejects with the library’s error and its mark', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'token', 's3cret value');
  const [{ value }] = items(stage.stateFolder);

  const error = { class: 'Error', name: 'Error' };
  for (const [changed, expected] of /** @type {[string, object][]} */ ([
    ['aa;zz', { ...error, message: 'Invalid hexString', operational: false }],
    [
      `00${value}`,
      {
        ...error,
        message: messageIn(
          browserName,
          'Decryption failed. Message: The "iv" has an unexpected length -- must be 16 bytes',
        ),
        operational: true,
      },
    ],
    [
      value.slice(0, -2),
      {
        ...error,
        message: messageIn(browserName, 'Decryption failed. Message: '),
        operational: true,
      },
    ],
    [
      `${'0'.repeat(32)}${value.slice(32)}`,
      { ...error, message: 'Decryption failed. Unable to validate integrity.', operational: false },
    ],
  ])) {
    execute(stage.stateFolder, `UPDATE item SET value = '${changed}'`);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { rejected: expected });
  }
});
