// SPDX-License-Identifier: MIT
// Demonstrates the main job: a settings page stores a token in a real browser. Shows what is in the store.
// Started by scripts/demo, which builds everything first.
//
//   node demo/run.js [--browser NAME] [--command FILE] [--extension FOLDER_OR_XPI]
//
// --command, --extension: those of an installation, instead of the build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildFolder, homeOf, launchers } from '../tests/support/browser.js';
import { servePages } from '../tests/support/pages.js';
import { filesHolding } from '../tests/support/store.js';

const OPTIONS = /** @type {const} */ ({
  browser: { type: 'string', default: 'chromium' },
  command: { type: 'string', default: join(buildFolder, 'powerup-secrets') },
  extension: { type: 'string' },
});

function parse() {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}`);
    process.exit(2);
  }
}

const { values } = parse();
const launch = launchers[values.browser];
if (launch === undefined) {
  console.error(
    `There is no browser "${values.browser}". Use one of: ${Object.keys(launchers).join(', ')}.`,
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

/**
 * Runs the command line, as a test would.
 *
 * @param {...string} args
 * @returns {string}  its standard output
 */
function command(...args) {
  const { status, stdout, stderr, error } = spawnSync(
    values.command,
    [...args, '--state', stateFolder],
    { encoding: 'utf8' },
  );
  if (error !== undefined) {
    throw error;
  }
  if (status !== 0) {
    throw new Error(`powerup-secrets ${args.join(' ')}: ${stderr}`);
  }
  return stdout;
}

/** @param {...string} args */
function change(...args) {
  detail(`$ powerup-secrets ${args.join(' ')}`);
  command(...args);
}

/** @param {string} origin */
function showStore(origin) {
  const items = JSON.parse(command('items', '--json'));
  detail(`items of the browser (its localStorage): ${items.length}`);
  for (const item of items) {
    detail(`  ${item.origin}`);
    detail(`    name  ${shorten(item.slot)}`);
    detail(`    value ${shorten(item.value)}`);
  }
  const place = ['--origin', origin, '--scope', 'member', '--visibility', 'private'];
  detail(`plugin data at Trello: ${shorten(command('plugin-data', 'get', ...place).trim())}`);
  const leaks = filesHolding(stateFolder, [token]);
  if (leaks.length > 0) {
    throw new Error(`the token is in plain text in ${leaks.join(', ')}`);
  }
  detail('the token itself is in no file of the store');
}

/** @type {Awaited<ReturnType<typeof servePages>> | undefined} */
let pages;
/** @type {import('puppeteer-core').Browser | undefined} */
let browser;
try {
  pages = await servePages(join(root, 'demo'));
  const profile = join(scratch, 'profile');
  const folder = values.browser === 'firefox' ? homeOf(profile) : profile;
  mkdirSync(folder, { recursive: true });
  command('install', '--browser', values.browser, '--user-data-dir', folder);
  const { extension } = values;
  browser = await launch({ profile, stateFolder, installHost: false, extension });
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

  const origin = `http://localhost:${pages.port}`;
  say('2. A member opens the settings page: t.loadSecret("token")');
  await page.goto(`${origin}/settings.html`);
  await status('disconnected');

  say('3. The member enters a token: t.storeSecret("token", …)');
  await page.type('#token', token);
  await page.click('button[type=submit]');
  await status('connected');
  showStore(origin);

  say('4. The member opens the page again: t.loadSecret("token")');
  await page.reload();
  await status('connected');
  const picture = join(output, `${values.browser}.png`);
  await page.screenshot({ path: /** @type {`${string}.png`} */ (picture) });
  detail(`screenshot: build/demo/${values.browser}.png`);

  say('5. The member presses Remove Personal Settings, and opens the page again');
  change('remove-personal-settings', '--origin', origin);
  await page.reload();
  await status('problem');

  say('6. The browser blocks localStorage, and the member opens the page again');
  change('storage', 'denied', '--origin', origin);
  await page.reload();
  await status('problem');
  change('storage', 'enabled', '--origin', origin);

  say('7. The member connects again, and disconnects: t.clearSecret("token")');
  await page.reload();
  await status('problem');
  await page.type('#token', token);
  await page.click('button[type=submit]');
  await status('connected');
  await page.click('#disconnect');
  await status('disconnected');
  showStore(origin);
  say('The main job works: stored, loaded, failed as in Trello, cleared.');
} catch (error) {
  console.error(`The demo failed: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await pages?.close();
  rmSync(scratch, { recursive: true, force: true });
}
