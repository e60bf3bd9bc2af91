// SPDX-License-Identifier: MIT
// What setting up and tearing down costs a Playwright test with the fixture `trello`, beyond plain
// Playwright: the same tests with both, file by file in turns.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { judged, median, summary } from './figures.js';
import { root } from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */

/** Tests in one file. The first starts the browser and is not counted. */
const TESTS = 11;

/** What a test imports and uses. @type {Record<string, {library: string, fixtures: string}>} */
const KINDS = {
  plain: { library: '@playwright/test', fixtures: 'page' },
  trello: { library: 'powerup-secrets/playwright', fixtures: 'page, trello' },
};

/** @typedef {{suites: {specs: {title: string, tests: {results: {duration: number}[]}[]}[]}[],
 *   stats: {unexpected: number}}} Report  of Playwright's reporter json */

/**
 * @param {string} folder
 * @returns {Promise<Report>}
 */
async function runTests(folder) {
  const args = ['playwright', 'test', '--config', folder, '--reporter=json'];
  const run = promisify(execFile)('npx', args, { maxBuffer: 1 << 28 });
  const { stdout, stderr } = await run.catch((error) => error); // 1: a test failed
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`the tests did not run: ${stdout}${stderr}`);
  }
}

/**
 * @param {import('./bench.js').Run} run
 * @returns {Promise<Figure[]>}
 */
export async function setup({ quick, say }) {
  // Inside the package, which may then be imported by its name.
  const folder = mkdtempSync(join(root, 'runner/tests/setup-cost-'));
  try {
    writeFileSync(
      join(folder, 'playwright.config.js'),
      `export default { workers: 1, use: { launchOptions: {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' } } };`,
    );
    const rounds = quick ? 3 : 20;
    for (let round = 0; round < rounds; round++) {
      for (const [kind, { library, fixtures }] of Object.entries(KINDS)) {
        writeFileSync(
          join(folder, `${String(round).padStart(2, '0')}-${kind}.spec.js`),
          `import { test, expect } from '${library}';
          for (let i = 0; i < ${TESTS}; i++) {
            test('${kind} ' + i, async ({ ${fixtures} }) => {
              await page.goto('data:text/html,<p>here</p>');
              await expect(page.getByText('here')).toBeVisible();
            });
          }`,
        );
      }
    }
    say(`${2 * rounds * TESTS} tests`);
    return figuresOf(await runTests(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Report} report
 * @returns {Figure[]}
 */
function figuresOf({ suites, stats }) {
  if (stats.unexpected > 0) {
    throw new Error(`${stats.unexpected} tests failed`);
  }
  /** The tests of each file, in the order of the files. @type {Record<string, number[][]>} */
  const durations = { plain: [], trello: [] };
  for (const { specs } of suites) {
    const [kind = ''] = specs[0]?.title.split(' ') ?? [];
    durations[kind]?.push(specs.slice(1).map(({ tests }) => tests[0]?.results[0]?.duration ?? NaN));
  }
  const [plain = [], trello = []] = Object.values(durations);
  const beyond = trello.map((some, i) => median(some) - median(plain[i] ?? []));
  const part = 'Playwright, a test without a call';
  return [
    judged({ part, subject: 'plain', unit: 'ms', ...summary(plain.flat()) }),
    judged({ part, subject: 'with trello', unit: 'ms', ...summary(trello.flat()) }),
    judged({
      part,
      subject: 'beyond plain, file by file',
      unit: 'ms',
      ...summary(beyond),
      target: { text: '≤ 25 ms', most: 25 },
    }),
  ];
}
