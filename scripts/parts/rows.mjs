// SPDX-License-Identifier: MIT
// The table of what scripts/test runs: one row per line of its summary, each with jobs that may run in
// parallel with all others. The slowest come first.
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';

/**
 * @typedef {object} Step  one program
 * @property {string[]} command
 * @property {Record<string, string>} [env]
 * @property {'node' | 'cmocka' | 'playwright'} [runner]  writes JUnit XML; without one, the program itself
 *   is one test
 */

/**
 * @typedef {object} Job  steps that run one after another
 * @property {string} name
 * @property {Step[]} steps
 */

/**
 * @typedef {object} Row
 * @property {string} part  of --only
 * @property {string} name
 * @property {Job[]} jobs
 */

/** @typedef {{browsers: string[], long: boolean}} Choice */

/** Paths of the files below a folder of the repository. @param {string} folder @param {RegExp} pattern */
const files = (folder, pattern) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();

const cFiles = () => ['host', 'tests', 'bench'].flatMap((folder) => files(folder, /\.[ch]$/));

const shellScripts = () =>
  [...files('scripts', /^[^.]+$|\.sh$/), ...files('.ci', /./), 'runner/start-host'].filter((file) =>
    statSync(file).isFile(),
  );

/**
 * @param {string} name
 * @param {string} command  words separated by single spaces
 * @param {string[]} more  words that may contain spaces
 * @returns {Job}
 */
const check = (name, command, more = []) => ({
  name,
  steps: [{ command: [...command.split(' '), ...more] }],
});

/**
 * One job per test file.
 *
 * @param {string} folder
 * @param {Record<string, string>} [env]
 * @param {RegExp} [pattern]
 * @returns {Job[]}
 */
const nodeTests = (folder, env, pattern = /\.test\.js$/) =>
  files(folder, pattern).map((file) => ({
    name: basename(file, '.test.js'),
    steps: [{ command: ['node', file], env, runner: 'node' }],
  }));

/** So many processes share the end-to-end tests of a browser. */
const E2E_GROUPS = 3;

/**
 * Starting a browser costs more than most tests, so the files of a group run in one process and share
 * its browsers.
 *
 * @param {string} browser
 * @returns {Job[]}
 */
const e2eTests = (browser) => {
  const all = files('tests/e2e', /\.test\.js$/);
  return Array.from({ length: E2E_GROUPS }, (_, group) => ({
    name: `group ${group + 1} of ${E2E_GROUPS}`,
    steps: [
      {
        command: [
          ...['node', 'tests/support/run-files.js'],
          ...all.filter((_file, index) => index % E2E_GROUPS === group),
        ],
        env: { BROWSER: browser },
        runner: 'node',
      },
    ],
  }));
};

/** The programs of a build. @param {string} kind */
const programsOf = (kind) => ({
  POWERUP_SECRETS_BUILD: resolve(`build/${kind}`),
  POWERUP_SECRETS_HOST: `build/${kind}/powerup-secrets-host`,
  POWERUP_SECRETS_CLI: `build/${kind}/powerup-secrets`,
});

const VALGRIND = {
  ...programsOf('release'),
  POWERUP_SECRETS_SANDBOX: 'off',
  POWERUP_SECRETS_HOST_WRAPPER:
    'valgrind --quiet --vgdb=no --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible',
};

/**
 * The sanitizers find everything except uses of uninitialized memory, in a tenth of the time. So valgrind
 * runs each operation once, as the examples of docs/protocol.md call it, keys of all kinds, and commands,
 * which arrive through another channel; with --long, all that the sanitizers run.
 */
const VALGRIND_SHORT = /^(docs|keys|command)\.test\.js$/;

/** @param {string} kind @returns {Job} */
const unitTests = (kind) => ({
  name: kind,
  steps: [
    {
      command: [
        ...`ctest --test-dir build/${kind} --no-tests=error --output-on-failure`.split(' '),
        `-j${availableParallelism()}`,
      ],
      runner: 'cmocka',
    },
  ],
});

