// SPDX-License-Identifier: MIT
// What the extension costs pages that do not use it: from the navigation to the end of `load`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchers } from '../tests/support/browser.js';
import { servePages } from '../tests/support/pages.js';
import { judged, median, summary } from './figures.js';
import { inTurns } from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {import('./bench.js').Run} Run */

const SCRIPTS = 20;
const SHEETS = 5;
const IMAGES = 40;

/**
 * A page as heavy as the web's median (HTTP Archive: about 70 requests and 600 KiB of script), and an
 * empty one.
 *
 * @param {string} folder
 */
function writeSite(folder) {
  const functions = Array.from(
    { length: 250 },
    (_, i) =>
      `function f${i}(a) { const b = a * ${i}; return b > 10 ? { a, b } : [b, 'text ${i}']; }`,
  ).join('\n');
  for (let i = 0; i < SCRIPTS; i++) {
    writeFileSync(
      join(folder, `script-${i}.js`),
      `(() => { ${functions}\n window.sum = (window.sum ?? 0) + [${Array.from({ length: 250 }, (_, f) => `f${f}(${i})`)}].length; })();`,
    );
  }
  for (let i = 0; i < SHEETS; i++) {
    const rules = Array.from(
      { length: 300 },
      (_, r) => `.c${i}-${r} { color: #${100 + r}; margin: ${r % 7}px }`,
    );
    writeFileSync(join(folder, `sheet-${i}.css`), rules.join('\n'));
  }
  for (let i = 0; i < IMAGES; i++) {
    writeFileSync(
      join(folder, `image-${i}.svg`),
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle r="${i}" cx="20" cy="20"/></svg>`,
    );
  }
  /** @param {number} count @param {(i: number) => string} tag */
  const tags = (count, tag) => Array.from({ length: count }, (_, i) => tag(i)).join('\n');
  writeFileSync(
    join(folder, 'ordinary.html'),
    `<!doctype html><title>ordinary</title>
     ${tags(SHEETS, (i) => `<link rel="stylesheet" href="sheet-${i}.css">`)}
     ${tags(800, (i) => `<p class="c${i % SHEETS}-${i % 300}">Paragraph ${i} with <b>words</b>.</p>`)}
     ${tags(IMAGES, (i) => `<img src="image-${i}.svg" alt="">`)}
     ${tags(SCRIPTS, (i) => `<script src="script-${i}.js"></script>`)}`,
  );
  writeFileSync(join(folder, 'empty.html'), '<!doctype html><title>empty</title>');
}

/**
 * @param {Run} run
 * @returns {Promise<Figure[]>}
 */
export async function pageLoads(run) {
  const { workshop, quick } = run;
  const site = workshop.make('pages');
  writeSite(site);
  const server = await servePages(site);
  /** @type {Figure[]} */
  const figures = [];
  for (const name of run.browsers) {
    run.say(`${name} starts`);
    const launch = launchers[name];
    if (launch === undefined) {
      throw new Error(`unknown browser ${name}`);
    }
    const browsers = [];
    try {
      for (const extension of /** @type {const} */ ([false, undefined, false])) {
        const profile = workshop.make(`${name}-pages-${browsers.length}`);
        browsers.push(await launch({ profile, stateFolder: workshop.state(), extension }));
      }
      const pages = await Promise.all(browsers.map((browser) => browser.newPage()));
      for (const kind of ['ordinary', 'empty']) {
        const url = `http://localhost:${server.port}/${kind}.html`;
        const [without, withIt, again] = pages.map((page) => () => loads(page, url, 3));
        if (without === undefined || withIt === undefined || again === undefined) {
          throw new Error('a browser has no page');
        }
        run.say(`${name}, ${kind} page`);
        await inTurns(2, { without, with: withIt, again });
        const samples = await inTurns(quick ? 10 : 40, { without, with: withIt, again });
        figures.push(
          ...figuresOf(`${name}, load of an ${kind} page`, samples, kind === 'ordinary'),
        );
      }
    } finally {
      await Promise.all(browsers.map((browser) => browser.close()));
    }
  }
  await server.close();
  return figures;
}

/**
 * @param {import('puppeteer-core').Page} page
 * @param {string} url
 * @param {number} count
 * @returns {Promise<number[]>}  milliseconds
 */
async function loads(page, url, count) {
  await page.bringToFront();
  const samples = [];
  for (let i = 0; i < count; i++) {
    await page.goto(url, { waitUntil: 'load' });
    samples.push(
      await page.evaluate(async () => {
        const [entry] = /** @type {PerformanceNavigationTiming[]} */ (
          performance.getEntriesByType('navigation')
        );
        while (entry !== undefined && entry.loadEventEnd === 0) {
          await new Promise((done) => setTimeout(done, 0));
        }
        return (entry?.loadEventEnd ?? NaN) - (entry?.startTime ?? NaN);
      }),
    );
  }
  return samples;
}

/**
 * Two browsers without the extension differ as well; their difference is given for comparison.
 *
 * @param {string} part
 * @param {{with: number[], without: number[], again: number[]}} samples
 * @param {boolean} aimed
 */
function figuresOf(part, samples, aimed) {
  const floor = median([...samples.without, ...samples.again]);
  return [
    { part, subject: 'without the extension', unit: 'ms', ...summary(samples.without) },
    {
      part,
      subject: 'without, another browser',
      unit: 'ms',
      ...summary(samples.again),
      against: 'the first',
      ratio: median(samples.again) / median(samples.without),
    },
    judged({
      part,
      subject: 'with it',
      unit: 'ms',
      ...summary(samples.with),
      against: 'both without',
      ratio: median(samples.with) / floor,
      target: aimed ? { text: '≤ 2 % more', most: 1.02 } : undefined,
    }),
  ];
}
