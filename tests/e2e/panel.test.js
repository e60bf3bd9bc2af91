// SPDX-License-Identifier: MIT
// The toolbar button's panel, opened as a person opens it.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, command, MEMBER, oneBrowser, setStage } from './stage.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */

const toolbar = oneBrowser('chromium', 'WebDriver BiDi cannot press a toolbar button');

/**
 * Opens the panel over a page.
 *
 * @param {Browser} browser
 * @param {Page} page
 */
async function openPanel(browser, page) {
  await page.bringToFront();
  const worker = await (
    await browser.waitForTarget((target) => target.type() === 'service_worker')
  ).worker();
  assert.ok(worker);
  // A worker that has just started may be reached before anything is in it, even setTimeout; each
  // question is a round trip.
  while (!(await worker.evaluate(() => globalThis.chrome?.action !== undefined)));
  const [target] = await Promise.all([
    browser.waitForTarget((each) => each.url().endsWith('/panel.html')),
    worker.evaluate(() => chrome.action.openPopup()),
  ]);
  const panel = await target.asPage();
  await settled(panel);
  return panel;
}

/** @param {Page} panel */
const settled = (panel) => panel.waitForFunction("document.body.ariaBusy === 'false'");

/** @param {Page} panel @param {string} selector */
async function press(panel, selector) {
  await panel.evaluate((name) => {
    document.body.ariaBusy = 'true';
    /** @type {any} */ (document.querySelector(name)).click();
  }, selector);
  await settled(panel);
}

/** @param {Page} panel */
const read = (panel) =>
  panel.evaluate(() => {
    const text = (/** @type {string} */ selector) =>
      /** @type {HTMLElement} */ (document.querySelector(selector)).innerText;
    const cells = (/** @type {string} */ selector) =>
      [...document.querySelectorAll(`${selector} tbody tr`)].map((row) =>
        [.../** @type {HTMLTableRowElement} */ (row).cells].map((cell) => cell.innerText),
      );
    return {
      host: text('#host'),
      message: text('#message'),
      origins: [...document.querySelectorAll('option')].map((option) => option.value),
      pressed: [...document.querySelectorAll("[aria-pressed='true']")].map(
        (button) => /** @type {HTMLButtonElement} */ (button).value,
      ),
      member: text('#member'),
      items: cells('#items'),
      calls: cells('#calls'),
    };
  });

test('the panel shows the settings of the current tab and changes them', toolbar, async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'token', 's');
  const panel = await openPanel(browser, page);

  const before = await read(panel);
  assert.match(before.host, /^Host: powerup-secrets \d+\.\d+\.\d+$/);
  assert.equal(before.message, '');
  assert.deepEqual(before.origins, [stage.origin('localhost')]);
  assert.deepEqual(before.pressed, ['enabled']);
  assert.equal(before.member, MEMBER);
  assert.equal(before.items.length, 1);
  assert.deepEqual(before.items[0].slice(1, 3), ['default', '']);
  assert.deepEqual(before.calls[0].slice(1), ['storeSecret', 'token', 'resolved']);

  await press(panel, "[value='denied']");
  assert.deepEqual((await read(panel)).pressed, ['denied']);
  assert.equal((await call(page, 'loadSecret', 'token')).rejected.name, 'SecurityError');
  await press(panel, "[value='enabled']");
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 's' });

  await press(panel, '#remove');
  assert.match((await call(page, 'loadSecret', 'token')).rejected.message, /^Decryption failed/);
  await press(panel, '#refresh');
  const [, , , outcome] = (await read(panel)).calls[0];
  assert.match(outcome, /^Decryption failed/);
  assert.doesNotMatch(String(await panel.evaluate('document.body.innerText')), /undefined|null/);
});

test(
  'the panel finds the Power-Up in a frame, and follows a change from the command line',
  toolbar,
  async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch();
    const page = await stage.open(browser);
    const address = `${stage.origin('framed.localhost')}/page.html`;
    await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
    }, address);
    const frame = page.frames()[1];
    await call(frame, 'storeSecret', 'token', 's');
    await command(stage, 'storage', 'full', '--origin', stage.origin('framed.localhost'));
    const panel = await openPanel(browser, page);
    const { origins, pressed, items } = await read(panel);
    assert.deepEqual(origins.slice(0, 1), [stage.origin('framed.localhost')]);
    assert.ok(origins.includes(stage.origin('localhost')));
    assert.deepEqual(pressed, ['full']);
    assert.equal(items.length, 1);
  },
);

test(
  'keys and messages of a page are seen in the panel for what they are, each by itself',
  toolbar,
  async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch();
    const page = await stage.open(browser);
    await call(page, 'storeSecret', 'to\u202eke\u2066n\u001b[1m\u200d\n', 's');
    const panel = await openPanel(browser, page);
    const shown = 'to\\u202eke\\u2066n\\u001b[1m\\u200d\\u000a';
    assert.deepEqual((await read(panel)).calls[0].slice(1), ['storeSecret', shown, 'resolved']);
    // Letters of scripts that run from the right must not carry what is beside them along.
    const isolations = await panel.evaluate(() =>
      [...document.querySelectorAll('#calls td, #message, #member')].map(
        (element) => getComputedStyle(element).unicodeBidi,
      ),
    );
    assert.deepEqual([...new Set(isolations)], ['isolate']);
  },
);

test('without its host the panel names the fix', toolbar, async (t) => {
  const stage = await setStage(t);
  rmSync(join(stage.folder, 'host'));
  const browser = await stage.launch({ ready: false });
  const page = await stage.open(browser);
  const panel = await openPanel(browser, page);
  const { message } = await read(panel);
  assert.match(message, /^powerup-secrets: the native host (is not installed|cannot be started)/);
});
