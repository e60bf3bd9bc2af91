// SPDX-License-Identifier: MIT
// Commands, as the runner sends them, while pages are open.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from '../runner/src/command-line.js';
import { launchers } from '../tests/support/browser.js';
import { servePages } from '../tests/support/pages.js';
import { judged, median, summary, timesAtMost } from './figures.js';
import { built, inTurns } from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {import('./bench.js').Run} Run */

const FRAMES = 20;

/** A change in milliseconds, by browser. @type {Record<string, number>} */
const CHANGE_MOST = { chromium: 8, firefox: 12 };

/**
 * @param {() => Promise<unknown>} act
 * @param {number} count
 * @returns {Promise<number[]>}  milliseconds
 */
async function timesOf(act, count) {
  const samples = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await act();
    samples.push(performance.now() - begun);
  }
  return samples;
}

/**
 * @param {Run} run
 * @returns {Promise<Figure[]>}
 */
export async function commands(run) {
  const site = run.workshop.make('commands');
  writeFileSync(
    join(site, 'one.html'),
    `<!doctype html><title>one</title>
     <script>TrelloPowerUp.iframe().storeSecret('token', 'secret').then(() => (window.done = true))</script>`,
  );
  writeFileSync(
    join(site, 'many.html'),
    `<!doctype html><title>many</title>
     ${'<iframe src="one.html"></iframe>'.repeat(FRAMES - 1)}
     <script>TrelloPowerUp.iframe().storeSecret('token', 'secret').then(() => (window.done = true))</script>`,
  );
  const server = await servePages(site);
  const figures = [];
  try {
    for (const browser of run.browsers) {
      figures.push(...(await inBrowser(run, browser, `http://localhost:${server.port}`)));
    }
  } finally {
    await server.close();
  }
  return figures;
}

/**
 * @param {Run} run
 * @param {string} name
 * @param {string} site
 */
async function inBrowser({ workshop, quick, say }, name, site) {
  const launch = launchers[name];
  if (launch === undefined) {
    throw new Error(`unknown browser ${name}`);
  }
  say(`${name} starts`);
  const running = [];
  const lines = [];
  try {
    for (const page of ['one', 'many']) {
      const stateFolder = workshop.state();
      const profile = workshop.make(`${name}-${page}`);
      const browser = await launch({ profile, stateFolder });
      running.push(browser);
      const commandLine = new CommandLine(join(built, 'powerup-secrets'), stateFolder);
      lines.push(commandLine);
      await commandLine.run(['browsers', '--wait', '1']);
      commandLine.demandConfirmation(() => true);
      const tab = await browser.newPage();
      await tab.goto(`${site}/${page}.html`);
      for (const frame of tab.frames()) {
        await frame.waitForFunction('window.done');
      }
    }
    const [one, many] = lines;
    if (one === undefined || many === undefined) {
      throw new Error('a browser is missing');
    }
    let denied = false;
    const change = (/** @type {CommandLine} */ commandLine) => () =>
      commandLine.run(['storage', (denied = !denied) ? 'denied' : 'enabled']);
    const count = 10;
    const subjects = {
      '/bin/true': () => timesOf(() => once(spawn('/bin/true'), 'close'), count),
      read: () => timesOf(() => one.run(['items', '--json']), count),
      [`read, ${FRAMES} frames`]: () => timesOf(() => many.run(['items', '--json']), count),
      change: () => timesOf(change(one), count),
      [`change, ${FRAMES} frames`]: () => timesOf(change(many), count),
    };
    await inTurns(2, subjects);
    say('commands');
    return figuresOf(name, await inTurns(quick ? 4 : 20, subjects));
  } finally {
    lines.forEach((line) => line.close());
    await Promise.all(running.map((browser) => browser.close()));
  }
}

/**
 * @param {string} name
 * @param {Record<string, number[]>} samples
 * @returns {Figure[]}
 */
function figuresOf(name, samples) {
  const middle = (/** @type {string} */ subject) => median(samples[subject] ?? []);
  const most = CHANGE_MOST[name] ?? NaN;
  /** @type {Record<string, Partial<Figure>>} */
  const aims = {
    read: {
      against: '/bin/true',
      ratio: middle('read') / middle('/bin/true'),
      target: timesAtMost(1),
    },
    change: { target: { text: `≤ ${most} ms`, most } },
    [`change, ${FRAMES} frames`]: {
      against: 'change',
      ratio: middle(`change, ${FRAMES} frames`) / middle('change'),
      target: timesAtMost(1.3),
    },
  };
  return Object.entries(samples).map(([subject, all]) =>
    judged({
      part: `${name}, commands with one open page`,
      subject,
      unit: 'ms',
      ...summary(all),
      ...aims[subject],
    }),
  );
}
