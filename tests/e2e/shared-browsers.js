// SPDX-License-Identifier: MIT
// Browsers that serve one test after the other. For each test such a browser gets another host, on
// that test's state folder; pages of a test are closed with it, and its origins have a port that no
// later test gets. What differs from a browser of one's own: its process and its profile are older.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFolder, launchers } from '../support/browser.js';
import { prepareFirefoxProfile } from '../support/firefox-profile.js';
import { servePages } from '../support/pages.js';
import { isRunning, quoted } from './host-processes.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */

/**
 * What the host of a test's browser is started with.
 *
 * @typedef {object} HostEnvironment
 * @property {string} stateFolder
 * @property {string} stderr  file to which its standard error goes
 * @property {string} browserProfile
 */

/** Folder below which tests keep everything that they make. */
export const testsFolder = join(buildFolder, '../e2e');

/** @type {Promise<{port: number, close: () => Promise<void>}> | undefined} */
let pages;
/** Serves the page that makes a browser start its next host. */
const servedPages = () => (pages ??= servePages(fileURLToPath(new URL('pages', import.meta.url))));

/** Runs in a page. A driver may wait for a native promise only, and the library's is none. */
async function readAll() {
  try {
    await /** @type {any} */ (window).TrelloPowerUp.iframe().request('data');
    return true;
  } catch {
    return false; // there is no host now
  }
}

/** No page of an earlier test is kept in the back/forward cache. */
const WITHOUT_CACHED_PAGES = {
  firefoxPreferences: { 'browser.sessionhistory.max_total_viewers': 0 },
  chromiumArguments: ['--disable-back-forward-cache'],
};

export class SharedBrowser {
  #folder;
  #environmentFile;
  /** The tab that the browser started with stays blank, so that no test closes the last one.
   * @type {Page | undefined} */
  #blankTab;
  /** Opening a tab takes longer than all else that opening a page takes, so each test gets this one
   * first. @type {Page | undefined} */
  #tab;
  #isTabTaken = false;
  /** @type {Browser | undefined} */
  #browser;

  constructor() {
    this.#folder = mkdtempSync(join(testsFolder, 'browser-'));
    this.#environmentFile = join(this.#folder, 'environment');
  }

  get browser() {
    return /** @type {Browser} */ (this.#browser);
  }

  /** @param {HostEnvironment} environment */
  #setEnvironment({ stateFolder, stderr, browserProfile }) {
    writeFileSync(
      this.#environmentFile,
      `export POWERUP_SECRETS_DIR=${quoted(stateFolder)}\n` +
        `export POWERUP_SECRETS_BROWSER_PROFILE=${quoted(browserProfile)}\n` +
        `exec 2>>${quoted(stderr)}\n`,
    );
  }

  /** The host that was started last. */
  get #hostProcess() {
    return Number(readFileSync(join(this.#folder, 'pid'), 'utf8'));
  }

  /** Starts the browser. @param {string} family @param {HostEnvironment} environment */
  async launch(family, environment) {
    const profile = join(this.#folder, 'profile');
    const host = join(this.#folder, 'host');
    this.#setEnvironment(environment);
    writeFileSync(
      host,
      `#!/bin/bash\n. ${quoted(this.#environmentFile)}\necho $$ >${quoted(join(this.#folder, 'pid'))}\n` +
        `exec -a "$POWERUP_SECRETS_DIR" ${quoted(join(buildFolder, 'powerup-secrets-host'))} "$@"\n`,
      { mode: 0o700 },
    );
    if (family === 'firefox') {
      await prepareFirefoxProfile(testsFolder, profile);
    }
    this.#browser = await launchers[family]({
      ...WITHOUT_CACHED_PAGES,
      profile,
      stateFolder: '',
      host,
    });
    [this.#blankTab] = await this.#browser.pages();
  }

  /** @returns {Promise<Page>}  a tab that the test has not used yet */
  async takeTab() {
    if (this.#isTabTaken) {
      return this.browser.newPage();
    }
    this.#isTabTaken = true;
    if (this.#tab === undefined || this.#tab.isClosed()) {
      this.#tab = await this.browser.newPage();
    }
    return this.#tab;
  }

  /**
   * Has the extension start a host for the next test. Nothing calls the store of that test for it:
   * the call is one that reads.
   *
   * @param {HostEnvironment} environment
   */
  async switchTo(environment) {
    const { port } = await servedPages();
    const page = await this.takeTab();
    await page.goto(`http://localhost:${port}/page.html`);
    this.#setEnvironment(environment);
    process.kill(this.#hostProcess, 'SIGKILL');
    // Until the extension has seen that the old host is gone its calls are rejected; then one starts
    // the next host, and is answered by it.
    while (!(await page.evaluate(readAll)));
    await page.goto('about:blank');
    this.#isTabTaken = false;
  }

  /**
   * Closes the tabs that a test has left open; what is in the one to use again goes with the next test.
   *
   * @returns {Promise<boolean>}  whether it can serve another test
   */
  async closePages() {
    const process = this.browser.process();
    const isOpen =
      this.browser.connected && process?.exitCode === null && process.signalCode === null;
    const open = isOpen ? await this.browser.pages() : [];
    if (this.#blankTab === undefined || !open.includes(this.#blankTab)) {
      return false;
    }
    const kept = [this.#blankTab, this.#tab];
    await Promise.all(open.filter((page) => !kept.includes(page)).map((page) => page.close()));
    this.#isTabTaken = false;
    return isRunning(this.#hostProcess);
  }

  async close() {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Those that serve no test now. @type {SharedBrowser[]} */
const idle = [];

/**
 * @param {string} family
 * @param {HostEnvironment} environment
 * @returns {Promise<SharedBrowser>}
 */
export async function takeBrowser(family, environment) {
  const found = idle.pop();
  if (found !== undefined) {
    await found.switchTo(environment);
    return found;
  }
  mkdirSync(testsFolder, { recursive: true });
  const shared = new SharedBrowser();
  await shared.launch(family, environment);
  return shared;
}

/**
 * Ends what a test does with browsers. Those that can serve another test stay open.
 *
 * @param {SharedBrowser[]} all  of one test
 * @param {() => Promise<number>} reset  undoes what the test has set, and says in how many browsers
 */
export async function giveBack(all, reset) {
  const usable = await Promise.all(all.map((one) => one.closePages()));
  const count = usable.filter(Boolean).length;
  const isReset = count > 0 && (await reset()) === count;
  for (const [index, one] of all.entries()) {
    if (isReset && usable[index]) {
      idle.push(one);
    } else {
      await one.close();
    }
  }
}

after(async () => {
  await Promise.all(idle.splice(0).map((shared) => shared.close()));
  await (await pages)?.close();
});
