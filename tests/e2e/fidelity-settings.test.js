// SPDX-License-Identifier: MIT
// What differs between the two fidelity settings, and the promises of `documented`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageIn } from '../support/browser-messages.js';
import { execute, items, pluginData } from '../support/store.js';
import { addFrame, browserName, call, command, hashOf, MEMBER, setStage } from './stage.js';

/** @typedef {import('puppeteer-core').Page | import('puppeteer-core').Frame} Where */

const ROUNDS = 50;

/**
 * Starts a store in each place at once, for one member, and says what loads afterwards.
 *
 * @param {Where[]} places
 * @param {string} member
 * @returns {Promise<(string | null)[]>}
 */
async function storeAtOnce(places, member) {
  await Promise.all(
    places.map((place, index) =>
      place.evaluate(
        async (who, number) => {
          const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
          t.getContext().member = who;
          await t.storeSecret(`of ${number}`, `secret ${number}`);
        },
        member,
        index,
      ),
    ),
  );
  return Promise.all(
    places.map((place, index) =>
      place.evaluate(
        async (number) =>
          /** @type {any} */ (window).TrelloPowerUp.iframe().loadSecret(`of ${number}`),
        index,
      ),
    ),
  );
}

/**
 * @param {import('./stage.js').Stage} stage
 * @param {number} members
 */
function assertOneKeyEach(stage, members) {
  const keys = pluginData(stage.stateFolder).map(({ text }) => JSON.parse(text).aescbc);
  assert.equal(keys.length, members);
  assert.equal(new Set(keys).size, members);
}

test('documented: first stores at once from two browsers share one key, fifty times', async (t) => {
  const stage = await setStage(t);
  const pages = await Promise.all(
    ['one', 'two'].map(async (browserProfile) =>
      stage.open(await stage.launch({ browserProfile })),
    ),
  );

  for (let round = 0; round < ROUNDS; round++) {
    assert.deepEqual(await storeAtOnce(pages, `member ${round}`), ['secret 0', 'secret 1']);
  }
  assertOneKeyEach(stage, ROUNDS);
});

test('documented: first stores at once from two frames lose nothing', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html' });

  for (let round = 0; round < ROUNDS; round++) {
    assert.deepEqual(await storeAtOnce([page, frame], `member ${round}`), ['secret 0', 'secret 1']);
  }
  assertOneKeyEach(stage, ROUNDS);
});

test('documented: fifty first stores in one tick all load', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const loaded = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const numbers = [...Array(50).keys()];
    await Promise.all(numbers.map((number) => t.storeSecret(`k${number}`, `v${number}`)));
    return Promise.all(numbers.map((number) => t.loadSecret(`k${number}`)));
  });
  assert.deepEqual(
    loaded,
    [...Array(50).keys()].map((number) => `v${number}`),
  );
  assertOneKeyEach(stage, 1);
});

test('documented: a t.set at the same time does not cost the new key, nor the key the data', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html' });

  for (let round = 0; round < 20; round++) {
    const who = `member ${round}`;
    const setting = frame.evaluate(async (member) => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      t.getContext().member = member;
      await t.set('member', 'private', 'choice', 1);
    }, who);
    const [loaded] = await storeAtOnce([page], who);
    await setting;
    assert.equal(loaded, 'secret 0');
    assert.equal(
      await page.evaluate(async () =>
        /** @type {any} */ (window).TrelloPowerUp.iframe().get('member', 'private', 'choice'),
      ),
      1,
    );
  }
});

test('documented: calls of one page take effect in call order', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'k', 'old');

  const seen = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const results = await Promise.all([
      t.storeSecret('k', 'new').then(() => 'stored'),
      t.loadSecret('k'),
      t.clearSecret('k'),
      t.loadSecret('k'),
      t.storeSecret('k', 'again').then(() => 'stored'),
      t.loadSecret('k'),
      t.clearSecret('k'),
    ]);
    return [...results, await t.loadSecret('k'), Object.keys(localStorage).length];
  });
  assert.deepEqual(seen, ['stored', 'new', null, null, 'stored', 'again', null, null, 0]);
  assert.deepEqual(items(stage.stateFolder), []);
});

for (const [fidelity, outcome] of /** @type {[string, object][]} */ ([
  [
    'documented',
    {
      rejected: {
        class: 'Error',
        name: 'Error',
        message: messageIn(browserName, 'Decryption failed. Message: '),
        operational: true,
      },
    },
  ],
  ['library', { resolved: null }],
])) {
  test(`${fidelity}: what an item whose key is gone gives`, async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch();
    await command(stage, 'fidelity', fidelity);
    const page = await stage.open(browser);

    await call(page, 'storeSecret', 'token', 'secret');
    execute(stage.stateFolder, 'DELETE FROM plugin_data');
    assert.deepEqual(await call(page, 'loadSecret', 'token'), outcome);
    // Another key does not bring it back, in neither setting.
    await call(page, 'storeSecret', 'another', 'x');
    const { rejected } = await call(page, 'loadSecret', 'token');
    assert.match(rejected.message, /^Decryption failed\./);
  });
}

test('library: of first stores in one tick only the last loads', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', 'library');
  const page = await stage.open(browser);

  const loaded = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    await Promise.all([t.storeSecret('access', 'a'), t.storeSecret('refresh', 'r')]);
    const message = (/** @type {Error} */ error) => error.message.slice(0, 18);
    return Promise.all([t.loadSecret('access').catch(message), t.loadSecret('refresh')]);
  });
  assert.deepEqual(loaded, ['Decryption failed.', 'r']);
});

test('library: an unawaited clear overtakes a store', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', 'library');
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'k', 'old');

  const loaded = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    await Promise.all([t.storeSecret('k', 'new'), t.clearSecret('k')]);
    return t.loadSecret('k');
  });
  assert.equal(loaded, 'new');
  assert.equal(items(stage.stateFolder).length, 1);
});

test('library: a key that does not fit into the member’s data leaves the slot behind', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', 'library');
  const page = await stage.open(browser);
  const full = 'x'.repeat(4096 - '{"k":""}'.length);

  await call(page, 'set', 'member', 'private', 'k', full);
  const { rejected } = await call(page, 'storeSecret', 'token', 'secret');
  assert.match(rejected.message, /^PluginData length of 4096 characters exceeded\./);
  assert.equal(items(stage.stateFolder).length, 1);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
});

test('documented: a key that does not fit stores nothing at all', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const full = 'x'.repeat(4096 - '{"k":""}'.length);

  await call(page, 'set', 'member', 'private', 'k', full);
  const { rejected } = await call(page, 'storeSecret', 'token', 'secret');
  assert.match(rejected.message, /^PluginData length of 4096 characters exceeded\./);
  assert.deepEqual(items(stage.stateFolder), []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('each origin has its own setting', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', 'library', '--origin', stage.origin('a.localhost'));

  for (const [name, outcome] of /** @type {const} */ ([
    ['a.localhost', 'resolved'],
    ['b.localhost', 'rejected'],
  ])) {
    const page = await stage.open(browser, name, hashOf({ context: { member: MEMBER } }));
    await call(page, 'storeSecret', 'token', 'secret');
    execute(stage.stateFolder, 'DELETE FROM plugin_data');
    assert.deepEqual(Object.keys(await call(page, 'loadSecret', 'token')), [outcome]);
  }
});
