// SPDX-License-Identifier: MIT
// What every end-to-end test stands on: a folder of its own, pages on loopback, real browsers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildFolder, launchers } from '../support/browser.js';
import { prepareFirefoxProfile } from '../support/firefox-profile.js';
import { ControlClient } from '../protocol/control-client.js';
import { servePages } from '../support/pages.js';
import { PATIENCE_SECONDS } from '../support/patience.js';
import { hostsOf, quoted } from './host-processes.js';
import { giveBack, takeBrowser, testsFolder } from './shared-browsers.js';

export { quoted } from './host-processes.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */

export const browserName = process.env.BROWSER ?? 'chromium';

/**
 * Options of a test that can run in one browser alone.
 *
 * @param {string} name
 * @param {string} reason
 * @returns {{skip: string | false}}
 */
export const oneBrowser = (name, reason) => ({
  skip: browserName !== name && `in ${name} only: ${reason}`,
});

/** A member that no default context has. */
export const MEMBER = '5f0000000000000000000001';

/**
 * @typedef {Partial<import('../support/browser.js').LaunchOptions> & {ready?: boolean, own?: boolean}}
 *   StageLaunchOptions  own: it is started for this test and ends with it, as is one with other options
 *   than a browserProfile; else it may have served other tests before, and its profile have their sites
 *
 * @typedef {object} Stage
 * @property {import('node:test').TestContext} test
 * @property {string} folder
 * @property {string} stateFolder
 * @property {string} stderr  file to which the hosts' standard error goes
 * @property {(host: string) => string} origin  the origin under which a host name is served
 * @property {(options?: StageLaunchOptions) => Promise<Browser>} launch  comes back when the command line
 *   reaches the browser, unless `ready` is false: then without having touched the store
 * @property {(browser: Browser) => void} closeLater  one that the stage has not launched
 * @property {(browser: Browser, host?: string, hash?: string) => Promise<Page>} open
 * @property {() => number[]} hosts  process ids of the native hosts of this stage
 */

/**
 * Builds a stage, and takes it down when the test ends.
 *
 * @param {import('node:test').TestContext} test
 * @returns {Promise<Stage>}
 */
export async function setStage(test) {
  mkdirSync(testsFolder, { recursive: true });
  const folder = mkdtempSync(join(testsFolder, 'stage-'));
  const stateFolder = join(folder, 'state');
  const stderr = join(folder, 'host.stderr');
  const host = join(folder, 'host');
  /** @type {Browser[]} */
  const browsers = [];
  let profiles = 0;
  const pages = await servePages(fileURLToPath(new URL('pages', import.meta.url)));

  /** @type {import('./shared-browsers.js').SharedBrowser[]} */
  const shared = [];

  // The host's standard error is the browser's; here it goes to a file of its own.
  writeFileSync(
    host,
    `#!/bin/bash\nexec -a ${quoted(stateFolder)} ${quoted(join(buildFolder, 'powerup-secrets-host'))} "$@" 2>>${quoted(stderr)}\n`,
    { mode: 0o700 },
  );
  test.after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await giveBack(shared, async () =>
      Number(/^(\d+) browsers? confirmed$/m.exec((await run(stage, ['reset'])).stderr)?.[1] ?? 0),
    );
    await pages.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const origin = (/** @type {string} */ name) => `http://${name}:${pages.port}`;
  /** @type {Stage} */
  const stage = {
    test,
    folder,
    stateFolder,
    stderr,
    origin,
    async launch({ ready = true, own = !ready, browserProfile = '', ...options } = {}) {
      /** @type {Browser} */
      let browser;
      if (own || Object.keys(options).length > 0) {
        const profile = join(folder, `profile-${profiles++}`);
        if (browserName === 'firefox') {
          await prepareFirefoxProfile(testsFolder, options.profile ?? profile);
        }
        const settings = { profile, stateFolder, host, browserProfile, ...options };
        browser = await launchers[browserName](settings);
        browsers.push(browser);
      } else {
        const one = await takeBrowser(browserName, { stateFolder, stderr, browserProfile });
        shared.push(one);
        ({ browser } = one);
      }
      if (ready) {
        const all = [...browsers, ...shared.map((one) => one.browser)];
        const open = all.filter(({ connected }) => connected);
        await command(stage, 'browsers', '--wait', `${open.length}`);
      }
      return browser;
    },
    closeLater: (browser) => void browsers.push(browser),
    async open(browser, name = 'localhost', hash = '') {
      const lender = shared.find((one) => one.browser === browser);
      const page = await (lender === undefined ? browser.newPage() : lender.takeTab());
      await page.goto(`${origin(name)}/page.html${hash}`);
      return page;
    },
    hosts: () => hostsOf(stateFolder),
  };
  return stage;
}

