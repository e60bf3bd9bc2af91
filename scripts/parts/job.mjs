// SPDX-License-Identifier: MIT
// Runs one job and reads its results.
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { readJUnit } from './junit.mjs';

/** @typedef {import('./rows.mjs').Job} Job */
/** @typedef {import('./rows.mjs').Step} Step */
/** @typedef {import('./junit.mjs').Result} Result */

/** Far longer than any program takes on any machine: it stops one that hangs, and does not measure speed. */
const LIMIT_MS = 3 * 60 * 60 * 1000;

/** The exit status of a program that has nothing to check here. */
const SKIPPED = 77;

/** How much of the output is quoted for a failure that no test reported. */
const LAST_LINES = 40;

/**
 * The options that make a runner write JUnit XML.
 *
 * @type {Record<NonNullable<Step['runner']>, (file: string) => {args: string[], env: Record<string, string>}>}
 */
const RUNNERS = {
  node: (file) => ({
    args: [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=junit',
      `--test-reporter-destination=${file}.xml`,
    ],
    env: {},
  }),
  // Each program writes its own file: cmocka replaces %g by the name of its group.
  cmocka: (file) => ({
    args: ['--output-junit', `${file}.programs`],
    env: { CMOCKA_MESSAGE_OUTPUT: 'xml', CMOCKA_XML_FILE: `${file}.%g.xml` },
  }),
  playwright: (file) => ({ args: [], env: { PLAYWRIGHT_JUNIT_OUTPUT_FILE: `${file}.xml` } }),
};

/**
 * @param {Step} step
 * @param {string} file  prefix of the names of the files that it writes
 * @param {import('node:stream').Writable} log
 * @returns {Promise<{status: string, skipped: boolean, text: string}>}  status: '' when it succeeded
 */
async function runStep({ command: [program, ...args], env, runner }, file, log) {
  const options = runner && RUNNERS[runner](file);
  const running = execa(program, [...(options?.args ?? []), ...args], {
    env: { FORCE_COLOR: '0', NODE_TEST_CONTEXT: undefined, ...env, ...options?.env },
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

/**
 * The results that a runner wrote. A program that ctest ran and that wrote none has failed.
 *
 * @param {string} file
 * @returns {Result[]}
 */
function resultsOf(file) {
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`));
  const written = names.filter((name) => name.endsWith('.xml'));
  const results = written.flatMap((name) => readJUnit(join(dirname(file), name)));
  if (names.includes(`${basename(file)}.programs`)) {
    const programs = readJUnit(`${file}.programs`).length;
    if (written.length !== programs) {
      const message = `${programs} programs ran, but only ${written.length} wrote their test results`;
      results.push({ name: 'programs', outcome: 'failed', message });
    }
  }
  return results;
}

/**
 * @param {Job} job
 * @param {string} folder  for XML and log
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
    const file = resolve(folder, `${plain}-${at + 1}`);
    const { status, skipped, text } = await runStep(step, file, log);
    const reported = step.runner ? resultsOf(file) : [];
    results.push(...reported);
    const message = `${status}\n${text.trimEnd().split('\n').slice(-LAST_LINES).join('\n')}`;
    if (skipped) {
      results.push({ name, outcome: 'skipped', message: text.trim() });
    } else if (!step.runner) {
      results.push({ name, outcome: status ? 'failed' : 'passed', message: status && message });
    } else if (status && reported.every(({ outcome }) => outcome !== 'failed')) {
      results.push({ name, outcome: 'failed', message });
    } else if (reported.length === 0) {
      results.push({ name, outcome: 'failed', message: `no test ran\n${message}` });
    }
  }
  log.end();
  await finished(log);
  return { results, seconds: (performance.now() - from) / 1000, log: readFileSync(path, 'utf8') };
}
