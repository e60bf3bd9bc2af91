// SPDX-License-Identifier: MIT
// The main job, shown: a settings page keeps a token in a real browser, and what lies in the store.
// Started by scripts/demo, which builds everything first.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchers } from '../tests/support/browser.js';
import { servePages } from '../tests/support/pages.js';

const { values } = parseArgs({ options: { browser: { type: 'string', default: 'chromium' } } });
const launch = launchers[values.browser];
if (launch === undefined) {
  console.error(
    `There is no browser "${values.browser}" here; known: ${Object.keys(launchers).join(', ')}.`,
  );
  process.exit(2);
}

const root = fileURLToPath(new URL('../', import.meta.url));
const output = join(root, 'build/demo');
mkdirSync(output, { recursive: true });
const scratch = mkdtempSync(join(output, 'run-'));
const stateFolder = join(scratch, 'state');
const token = 'my-very-secret-token-4711';

const say = (/** @type {string} */ text) => console.log(text);
const detail = (/** @type {string} */ text) => console.log(`    ${text}`);
const shorten = (/** @type {string} */ text) =>
  text.length <= 60 ? text : `${text.slice(0, 44)}… (${text.length} characters)`;

/** @param {string} sql */
function query(sql) {
  const text = execFileSync(
    'sqlite3',
    ['-readonly', '-json', join(stateFolder, 'store.sqlite3'), sql],
    { encoding: 'utf8' },
  );
  return text === '' ? [] : JSON.parse(text);
}

function showStore() {
  const items = query(
    'SELECT origin, slot, value FROM item JOIN storage_key ON storage_key.id = item.storage_key',
  );
  detail(`items of the browser (its localStorage): ${items.length}`);
  for (const { origin, slot, value } of items) {
    detail(`  ${origin}`);
    detail(`    name  ${shorten(slot)}`);
    detail(`    value ${shorten(value)}`);
  }
  const data = query('SELECT scope, visibility, hex(sealed) AS sealed FROM plugin_data');
  detail(`plugin data at Trello: ${data.length}`);
  for (const { scope, visibility, sealed } of data) {
    detail(`  ${scope}/${visibility}, sealed: ${shorten(sealed.toLowerCase())}`);
  }
  for (const name of readdirSync(stateFolder)) {
    if (readFileSync(join(stateFolder, name)).includes(token)) {
      throw new Error(`the token lies in plain in ${name}`);
    }
  }
  detail('the token itself: in none of the files of the store');
}

/** @type {Awaited<ReturnType<typeof servePages>> | undefined} */
let pages;
/** @type {import('puppeteer-core').Browser | undefined} */
let browser;
try {
  pages = await servePages(join(root, 'demo'));
  browser = await launch({ profile: join(scratch, 'profile'), stateFolder });
  say(`1. ${await browser.version()}, headless, with the extension and an empty store`);

  const page = await browser.newPage();
  await page.setViewport({ width: 640, height: 400 });
  page.on('pageerror', (error) => detail(`the page failed: ${error}`));
  /** @param {string} state */
  const status = async (state) => {
    await page.waitForFunction(
      (/** @type {string} */ wanted) => {
        const now = document.getElementById('status')?.dataset.state;
        return now === wanted || now === 'problem';
      },
      {},
      state,
    );
    const text = await page.$eval('#status', (element) => element.textContent);
    detail(`the page says: ${text}`);
    if ((await page.$eval('#status', (element) => element.getAttribute('data-state'))) !== state) {
      throw new Error(`the page should be ${state}`);
    }
  };

  say('2. A member opens the settings page: t.loadSecret("token")');
  await page.goto(`http://localhost:${pages.port}/settings.html`);
  await status('disconnected');

  say('3. The member enters a token: t.storeSecret("token", …)');
  await page.type('#token', token);
  await page.click('button[type=submit]');
  await status('connected');
  showStore();

  say('4. The member opens the page again: t.loadSecret("token")');
  await page.reload();
  await status('connected');
  const picture = join(output, `${values.browser}.png`);
  await page.screenshot({ path: /** @type {`${string}.png`} */ (picture) });
  detail(`screenshot: build/demo/${values.browser}.png`);

  say('5. The member disconnects: t.clearSecret("token")');
  await page.click('#disconnect');
  await status('disconnected');
  showStore();
  say('The main job works: stored, loaded, cleared.');
} catch (error) {
  console.error(`The demo failed: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await pages?.close();
  rmSync(scratch, { recursive: true, force: true });
}
