// SPDX-License-Identifier: MIT
// What setting up costs a test, beyond plain Playwright: the same tests with both, in one run.
//
//   node runner/tests/setup-cost.js [TESTS]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const tests = Number(process.argv[2] ?? 60);
mkdirSync(join(here, '../../build'), { recursive: true });
const folder = mkdtempSync(join(here, 'setup-cost-'));

/** @param {number[]} numbers @param {number} share */
const quantile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)];

try {
  for (const [name, library, fixtures] of [
    ['plain', '@playwright/test', 'page'],
    ['trello', 'powerup-secrets/playwright', 'page, trello'],
  ]) {
    writeFileSync(
      join(folder, `${name}.spec.js`),
      `import { test, expect } from '${library}';
      for (let i = 0; i < ${tests}; i++) {
        test('${name} ' + i, async ({ ${fixtures} }) => {
          await page.goto('data:text/html,<p>here</p>');
          await expect(page.getByText('here')).toBeVisible();
        });
      }`,
    );
  }
  writeFileSync(
    join(folder, 'playwright.config.js'),
    `export default { workers: 1, use: { launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' } } };`,
  );
  const { stdout, stderr } = spawnSync(
    'npx',
    ['playwright', 'test', '--config', folder, '--reporter=json'],
    { encoding: 'utf8', maxBuffer: 1e8 },
  );
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`the tests did not run: ${stdout}${stderr}`);
  }
  if (report.stats.unexpected > 0) {
    throw new Error(`${report.stats.unexpected} tests failed`);
  }
  /** @type {Record<string, number[]>} */
  const durations = { plain: [], trello: [] };
  for (const suite of report.suites) {
    for (const { title, tests: runs } of suite.specs) {
      // The first one starts the browser.
      if (!title.endsWith(' 0')) {
        durations[title.split(' ')[0]].push(runs[0].results[0].duration);
      }
    }
  }
  for (const [name, all] of Object.entries(durations)) {
    console.log(
      `${name.padEnd(7)} ${all.length} tests  median ${quantile(all, 0.5)} ms  p95 ${quantile(all, 0.95)} ms`,
    );
  }
  const cost = quantile(durations.trello, 0.5) - quantile(durations.plain, 0.5);
  console.log(`setting up costs a test ${cost} ms (median; target: at most 150 ms)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
