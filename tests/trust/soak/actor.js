// SPDX-License-Identifier: MIT
// One of the browsers of the soak: it is started, is killed and comes again with the same profile.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchers, buildFolder } from '../../support/browser.js';
import { prepareFirefoxProfile } from '../../support/firefox-profile.js';
import { call, command, quoted, until } from '../../e2e/stage.js';
import { isRunning } from '../../e2e/host-processes.js';
import { testsFolder } from '../../e2e/shared-browsers.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('../../e2e/stage.js').Stage} Stage */

/** Host names of the pages: settings change for one of them only. */
export const CALM = 'calm.localhost';
export const MOODY = 'moody.localhost';

/**
 * A browser from its start to its end, with its pages.
 *
 * @typedef {object} Life
 * @property {Browser} browser
 * @property {Page} calm
 * @property {Page} watch  another page of the same origin, which is never reloaded
 * @property {Page} moody
 * @property {boolean} isEnding  it is being killed, so that nothing that it answers counts
 * @property {number} disturbances  how often its host or its background was ended
 * @property {Map<Page, number>} recovered  how many of them each page has got over: calls that began after
 *   so many were answered
 */

export class Actor {
  #stage;
  #profile;
  #pidFile;
  #host;
  /** @type {Life | undefined} */
  life;

  /**
   * @param {Stage} stage
   * @param {'chromium' | 'firefox'} family
   * @param {string} browserProfile
   */
  constructor(stage, family, browserProfile) {
    this.name = `${family} ${browserProfile}`;
    this.family = family;
    this.browserProfile = browserProfile;
    this.#stage = stage;
    this.#profile = join(stage.folder, this.name.replace(' ', '-'));
    this.#pidFile = `${this.#profile}.pid`;
    this.#host = `${this.#profile}.host`;
    const host = join(buildFolder, 'powerup-secrets-host');
    writeFileSync(this.#pidFile, '');
    writeFileSync(
      this.#host,
      `#!/bin/bash\necho $$ >${quoted(this.#pidFile)}\n` +
        `exec -a ${quoted(stage.stateFolder)} ${quoted(host)} "$@" 2>>${quoted(stage.stderr)}\n`,
      { mode: 0o700 },
    );
  }

  /** The process id of the host that was started last; 0 before. */
  get hostPid() {
    return Number(readFileSync(this.#pidFile, 'utf8'));
  }

  /** Starts the browser, and opens its pages once the command line reaches it. */
  async start() {
    if (this.family === 'firefox') {
      await prepareFirefoxProfile(testsFolder, this.#profile);
    }
    const browser = await launchers[this.family]({
      profile: this.#profile,
      stateFolder: this.#stage.stateFolder,
      browserProfile: this.browserProfile,
      host: this.#host,
    });
    this.#stage.closeLater(browser);
    /** @type {{pid: number, state: string}[]} */
    let listed = [];
    while (!listed.some(({ pid, state }) => pid === this.hostPid && state === 'connected')) {
      listed = JSON.parse(await command(this.#stage, 'browsers', '--json'));
    }
    const open = async (/** @type {string} */ host, /** @type {string} */ path) => {
      const page = await browser.newPage();
      await page.goto(`${this.#stage.origin(host)}/${path}`);
      return page;
    };
    const calm = await open(CALM, 'page.html');
    const watch = await open(CALM, 'page.html');
    const moody = await open(MOODY, 'first-script.html');
    this.life = {
      ...{ browser, calm, watch, moody },
      ...{ isEnding: false, disturbances: 0, recovered: new Map() },
    };
  }

  /** Kills the browser. */
  async kill() {
    const life = /** @type {Life} */ (this.life);
    const { hostPid } = this;
    life.isEnding = true;
    this.life = undefined;
    const process = /** @type {import('node:child_process').ChildProcess} */ (
      life.browser.process()
    );
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
    await until(() => !isRunning(hostPid));
  }

  /** Kills the host. */
  killHost() {
    /** @type {Life} */ (this.life).disturbances++;
    process.kill(this.hostPid, 'SIGKILL');
  }

  /** Closes the extension's worker as Chromium does when it is idle. */
  async stopWorker() {
    const life = /** @type {Life} */ (this.life);
    const session = await life.calm.createCDPSession();
    await session.send('ServiceWorker.enable');
    life.disturbances++;
    await session.send('ServiceWorker.stopAllWorkers');
    life.disturbances++; // what was answered meanwhile came from the old one
    await session.detach();
  }

  /** Whether all is well after what was done to it. */
  get isWell() {
    const { life } = this;
    return life !== undefined && (life.recovered.get(life.calm) ?? 0) === life.disturbances;
  }
}

/**
 * @typedef {{resolved?: any, refused?: any, ended?: true, unknown?: true}} Outcome  ended: rejected because
 *   the host or the background was; unknown: because the browser was killed
 */

/**
 * Does something in a browser that may be killed meanwhile.
 *
 * @template T
 * @param {Life} life
 * @param {() => Promise<T>} act
 * @returns {Promise<T | {unknown: true}>}
 */
export async function during(life, act) {
  try {
    const done = await act();
    return life.isEnding ? { unknown: true } : done;
  } catch (error) {
    if (life.isEnding) {
      return { unknown: true };
    }
    throw error;
  }
}

/** The errors of an extension whose host, or which itself, was ended. */
const ENDED = /^powerup-secrets: /;

/**
 * Calls a method of t. A rejection for which there was no reason is an error.
 *
 * @param {Life} life
 * @param {Page} page
 * @param {string[]} expected  names of errors for which there is a reason
 * @param {string} method
 * @param {...string} args
 * @returns {Promise<Outcome>}
 */
export async function callIn(life, page, expected, method, ...args) {
  const before = life.disturbances;
  const recovered = life.recovered.get(page) ?? 0;
  const outcome = /** @type {any} */ (await during(life, () => call(page, method, ...args)));
  const error = outcome.rejected ?? outcome.thrown;
  const isEnded = error !== undefined && ENDED.test(error.message);
  if (isEnded ? recovered === life.disturbances : error && !expected.includes(error.name)) {
    throw new Error(`${method} was rejected without a reason: ${error.name}: ${error.message}`);
  }
  if (isEnded) {
    return { ended: true };
  }
  if (!outcome.unknown) {
    life.recovered.set(page, Math.max(before, life.recovered.get(page) ?? 0));
  }
  return error === undefined ? outcome : { refused: error };
}
