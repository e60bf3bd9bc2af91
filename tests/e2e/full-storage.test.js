// SPDX-License-Identifier: MIT
// The storage mode `full` beside a localStorage that is full without us, and its entry's life.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FULL_ENTRY, STORAGE_QUOTA } from '../../extension/src/messages.js';
import { modeOf } from './modes.js';
import { addFrame, call, command, run, setStage, until } from './stage.js';
import { probeSecrets, probeStorage } from './storage-probes.js';

/** As long as ours, and sorted alike, so that both storages look the same. */
const OTHER_ENTRY = 'powerup-secrets-FULL';

/** @typedef {import('puppeteer-core').Page | import('puppeteer-core').Frame} Where */

/** @param {Where} where @returns {Promise<number>}  UTF-16 units */
const used = (where) =>
  where.evaluate(() =>
    Object.entries(localStorage).reduce((sum, [name, { length }]) => sum + name.length + length, 0),
  );

/** @param {Where} where */
const names = (where) => where.evaluate(() => Object.keys(localStorage).sort());

/**
 * Two pages with the same entries: the storage of the first is full by the mode, the second's by itself.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {(page: import('puppeteer-core').Page) => Promise<unknown>} prepare
 */
async function openBoth(stage, prepare) {
  const browser = await stage.launch();
  const ours = await stage.open(browser, 'ours.localhost');
  const real = await stage.open(browser, 'real.localhost');
  await prepare(ours);
  await prepare(real);
  await command(stage, 'storage', 'full', '--origin', stage.origin('ours.localhost'));
  await real.evaluate(
    (name, room) => localStorage.setItem(name, '0'.repeat(room)),
    OTHER_ENTRY,
    STORAGE_QUOTA - (await used(real)) - OTHER_ENTRY.length,
  );
  assert.deepEqual([await used(ours), await used(real)], [STORAGE_QUOTA, STORAGE_QUOTA]);
  return { ours, real };
}

test('whatever a page does with a full localStorage, it is as if something else had filled it', async (t) => {
  const stage = await setStage(t);
  const { ours, real } = await openBoth(stage, (page) =>
    page.evaluate(() => localStorage.setItem('own', 'value')),
  );
  const expected = await real.evaluate(probeStorage, OTHER_ENTRY);
  assert.equal(expected.setItem.error[1], 'QuotaExceededError');
  assert.equal(expected['MDN’s storageAvailable'].returned, true);
  assert.deepEqual(await ours.evaluate(probeStorage, FULL_ENTRY), expected);
});

for (const fidelity of ['documented', 'library']) {
  test(`${fidelity}: secret calls are as if something else had filled the localStorage`, async (t) => {
    const stage = await setStage(t);
    await command(stage, 'fidelity', fidelity);
    const { ours, real } = await openBoth(stage, (page) =>
      call(page, 'storeSecret', 'token', 'secret'),
    );
    const expected = await real.evaluate(probeSecrets);
    assert.equal(expected[2].at(-1)[1], 'QuotaExceededError');
    assert.deepEqual(await ours.evaluate(probeSecrets), expected);
  });
}

test('the entry is gone with the mode, in open pages and in those that are loaded later', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  const frame = await addFrame(page, { src: '/page.html' });
  const sandboxed = await addFrame(page, { src: '/page.html', sandbox: 'allow-scripts' });
  /** @type {unknown[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.evaluate(() => localStorage.setItem('own', 'value'));

  for (const ending of ['enabled', 'denied', 'missing']) {
    await command(stage, 'storage', 'full');
    assert.deepEqual(await names(page), ['own', FULL_ENTRY]);
    assert.equal(await used(frame), STORAGE_QUOTA);
    assert.equal(await modeOf(sandboxed), 'denied');
    assert.deepEqual(JSON.parse(await command(stage, 'items', '--json')), []);
    await command(stage, 'storage', ending);
    assert.equal(await modeOf(sandboxed), ending === 'missing' ? 'missing' : 'denied');
    await command(stage, 'storage', 'enabled');
    assert.deepEqual(await names(page), ['own']);
  }
  for (const ending of [['storage', 'enabled'], ['reset']]) {
    await command(stage, 'storage', 'full');
    await page.goto(`${stage.origin('localhost')}/first-script.html`);
    assert.deepEqual(await names(page), ['own', FULL_ENTRY]);
    await page.goto(`${stage.origin('other.localhost')}/page.html`);
    await command(stage, ...ending);
    await page.goto(`${stage.origin('localhost')}/names.html`);
    const first = await page.evaluate(() => /** @type {any} */ (window).namesSeenByTheFirstScript);
    assert.deepEqual(first, ['own']);
  }
  assert.deepEqual(errors, []);
});

test('a page that is loaded finds its localStorage full, whatever an earlier one removed', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await command(stage, 'storage', 'full');
  await page.evaluate(() => localStorage.clear());
  await command(stage, 'fidelity', 'library');
  assert.deepEqual(await names(page), [], 'nothing but the mode fills it');
  await page.reload();
  assert.deepEqual(await names(page), [FULL_ENTRY]);
  assert.equal(await used(page), STORAGE_QUOTA);
  // A frame in another site has a storage of its own.
  const outer = await stage.open(browser, 'trello.localhost');
  const framed = await addFrame(outer, { src: `${stage.origin('localhost')}/page.html` });
  assert.equal(await used(framed), STORAGE_QUOTA);
});

test('where the mode was never used, an entry of the same name is the page’s', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch({ own: true }));
  await page.evaluate((name) => localStorage.setItem(name, 'mine'), FULL_ENTRY);
  await command(stage, 'storage', 'denied');
  await page.reload();
  await command(stage, 'storage', 'enabled');
  assert.deepEqual(await names(page), [FULL_ENTRY]);
});

test('what the command line changes finds room in a full localStorage, which stays full', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'token', 'secret');
  await command(stage, 'storage', 'full');
  const place = ['--origin', stage.origin('localhost')];
  for (const value of ['seeded', 'x'.repeat(1000), 's']) {
    assert.equal((await run(stage, ['seed', ...place, '--key', 'token'], value)).status, 0);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: value });
    assert.equal(await used(page), STORAGE_QUOTA);
  }
  await command(stage, 'clear-site-data', ...place);
  assert.deepEqual(await names(page), [FULL_ENTRY]);
  assert.equal(await used(page), STORAGE_QUOTA);
  assert.equal(await modeOf(page), 'full');
});

/** @param {string} folder @returns {boolean}  whether a file below it holds the entry's name */
const isOnDisk = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .some((path) => existsSync(path) && readFileSync(path).includes(FULL_ENTRY));

test('the entry is gone also after the browser was killed while its localStorage was full', async (t) => {
  const stage = await setStage(t);
  const profile = join(stage.folder, 'kept-profile');
  const first = await stage.launch({ profile });
  await command(stage, 'storage', 'full');
  const page = await stage.open(first);
  assert.equal(await used(page), STORAGE_QUOTA);
  await until(() => isOnDisk(profile));
  const process = first.process();
  process?.kill('SIGKILL');
  await once(/** @type {import('node:child_process').ChildProcess} */ (process), 'exit');

  await run(stage, ['reset']);
  const second = await stage.launch({ profile });
  const again = await second.newPage();
  await again.goto(`${stage.origin('localhost')}/names.html`);
  const seen = await again.evaluate(() => /** @type {any} */ (window).namesSeenByTheFirstScript);
  assert.deepEqual(seen, []);
});
