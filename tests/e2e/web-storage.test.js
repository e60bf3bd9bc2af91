// SPDX-License-Identifier: MIT
// Whatever a page can tell of its storages is as without the extension: beside it, in a Power-Up, and after
// every storage mode that was set and taken back. The cases are in pages/web-storage.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeOf } from './modes.js';
import { call, command, setStage } from './stage.js';

/** @typedef {import('./stage.js').Stage} Stage */
/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {{name: string, outcome: string}[]} Outcomes */

/** A page with the suite, and with frames of every kind. @param {Stage} stage @param {Browser} browser */
async function openSuite(stage, browser) {
  const page = await stage.open(browser);
  await page.goto(`${stage.origin('localhost')}/web-storage/suite.html`);
  await page.waitForFunction('window.runSuite');
  return page;
}

/** @param {Page} page */
async function reload(page) {
  await page.reload();
  await page.waitForFunction('window.runSuite');
}

/** @param {Page} page @returns {Promise<Outcomes>} */
async function outcomesIn(page) {
  const { host } = new URL(page.url());
  const outcomes = /** @type {Outcomes} */ (await page.evaluate('runSuite()'));
  return outcomes.map(({ name, outcome }) => ({ name, outcome: outcome.replaceAll(host, 'HOST') }));
}

/** @type {Promise<Outcomes> | undefined} */
let natural;

/** What the same browser does without the extension. @param {import('node:test').TestContext} t */
const withoutExtension = (t) =>
  (natural ??= (async () => {
    const stage = await setStage(t);
    return outcomesIn(
      await openSuite(stage, await stage.launch({ extension: false, ready: false })),
    );
  })());

/** The outcomes in a page that are not the browser's own. @param {Page} page @param {Outcomes} expected */
async function differences(page, expected) {
  const outcomes = await outcomesIn(page);
  assert.deepEqual(
    outcomes.map(({ name }) => name),
    expected.map(({ name }) => name),
  );
  return outcomes
    .map(({ name, outcome }, at) => ({ name, outcome, natural: expected[at].outcome }))
    .filter((one) => one.outcome !== one.natural);
}

test('the suite runs without the extension, and no case of it is broken', async (t) => {
  const expected = await withoutExtension(t);
  t.diagnostic(`${expected.length} cases`);
  assert.ok(expected.length > 100);
  // What a case throws on purpose is a TypeError of the browser's or an error of a storage.
  const broken = expected.filter(({ outcome }) =>
    /^throws (?!TypeError .*(constructor|Illegal))/.test(outcome),
  );
  assert.deepEqual(broken, []);
});

test('a storage mode that is set shows in the outcomes', async (t) => {
  const expected = await withoutExtension(t);
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'storage', 'denied');
  const found = await differences(await openSuite(stage, browser), expected);
  assert.ok(found.every(({ outcome }) => outcome.includes('SecurityError')));
  assert.ok(found.length > expected.length / 2, `${found.length}`);
});

test('beside the extension, and in a Power-Up, every outcome is the browser’s own', async (t) => {
  const expected = await withoutExtension(t);
  const stage = await setStage(t);
  const page = await openSuite(stage, await stage.launch());
  assert.deepEqual(await differences(page, expected), [], 'a page that is no Power-Up');

  await reload(page);
  await call(page, 'storeSecret', 'token', 'secret');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
  await call(page, 'clearSecret', 'token');
  assert.deepEqual(await differences(page, expected), [], 'a Power-Up');
});

for (const mode of ['denied', 'missing', 'full']) {
  test(`after ${mode} was set and taken back every outcome is the browser’s own, with and without a reload`, async (t) => {
    const expected = await withoutExtension(t);
    const stage = await setStage(t);
    const browser = await stage.launch();
    const here = ['--origin', stage.origin('localhost')];
    const open = await openSuite(stage, browser);
    await command(stage, 'storage', mode, ...here);
    await command(stage, 'fidelity', 'library', ...here);
    await command(stage, 'sign-out', ...here);
    const loaded = await openSuite(stage, browser);
    assert.deepEqual([await modeOf(open), await modeOf(loaded)], [mode, mode]);
    await command(stage, 'sign-in', ...here);
    await command(stage, 'fidelity', 'documented', ...here);
    await command(stage, 'storage', 'enabled', ...here);
    assert.deepEqual(await differences(open, expected), [], 'a page that was open before');
    await open.close();
    assert.deepEqual(await differences(loaded, expected), [], 'a page that was loaded meanwhile');
    await reload(loaded);
    assert.deepEqual(await differences(loaded, expected), [], 'a page that is loaded later');
  });
}
