// SPDX-License-Identifier: MIT
// A page that is not there, or not reached, is told, by every runner. (Playwright: interface.spec.js.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from '../src/selenium.js';
import { freePort, servePages } from '../../tests/support/pages.js';
import { BROWSERS, start } from './both-browsers.js';

const refused = await freePort();

/**
 * @param {import('../src/trello.js').Trello} trello
 * @param {number} port
 */
async function openNothing(trello, port) {
  await assert.rejects(trello.open('/settigns.html'), {
    message: `trello.open('/settigns.html'): http://localhost:${port}/settigns.html answered 404. Is the path right?`,
  });
  const nowhere = `http://localhost:${refused}/page.html`;
  await assert.rejects(trello.open(nowhere), (/** @type {Error} */ { message }) => {
    assert.ok(message.startsWith(`trello.open('${nowhere}'): ${nowhere} cannot be reached (`));
    assert.match(message, /\([\w:]+\)\. Is the server running\?$/);
    return true;
  });
  await trello.open('/page.html');
  await trello.open('/page.html');
}

for (const browser of BROWSERS) {
  test(`Puppeteer, ${browser}`, async () => {
    const { trello, port, close } = await start(browser);
    try {
      await openNothing(trello, port);
    } finally {
      await close();
    }
  });
}

test('Selenium, chrome', async () => {
  const pages = await servePages(fileURLToPath(new URL('power-up', import.meta.url)));
  const { trello, quit } = await build({
    baseURL: `http://localhost:${pages.port}`,
    chromedriver: '/usr/bin/chromedriver',
  });
  try {
    await openNothing(trello, pages.port);
  } finally {
    await quit();
    await pages.close();
  }
});
