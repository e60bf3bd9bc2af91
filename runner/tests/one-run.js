// SPDX-License-Identifier: MIT
// node one-run.js RUNNER [BROWSER]: stores a secret in a page, by one runner, and reads it.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { servePages } from '../../tests/support/pages.js';
import { findChromium } from '../src/chromium.js';
import { attachTrello, trelloLaunchOptions } from '../src/playwright.js';
import { launch } from '../src/puppeteer.js';
import { build } from '../src/selenium.js';

const [runner, browser] = process.argv.slice(2);
const pages = await servePages(fileURLToPath(new URL('power-up', import.meta.url)));
const options = { baseURL: `http://localhost:${pages.port}` };
const STORE = "TrelloPowerUp.iframe().storeSecret('token', 'abc')";

/** @type {Record<string, () => Promise<{trello: import('../src/index.js').Trello, store: () => Promise<unknown>, close: () => Promise<void>}>>} */
const RUNNERS = {
  async playwright() {
    const opened = await chromium.launch(trelloLaunchOptions({ executablePath: findChromium() }));
    const page = await opened.newPage();
    const trello = await attachTrello(opened, options);
    return { trello, store: () => page.evaluate(STORE), close: () => opened.close() };
  },
  async puppeteer() {
    const launchOptions = { browser: /** @type {'chrome' | 'firefox'} */ (browser) };
    const { page, trello, close } = await launch({ ...options, launchOptions });
    return { trello, store: () => page.evaluate(STORE), close };
  },
  async selenium() {
    const chromedriver = process.env.CHROMEDRIVER ?? '/usr/bin/chromedriver';
    const { driver, trello, quit } = await build({
      ...options,
      browser: /** @type {'chrome' | 'firefox'} */ (browser),
      ...(browser === 'chrome' ? { chromedriver } : {}),
    });
    return { trello, store: () => driver.executeScript(`return ${STORE}`), close: quit };
  },
};

try {
  const { trello, store, close } = await RUNNERS[runner]();
  try {
    await trello.open('/page.html');
    await store();
    assert.equal(await trello.secret('token'), 'abc');
  } finally {
    await close();
  }
} finally {
  await pages.close();
}
