// SPDX-License-Identifier: MIT
// What Trello's documentation asks of a Power-Up, with the sample of demo/ and the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { servePages } from '../support/pages.js';
import { command, setStage } from './stage.js';

/** @param {import('node:test').TestContext} t */
async function openSample(t) {
  const stage = await setStage(t);
  const pages = await servePages(fileURLToPath(new URL('../../demo', import.meta.url)));
  t.after(() => pages.close());
  const origin = `http://localhost:${pages.port}`;
  const browser = await stage.launch();
  const page = await browser.newPage();
  await page.goto(`${origin}/settings.html`);
  /** @param {string} state */
  const says = async (state) => {
    await page.waitForSelector(`#status[data-state="${state}"]`);
    return page.$eval('#status', (element) => element.textContent);
  };
  await says('disconnected');
  await page.type('#token', 'my token');
  await page.click('button[type=submit]');
  assert.equal(await says('connected'), 'Connected. The token has 8 characters.');
  return { stage, page, origin, says };
}

test('after Remove Personal Settings the sample asks its user to connect again', async (t) => {
  const { stage, page, origin, says } = await openSample(t);
  await command(stage, 'remove-personal-settings', '--origin', origin);
  await page.reload();
  assert.equal(await says('problem'), 'Your personal settings were removed. Please connect again.');
  await page.type('#token', 'another');
  await page.click('button[type=submit]');
  assert.equal(await says('connected'), 'Connected. The token has 7 characters.');
});

test('with localStorage denied the sample asks its user to enable it', async (t) => {
  const { stage, page, origin, says } = await openSample(t);
  const sentence = 'Please allow this site to use local storage in your browser’s settings.';
  await command(stage, 'storage', 'denied', '--origin', origin);
  await page.reload();
  assert.equal(await says('problem'), sentence);
  await command(stage, 'storage', 'enabled', '--origin', origin);
  await page.reload();
  assert.equal(await says('connected'), 'Connected. The token has 8 characters.');
  // And while the page is open.
  await command(stage, 'storage', 'denied', '--origin', origin);
  await page.click('#disconnect');
  assert.equal(await says('problem'), sentence);
});