/** How long a command waits for browsers, unless it says so itself. */
const LIMIT = ['--timeout', `${PATIENCE_SECONDS}`];

/** @param {object} opening  what Trello puts into the URL hash of a page */
export const hashOf = (opening) => `#${encodeURIComponent(JSON.stringify(opening))}`;

/**
 * Runs the command line on this stage's store.
 *
 * @param {Stage} stage
 * @param {string[]} args
 * @param {string | Buffer} [input]  for its standard input
 * @param {Record<string, string>} [environment]  beside this process's own
 * @returns {Promise<{status: number | null, stdout: string, stderr: string}>}
 */
export async function run(stage, args, input = '', environment = {}) {
  const { POWERUP_SECRETS_DIR: _, ...inherited } = process.env;
  const limit = args.includes('--timeout') ? [] : LIMIT;
  const child = spawn(
    join(buildFolder, 'powerup-secrets'),
    [args[0], '--state', stage.stateFolder, ...limit, ...args.slice(1)],
    { env: { ...inherited, ...environment } },
  );
  child.stdin.on('error', () => {}); // a command that needs no input may be gone already
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, stdout, stderr };
}

/**
 * Runs a command that must succeed.
 *
 * @param {Stage} stage
 * @param {...string} args
 * @returns {Promise<string>}  its standard output
 */
export async function command(stage, ...args) {
  const { status, stdout, stderr } = await run(stage, args);
  if (status !== 0) {
    throw new Error(`powerup-secrets ${args.join(' ')}: exit status ${status}: ${stderr}`);
  }
  return stdout;
}

/**
 * Asks for a handler or callback of a page, as Trello would.
 *
 * @param {Stage} stage
 * @param {Page} page  of its origin, the only one with such a handler
 * @param {string} handler
 * @param {...any} args
 * @returns {Promise<any>}  {success, response}; {handlers} when the page has others; null when it has none
 */
export async function invoke(stage, page, handler, ...args) {
  const { origin } = new URL(page.url());
  const [pid] = stage.hosts();
  const client = new ControlClient(stage.test, stage.stateFolder, pid);
  try {
    await client.receive(); // the greeting
    client.send({ id: 1, op: 'invoke', origin, command: handler, args });
    const { ok, result, error } = await client.receive();
    if (!ok) {
      throw new Error(error);
    }
    const { page: _, ...outcome } = result ?? {};
    return result === null ? null : outcome;
  } finally {
    client.close();
  }
}

/**
 * Waits for a condition that no event tells of; one that never comes fails the test by its timeout.
 *
 * @param {() => boolean} condition
 */
export async function until(condition) {
  while (!condition()) {
    await setTimeout(5); // the condition may cost a process
  }
}

/**
 * Calls a method of `t` in a page or frame, and says what came of it.
 *
 * @param {Page | import('puppeteer-core').Frame} page
 * @param {string} method
 * @param {...(string | number | boolean | null)} args
 * @returns {Promise<{resolved?: any, rejected?: any, thrown?: any}>}
 */
export function call(page, method, ...args) {
  return page.evaluate(
    async (/** @type {string} */ name, /** @type {any[]} */ values) => {
      const describe = (/** @type {any} */ error) => ({
        class: error.constructor.name,
        name: error.name,
        message: error.message,
        operational: error.isOperational === true,
      });
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      let promise;
      try {
        promise = t[name](...values);
      } catch (error) {
        return { thrown: describe(error) };
      }
      try {
        return { resolved: await promise };
      } catch (error) {
        return { rejected: describe(error) };
      }
    },
    method,
    args,
  );
}

/**
 * Adds a frame to a page and waits until it is loaded.
 *
 * @param {Page} page
 * @param {Record<string, string>} attributes  of the iframe element
 * @returns {Promise<import('puppeteer-core').Frame>}
 */
export async function addFrame(page, attributes) {
  const element = await page.evaluateHandle(async (/** @type {Record<string, string>} */ all) => {
    const frame = document.createElement('iframe');
    for (const [name, value] of Object.entries(all)) {
      frame.setAttribute(name, value);
    }
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
      document.body.append(frame);
    });
    return frame;
  }, attributes);
  const frame = await /** @type {import('puppeteer-core').ElementHandle<HTMLIFrameElement>} */ (
    element
  ).contentFrame();
  if (frame === null) {
    throw new Error('the frame has no document');
  }
  return frame;
}
