// SPDX-License-Identifier: MIT
// A command that returns 0 is in force, whatever became of the host, the background or other pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWorker } from '../support/browser.js';
import { shortTime } from '../support/patience.js';
import { modeOf } from './modes.js';
import { browserName, call, command, oneBrowser, run, setStage } from './stage.js';

test('after the host was killed a command waits for the next one', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch({ own: true }));
  for (const mode of ['denied', 'enabled', 'denied']) {
    process.kill(stage.hosts()[0], 'SIGKILL');
    const { status, stderr } = await run(stage, ['storage', mode]);
    assert.deepEqual([status, stderr], [0, '1 browser confirmed\n']);
    assert.equal(await modeOf(page), mode);
  }
});

test(
  'after the extension’s worker was closed a command waits for the next one, and calls end',
  oneBrowser('chromium', 'Firefox has no worker that a driver could close'),
  async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch({ own: true });
    const page = await stage.open(browser);
    for (let rounds = 0; rounds < 4; rounds++) {
      const pending = page.evaluate(() =>
        Promise.all(
          ['a', 'b', 'c'].map(async (key) => {
            const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
            try {
              await t.storeSecret(key, 'secret');
              return 'resolved';
            } catch (error) {
              return /** @type {Error} */ (error).message;
            }
          }),
        ),
      );
      await closeWorker(browser);
      for (const outcome of await pending) {
        assert.match(outcome, /^resolved$|^powerup-secrets: /);
      }
      for (const mode of ['denied', 'enabled']) {
        const { status, stderr } = await run(stage, ['storage', mode]);
        assert.deepEqual([status, stderr], [0, '1 browser confirmed\n']);
        assert.equal(await modeOf(page), mode);
      }
      assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
    }
  },
);

/** What keeps a page from answering. @type {Record<string, string>} */
const BUSY = {
  'a script that runs for long': 'setTimeout(() => { while (!window.never); })',
  'an open dialog': "setTimeout(() => alert('Hello'))",
};

for (const [name, code] of Object.entries(BUSY)) {
  test(`${name} holds up the commands for its own origin alone, which name it`, async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch({ own: true });
    const other = await stage.open(browser, 'a.localhost');
    const page = await browser.newPage();
    await page.goto(`${stage.origin('localhost')}/page.html`);
    const seconds = await shortTime(() => command(stage, 'browsers'), 4);
    await page.evaluate(`TrelloPowerUp.iframe(); ${code}; 0`);

    // Firefox gives both pages one process, so that the other one is busy, too.
    if (browserName === 'chromium' || name === 'an open dialog') {
      const elsewhere = ['--origin', stage.origin('a.localhost')];
      await command(stage, 'storage', 'denied', ...elsewhere);
      assert.equal(await modeOf(other), 'denied');
      await command(stage, 'items', ...elsewhere);
      await command(stage, 'render', ...elsewhere);
    }

    const here = ['--origin', stage.origin('localhost'), '--timeout', seconds];
    const { status, stderr } = await run(stage, ['storage', 'denied', ...here]);
    assert.equal(status, 3);
    assert.ok(stderr.includes(`${stage.origin('localhost')}/page.html`), stderr);
    assert.match(stderr, /not answer/);
    const listed = JSON.parse(await command(stage, 'browsers', '--json', '--timeout', seconds));
    /** @type {[string, boolean][]} */
    const pages = listed[0].pages.map((/** @type {any} */ { url, answers }) => [url, answers]);
    assert.deepEqual(
      pages.filter(([, answers]) => answers === false).map(([url]) => url),
      [`${stage.origin('localhost')}/page.html`],
    );
  });
}

test('a page whose localStorage cannot be changed is named', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await page.evaluate(() =>
    Object.defineProperty(window, 'localStorage', { configurable: false, value: {} }),
  );
  const { status, stderr } = await run(stage, ['storage', 'denied']);
  assert.equal(status, 3);
  assert.match(stderr, /\/page\.html: .*localStorage.*reload/);
});

test('reading TrelloPowerUp alone leaves a page as it is', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const own = 'a'.repeat(64);
  await page.evaluate((name) => localStorage.setItem(name, 'of the page'), own);
  await page.evaluate(() => {
    for (const name of Object.getOwnPropertyNames(window)) {
      try {
        void (/** @type {any} */ (window)[name]);
      } catch {
        // some getters throw
      }
    }
    return /** @type {any} */ (window).TrelloPowerUp.version;
  });
  const origin = ['--origin', stage.origin('localhost')];
  assert.deepEqual(JSON.parse(await command(stage, 'items', '--json', ...origin)), []);
  assert.deepEqual(JSON.parse(await command(stage, 'browsers', '--json'))[0].pages, []);
  await command(stage, 'clear-site-data', ...origin);
  await command(stage, 'reset');
  assert.equal(await page.evaluate((name) => localStorage.getItem(name), own), 'of the page');
  assert.deepEqual(await page.evaluate('indexedDB.databases()'), []);

  // The page's own entry stays its own in a Power-Up, too.
  await call(page, 'storeSecret', 'token', 'secret');
  assert.equal(JSON.parse(await command(stage, 'items', '--json', ...origin)).length, 1);
  await command(stage, 'clear-site-data', ...origin);
  assert.deepEqual(await page.evaluate('Object.keys(localStorage)'), [own]);
});

test('what a frame calls while it goes away is never another page’s', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser, 'top.localhost');
  const framed = `${stage.origin('localhost')}/page.html`;
  for (let rounds = 0; rounds < 3; rounds++) {
    await page.goto(`${stage.origin('top.localhost')}/page.html`);
    await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      await new Promise((resolve) => {
        frame.addEventListener('load', resolve);
        document.body.append(frame);
      });
    }, framed);
    const frame = page.frames().find((one) => one.url() === framed);
    await frame?.evaluate(() => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      addEventListener('pagehide', () => {
        for (let at = 0; at < 20; at++) {
          t.storeSecret(`late ${at}`, 'secret').catch(() => {});
        }
      });
    });
    await page.goto(`${stage.origin('next.localhost')}/page.html`);
    await command(stage, 'calls');
  }
  const sites = JSON.parse(await command(stage, 'items', '--json')).map(
    (/** @type {any} */ { topLevelSite }) => topLevelSite,
  );
  assert.ok(
    sites.every((/** @type {string} */ site) => site === 'http://top.localhost'),
    `${sites}`,
  );
});
