// SPDX-License-Identifier: MIT
// The runner in both browsers, by Puppeteer, with a Power-Up on loopback.
import { fileURLToPath } from 'node:url';
import { launch } from '../src/puppeteer.js';
import { servePages } from '../../tests/support/pages.js';
import { PATIENCE_MS } from '../../tests/support/patience.js';

export const BROWSERS = /** @type {const} */ (['chrome', 'firefox']);

/**
 * @param {typeof BROWSERS[number]} browser
 * @param {import('../src/puppeteer.js').PuppeteerOptions} [options]
 */
export async function start(browser, options = {}) {
  const pages = await servePages(fileURLToPath(new URL('power-up', import.meta.url)));
  const launched = await launch({
    baseURL: `http://localhost:${pages.port}`,
    ...options,
    launchOptions: { browser, timeout: PATIENCE_MS, protocolTimeout: PATIENCE_MS },
  });
  const close = async () => {
    await launched.close();
    await pages.close();
  };
  return { ...launched, port: pages.port, close };
}

/**
 * Calls a method of t in the page.
 *
 * @param {import('puppeteer-core').Page | import('puppeteer-core').Frame} where
 * @param {string} method
 * @param {...any} args
 * @returns {Promise<any>}
 */
export const callT = (where, method, ...args) =>
  where.evaluate(
    async (name, given) => /** @type {any} */ (window).TrelloPowerUp.iframe()[name](...given),
    method,
    args,
  );

/**
 * Adds a frame to a page and waits until it is loaded.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {string} src
 */
export async function addFrame(page, src) {
  await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const frame = Object.assign(document.createElement('iframe'), { src: address });
        frame.addEventListener('load', resolve);
        document.body.append(frame);
      }),
    src,
  );
  return page.frames()[1];
}
