// SPDX-License-Identifier: MIT
// The page's own localStorage: what it holds, refuses and forgets counts, in both settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageIn } from '../support/browser-messages.js';
import { execute, items, pluginData } from '../support/store.js';
import { addFrame, browserName, call, command, setStage, until } from './stage.js';

const SETTINGS = ['documented', 'library'];

/** A page in one of the settings. @param {import('node:test').TestContext} t @param {string} fidelity */
async function openIn(t, fidelity) {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', fidelity);
  return { stage, browser, page: await stage.open(browser) };
}

for (const fidelity of SETTINGS) {
  test(`${fidelity}: the entry is in the page’s localStorage and in the store`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);

    const { resolved } = await call(page, 'storeSecret', 'token', 'secret');
    assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), {
      [resolved.key]: resolved.value,
    });
    assert.equal(items(stage.stateFolder)[0].value, resolved.value);
    await call(page, 'clearSecret', 'token');
    assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), {});
    assert.deepEqual(items(stage.stateFolder), []);
  });

  test(`${fidelity}: what the page clears or removes is gone, after a reload too`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);

    for (const drop of [
      'localStorage.clear()',
      'localStorage.removeItem(Object.keys(localStorage)[0])',
    ]) {
      for (const reload of [false, true]) {
        await call(page, 'storeSecret', 'token', 'secret');
        await page.evaluate(drop);
        if (reload) {
          await page.reload();
        }
        assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
        assert.deepEqual(items(stage.stateFolder), []);
      }
    }
  });

  test(`${fidelity}: a value that the page put there itself is what loads`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);
    const { resolved: first } = await call(page, 'storeSecret', 'token', 'first');
    await call(page, 'storeSecret', 'token', 'second');

    await page.evaluate(({ key, value }) => localStorage.setItem(key, value), first);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'first' });
    assert.deepEqual(
      items(stage.stateFolder).map(({ value }) => value),
      [first.value],
    );
    await page.evaluate(({ key }) => localStorage.setItem(key, ''), first);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
  });

  test(`${fidelity}: a new browser profile finds what was stored before`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);
    const { resolved } = await call(page, 'storeSecret', 'token', 'secret');

    const other = await stage.open(await stage.launch());
    assert.deepEqual(await call(other, 'loadSecret', 'token'), { resolved: 'secret' });
    assert.equal(
      await other.evaluate((slot) => localStorage.getItem(slot), resolved.key),
      resolved.value,
    );
  });

  test(`${fidelity}: what was changed at the host reaches a page that is loaded later`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);
    await call(page, 'storeSecret', 'token', 'secret');

    execute(stage.stateFolder, 'DELETE FROM item');
    await page.reload();
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
    assert.equal(await page.evaluate(() => localStorage.length), 0);
  });

  test(`${fidelity}: two frames of one origin see each other’s changes at once`, async (t) => {
    const { page } = await openIn(t, fidelity);
    const frame = await addFrame(page, { src: '/page.html' });

    await call(page, 'storeSecret', 'token', 'of the page');
    assert.deepEqual(await call(frame, 'loadSecret', 'token'), { resolved: 'of the page' });
    await call(frame, 'storeSecret', 'token', 'of the frame');
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'of the frame' });
    await call(page, 'clearSecret', 'token');
    assert.deepEqual(await call(frame, 'loadSecret', 'token'), { resolved: null });
    await frame.evaluate(() => localStorage.clear());
    await call(page, 'storeSecret', 'token', 'at last');
    assert.deepEqual(await call(frame, 'loadSecret', 'token'), { resolved: 'at last' });
  });

  test(`${fidelity}: no room, no change`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);
    const { resolved } = await call(page, 'storeSecret', 'token', 'kept');
    execute(stage.stateFolder, 'DELETE FROM plugin_data');
    await page.evaluate(() => {
      const used = Object.entries(localStorage).flat().join('').length;
      localStorage.setItem('fill', 'x'.repeat(5_242_880 - used - 'fill'.length));
    });

    const { rejected } = await call(page, 'storeSecret', 'another', 'secret');
    assert.equal(rejected.name, 'QuotaExceededError');
    assert.match(
      rejected.message,
      {
        chromium:
          /^Failed to execute 'setItem' on 'Storage': Setting the value of '[0-9a-f]{64}' exceeded the quota\.$/,
        firefox: /^The quota has been exceeded\.$/,
      }[browserName] ?? /^$/,
    );
    assert.equal(rejected.operational, false);
    assert.deepEqual(pluginData(stage.stateFolder), []);
    assert.deepEqual(
      items(stage.stateFolder).map(({ value }) => value),
      [resolved.value],
    );
    // A value that is no longer than the one before still fits.
    assert.ok('resolved' in (await call(page, 'storeSecret', 'token', 'KEPT')));
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'KEPT' });
  });

  test(`${fidelity}: a secret that fits into no localStorage is refused as by the browser`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);

    const outcomes = await page.evaluate(async () => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      const name = (/** @type {Error} */ error) => error.name;
      const store = (/** @type {number} */ length) =>
        t.storeSecret('token', 'x'.repeat(length)).then(() => 'stored', name);
      return [await store(2_621_312), await store(6_000_000), await store(2_621_311)];
    });
    assert.deepEqual(outcomes, ['QuotaExceededError', 'QuotaExceededError', 'stored']);
    assert.equal(items(stage.stateFolder)[0].value.length, 5_242_880 - 64 - 31);
  });

  for (const [name, source, expected, message] of [
    ['null', 'get: () => null', 'TypeError', "Cannot read properties of null (reading 'METHOD')"],
    [
      'undefined',
      'get: () => undefined',
      'TypeError',
      "Cannot read properties of undefined (reading 'METHOD')",
    ],
    [
      'throwing',
      "get() { throw new DOMException('blocked', 'SecurityError') }",
      'DOMException',
      'blocked',
    ],
  ]) {
    test(`${fidelity}: a localStorage that a script made ${name} fails as with the library`, async (t) => {
      const { stage, page } = await openIn(t, fidelity);
      await page.evaluate(`Object.defineProperty(window, 'localStorage', { ${source} })`);

      for (const [method, access] of [
        ['storeSecret', 'setItem'],
        ['loadSecret', 'getItem'],
        ['clearSecret', 'removeItem'],
      ]) {
        const { rejected } = await call(page, method, 'token', 'secret');
        assert.equal(rejected.class, expected);
        assert.equal(rejected.message, messageIn(browserName, message.replace('METHOD', access)));
        assert.equal(rejected.operational, false);
      }
      assert.deepEqual(items(stage.stateFolder), []);
      assert.deepEqual(pluginData(stage.stateFolder), []);
    });
  }

  test(`${fidelity}: what a replaced localStorage does with an entry counts`, async (t) => {
    const { stage, page } = await openIn(t, fidelity);
    await page.evaluate(() => {
      const kept = new Map();
      Object.defineProperty(window, 'localStorage', {
        value: {
          getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
          setItem: (/** @type {string} */ name, /** @type {string} */ value) =>
            kept.set(name, value),
          removeItem() {
            throw new RangeError('not today');
          },
        },
      });
    });

    assert.ok('resolved' in (await call(page, 'storeSecret', 'token', 'secret')));
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
    const { rejected } = await call(page, 'clearSecret', 'token');
    assert.deepEqual(rejected, {
      class: 'RangeError',
      name: 'RangeError',
      message: 'not today',
      operational: false,
    });
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
    // The browser's own localStorage never got it, so the browser does not keep it.
    await until(() => items(stage.stateFolder).length === 0);
  });
}

test('other entries of the page are never touched', async (t) => {
  const { stage, page } = await openIn(t, 'documented');
  await page.evaluate(() => localStorage.setItem('own', 'value'));

  await call(page, 'storeSecret', 'token', 'secret');
  await call(page, 'clearSecret', 'token');
  execute(stage.stateFolder, 'DELETE FROM item');
  await page.reload();
  await call(page, 'loadSecret', 'token');
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { own: 'value' });
});
