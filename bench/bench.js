// SPDX-License-Identifier: MIT
// scripts/bench: measures, prints a table, and writes figures.json and figures.svg to build/bench.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { browsers } from './browsers.js';
import { commands } from './commands.js';
import { pageLoads } from './pages.js';
import { setup } from './setup.js';
import { memory, start } from './start.js';
import { pipes, scale } from './pipes.js';
import { chart, table } from './report.js';
import { root, Workshop } from './workshop.js';

/**
 * @typedef {object} Run
 * @property {Workshop} workshop
 * @property {boolean} quick
 * @property {string[]} browsers
 * @property {(text: string) => void} say  reports progress
 */

/** @type {Record<string, (run: Run) => Promise<import('./figures.js').Figure[]>>} */
const PARTS = { start, pipes, memory, scale, commands, browsers, pages: pageLoads, setup };
const BROWSERS = ['chromium', 'firefox'];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
    browser: { type: 'string', multiple: true, default: BROWSERS },
    output: { type: 'string', default: join(root, 'build/bench') },
  },
});
const unknown = [
  ...values.only.filter((name) => !(name in PARTS)),
  ...values.browser.filter((name) => !BROWSERS.includes(name)),
];
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(', ')}; parts: ${Object.keys(PARTS).join(' ')}; browsers: ${BROWSERS.join(' ')}`,
  );
  process.exit(2);
}

const workshop = new Workshop();
const begun = performance.now();
const figures = [];
try {
  for (const name of values.only) {
    /** @param {string} text */
    const say = (text) =>
      console.error(`[${((performance.now() - begun) / 1000).toFixed(0)} s] ${name}: ${text}`);
    say('started');
    const run = { workshop, quick: values.quick, browsers: values.browser, say };
    figures.push(...(await (PARTS[name] ?? start)(run)));
  }
} finally {
  workshop.remove();
}
mkdirSync(values.output, { recursive: true });
writeFileSync(join(values.output, 'figures.json'), JSON.stringify(figures, null, 2));
writeFileSync(join(values.output, 'figures.svg'), await chart(figures));
console.log(table(figures));
const missed = figures.filter(({ holds }) => holds === false).length;
const aimed = figures.filter(({ target }) => target !== undefined).length;
console.log(
  `${aimed - missed} of ${aimed} targets hold. ${values.output} has the same as figures.json and figures.svg.`,
);
