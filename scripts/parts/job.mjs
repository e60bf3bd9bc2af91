// SPDX-License-Identifier: MIT
// Runs one job and reads what came of it.
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { readJUnit } from './junit.mjs';

/** @typedef {import('./rows.mjs').Job} Job */
/** @typedef {import('./rows.mjs').Step} Step */
/** @typedef {import('./junit.mjs').Result} Result */

/** Far beyond what any takes on any machine: it ends what hangs, and is no measure of speed. */
const LIMIT_MS = 60 * 60 * 1000;

/** By this exit status a program says that it has nothing to look at here. */
const SKIPPED = 77;

/** How much of a log tells of a failure that no test tells of. */
const LAST_LINES = 40;

/**
 * Where a runner is told to write JUnit XML, and how.
 *
 * @type {Record<NonNullable<Step['runner']>, (file: string) => {args?: string[], env: Record<string, string>}>}
 */
const RUNNERS = {
  node: (file) => ({
    args: [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=junit', `--test-reporter-destination=${file}.xml`],
    ],
    env: {},
  }),
  // A file a program, named by its subject: cmocka replaces %g, and appends to no file that is there.
  cmocka: (file) => ({
    env: { CMOCKA_MESSAGE_OUTPUT: 'xml', CMOCKA_XML_FILE: resolve(`${file}.%g.xml`) },
  }),
  playwright: (file) => ({ env: { PLAYWRIGHT_JUNIT_OUTPUT_FILE: resolve(`${file}.xml`) } }),
};

/**
 * @param {Step} step
 * @param {string} file  what it writes is named after this
 * @param {import('node:stream').Writable} log
 * @returns {Promise<{status: string, skipped: boolean, text: string}>}  status: '' when it succeeded
 */
async function runStep({ command: [program, ...args], env, runner }, file, log) {
  const told = runner && RUNNERS[runner](file);
  const running = execa(program, [...(told?.args ?? []), ...args], {
    env: { FORCE_COLOR: '0', NODE_TEST_CONTEXT: undefined, ...env, ...told?.env },
    all: true,
    stdin: 'ignore',
    reject: false,
    timeout: LIMIT_MS,
    preferLocal: true,
    maxBuffer: Infinity,
  });
  running.all.pipe(log, { end: false });
  const { failed, exitCode, shortMessage = '', all = '' } = await running;
  const skipped = exitCode === SKIPPED && !runner;
  return { status: failed ? shortMessage.split('\n')[0] : '', skipped, text: all };
}

/** @param {string} folder @param {string} prefix @returns {Result[]} */
const resultsIn = (folder, prefix) =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${prefix}.`) && name.endsWith('.xml'))
    .flatMap((name) => readJUnit(join(folder, name)));

/**
 * @param {Job} job
 * @param {string} folder  of its row, for XML and log
 * @returns {Promise<{results: Result[], seconds: number, log: string}>}
 */
export async function runJob({ name, steps }, folder) {
  mkdirSync(folder, { recursive: true });
  const plain = name.replaceAll(/[^\w.-]+/g, '-');
  const path = join(folder, `${plain}.log`);
  const log = createWriteStream(path);
  const from = performance.now();
  /** @type {Result[]} */
  const results = [];
  for (const [at, step] of steps.entries()) {
    const prefix = `${plain}-${at + 1}`;
    const { status, skipped, text } = await runStep(step, join(folder, prefix), log);
    const told = step.runner ? resultsIn(folder, prefix) : [];
    results.push(...told);
    const message = `${status}\n${text.trimEnd().split('\n').slice(-LAST_LINES).join('\n')}`;
    if (skipped) {
      results.push({ name, outcome: 'skipped', message: text.trim() });
    } else if (!step.runner) {
      results.push({ name, outcome: status ? 'failed' : 'passed', message: status && message });
    } else if (status && told.every(({ outcome }) => outcome !== 'failed')) {
      results.push({ name, outcome: 'failed', message });
    } else if (told.length === 0) {
      results.push({ name, outcome: 'failed', message: `no test ran\n${message}` });
    }
  }
  log.end();
  await finished(log);
  return { results, seconds: (performance.now() - from) / 1000, log: readFileSync(path, 'utf8') };
}
