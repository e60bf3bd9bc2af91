// SPDX-License-Identifier: MIT
// What scripts/test runs when everything is built: runs the parts in parallel and prints a summary.
//
//   node scripts/parts/main.mjs --only PART… --browser NAME… [--long] [--verbose]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { runJob } from './job.mjs';
import { rowsOf } from './rows.mjs';
import { counts, line, skippedTests, summary } from './summary.mjs';

/** @typedef {import('./summary.mjs').Outcome} Outcome */

const FOLDER = 'build/test';
/** How long each job took the last time; used only to order them. */
const TIMES = 'build/test-times.json';
/** More than the cores: tests often wait for a browser or for a timeout of the product. */
const LANES = 2 * availableParallelism();

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    browser: { type: 'string', multiple: true, default: [] },
    long: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** @returns {Record<string, number>} */
function lastTimes() {
  try {
    return JSON.parse(readFileSync(TIMES, 'utf8'));
  } catch {
    return {};
  }
}

const rows = rowsOf({ browsers: values.browser, long: values.long }).filter(({ part }) =>
  values.only.includes(part),
);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });

const times = lastTimes();
const from = performance.now();
/** @type {(Outcome & {left: number, logs: Map<string, string>})[]} */
const outcomes = rows.map(({ name, jobs }) => ({
  name,
  results: [],
  seconds: 0,
  left: jobs.length,
  logs: new Map(),
}));

const queue = new PQueue({ concurrency: LANES });
let number = 0;
for (const [at, { name, jobs }] of rows.entries()) {
  const outcome = outcomes[at];
  const file = name.toLowerCase().replaceAll(/\W+/g, '-');
  for (const job of jobs) {
    const id = `${name}: ${job.name}`;
    const run = async () => {
      const { results, seconds, log } = await runJob(job, join(FOLDER, file));
      outcome.results.push(...results.map((result) => ({ ...result, job: job.name })));
      outcome.seconds += seconds;
      outcome.logs.set(job.name, `== ${id}\n${log}`);
      times[id] = Math.round(seconds);
      if (values.verbose) {
        process.stdout.write(outcome.logs.get(job.name) ?? '');
      }
      if (--outcome.left === 0) {
        const logs = jobs.map((one) => outcome.logs.get(one.name));
        writeFileSync(join(FOLDER, `${file}.log`), logs.join('\n'));
        const { passed, failed } = counts(outcome.results);
        if (passed === 0 && failed === 0) {
          const message = 'no test ran';
          outcome.results.push({ job: name, name, outcome: 'failed', message });
        }
        const elapsed = Math.round((performance.now() - from) / 1000);
        console.log(`${`${elapsed} s`.padStart(6)}  ${line(outcome)}`);
      }
    };
    // Jobs without a known time come first, in the order of the table.
    queue.add(run, { priority: times[id] ?? 3600 - number++ });
  }
}
await queue.onIdle();

writeFileSync(TIMES, JSON.stringify(times, null, 1));
writeFileSync(join(FOLDER, 'skipped.txt'), skippedTests(outcomes).join(''));
const lines = summary(outcomes);
console.log(`\n${lines.join('\n')}`);
const { passed, failed } = counts(outcomes.flatMap(({ results }) => results));
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