/** @param {string} config @returns {Step} */
const playwright = (config) => ({
  command: ['npx', 'playwright', 'test', '--config', config, '--reporter=list,junit'],
  runner: 'playwright',
});

/** @param {Choice} choice @returns {Row[]} */
export const rowsOf = ({ browsers, long }) => [
  ...browsers.map((browser) => ({
    part: 'e2e',
    name: `E2e tests, ${browser}`,
    jobs: e2eTests(browser),
  })),
  { part: 'packages', name: 'Packages', jobs: nodeTests('tests/packages') },
  {
    part: 'runner',
    name: 'Runner tests',
    // One job: packing rewrites files that the examples use.
    jobs: [
      {
        name: 'runner',
        steps: [
          ...files('runner/tests', /\.test\.js$/).map(
            (file) => /** @type {Step} */ ({ command: ['node', file], runner: 'node' }),
          ),
          playwright('runner/examples'),
          playwright('runner/tests'),
        ],
      },
    ],
  },
  { part: 'unit', name: 'Unit tests, release build', jobs: [unitTests('release')] },
  ...browsers.map((browser) => ({
    part: 'fidelity',
    name: `Fidelity tests, ${browser}`,
    jobs: nodeTests('tests/fidelity', { BROWSER: browser }),
  })),
  {
    part: 'trust',
    name: 'Kills and load',
    jobs: nodeTests('tests/trust', programsOf('release')),
  },
  {
    part: 'cli',
    name: 'Command line tests, sanitizers',
    jobs: nodeTests('tests/cli', programsOf('sanitize')),
  },
  {
    part: 'cli',
    name: 'Command line tests, in a session',
    jobs: nodeTests('tests/cli', { ...programsOf('release'), POWERUP_SECRETS_OVER: 'session' }),
  },
  {
    part: 'lint',
    name: 'Lint',
    jobs: [
      check('C analysis (clang-tidy)', 'scripts/clang-tidy'),
      check('JavaScript types (tsc)', 'npx tsc --project .'),
      check('JavaScript format (prettier)', 'npx prettier --check .'),
      // It knows Firefox's rules only; the code is the same for both browsers.
      check(
        'Extension (web-ext lint)',
        'npx web-ext lint --no-config-discovery --warnings-as-errors --source-dir build/release/extension/firefox',
      ),
      check('C format (clang-format)', 'clang-format --dry-run --Werror', cFiles()),
      check('Shell (shellcheck)', 'shellcheck -x', shellScripts()),
      check('Clones in C (jscpd)', 'npx jscpd --no-colors --format c,c-header'),
      // Tokens of JavaScript are longer: 36 of them are 12 lines of a list.
      check(
        'Clones in JavaScript (jscpd)',
        'npx jscpd --no-colors --format javascript --min-tokens 36',
      ),
      check('Commit subjects', 'scripts/commit-subjects'),
      ...nodeTests('tests/scripts'),
    ],
  },
  {
    part: 'protocol',
    name: 'Protocol tests, valgrind',
    jobs: nodeTests('tests/protocol', VALGRIND, long ? undefined : VALGRIND_SHORT),
  },
  {
    part: 'protocol',
    name: 'Protocol tests, sanitizers',
    jobs: nodeTests('tests/protocol', programsOf('sanitize')),
  },
  {
    part: 'protocol',
    name: 'Protocol tests, release build',
    jobs: nodeTests('tests/protocol', programsOf('release')),
  },
  {
    part: 'fuzz',
    name: 'Fuzz targets',
    jobs: readdirSync('tests/fuzz/corpus').map((target) =>
      check(target, `scripts/fuzz ${target} --built ${long ? '--time 300' : '--runs'}`),
    ),
  },
  { part: 'unit', name: 'Unit tests, sanitizers', jobs: [unitTests('sanitize')] },
  { part: 'unit', name: 'Unit tests of the extension', jobs: nodeTests('tests/extension') },
];
