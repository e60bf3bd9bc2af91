// SPDX-License-Identifier: MIT
// What scripts/test counts when tests pass, fail, are skipped, crash or do not run.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runJob } from '../../scripts/parts/job.mjs';
import { rowsOf } from '../../scripts/parts/rows.mjs';
import { summary } from '../../scripts/parts/summary.mjs';

/** @typedef {import('../../scripts/parts/rows.mjs').Step} Step */

/** @param {import('node:test').TestContext} t */
function folderOf(t) {
  const folder = mkdtempSync(join(tmpdir(), 'parts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs a file of tests. @param {import('node:test').TestContext} t @param {string} source */
function runTests(t, source) {
  const folder = folderOf(t);
  const file = join(folder, 'some.test.mjs');
  writeFileSync(file, `import { test } from 'node:test';\n${source}`);
  return runJob({ name: 'some', steps: [{ command: ['node', file], runner: 'node' }] }, folder);
}

test('each test of node --test is counted, with why it failed or was skipped', async (t) => {
  const { results, log } = await runTests(
    t,
    `test('good "<é>"', () => {});
     test('bad', () => { throw new Error('no "way" \\u001b[1m&'); });
     test('left', { skip: 'in firefox only: "so"' }, () => {});`,
  );
  assert.deepEqual(
    results.map(({ name, outcome }) => [name, outcome]),
    [
      ['good "<é>"', 'passed'],
      ['bad', 'failed'],
      ['left', 'skipped'],
    ],
  );
  assert.match(results[1].message, /no "way"/);
  assert.equal(results[2].message, 'in firefox only: "so"');
  assert.match(log, /✖ bad/);
});

test('a file that throws or has no test is a failure', async (t) => {
  const broken = await runTests(t, "test('good', () => {});\nthrow new Error('thrown early');");
  assert.equal(broken.results.at(-1)?.outcome, 'failed');
  assert.match(broken.results.at(-1)?.message ?? '', /thrown early/);
  const { results } = await runTests(t, '');
  assert.deepEqual(
    results.map(({ name, outcome }) => [name, outcome]),
    [['some', 'failed']],
  );
  assert.match(results[0].message, /^no test ran/);
});

test('each test of a cmocka program is counted, and a program that crashes fails', async (t) => {
  const suite = (/** @type {string} */ cases) =>
    `printf '<testsuites><testsuite>${cases}</testsuite></testsuites>' > "\${CMOCKA_XML_FILE%\\%g*}$1.xml"`;
  const script = `write() { ${suite('<testcase name="one"></testcase><testcase name="two"><failure><![CDATA[1 != 2]]></failure></testcase>')}; }
    write a; write b; exit 1`;
  const run = (/** @type {string} */ text) => {
    const folder = folderOf(t);
    const program = join(folder, 'program');
    writeFileSync(program, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    const step = /** @type {Step} */ ({ command: [program], runner: 'cmocka' });
    return runJob({ name: 'unit', steps: [step] }, folder);
  };
  const { results } = await run(script);
  assert.deepEqual(
    results.map(({ outcome, message }) => [outcome, message]),
    Array(2)
      .fill([
        ['passed', ''],
        ['failed', '1 != 2'],
      ])
      .flat(),
  );
  const died = await run('echo last words; kill -SEGV $$');
  assert.equal(died.results.length, 1);
  assert.match(died.results[0].message, /SIGSEGV[^]*last words/);
});

test('a program that ctest ran and that wrote no results is a failure', async (t) => {
  const script = `printf '<testsuite><testcase name="unit.a"/><testcase name="unit.b"/></testsuite>' > "$2"
    printf '<testsuites><testsuite><testcase name="one"/></testsuite></testsuites>' > "\${CMOCKA_XML_FILE%\\%g*}a.xml"`;
  const folder = folderOf(t);
  const ctest = join(folder, 'ctest');
  writeFileSync(ctest, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const steps = [/** @type {Step} */ ({ command: [ctest], runner: 'cmocka' })];
  const { results } = await runJob({ name: 'unit', steps }, folder);
  assert.deepEqual(
    results.map(({ name, message }) => [name, message]),
    [
      ['one', ''],
      ['programs', '2 programs ran, but only 1 wrote their test results'],
    ],
  );
});

test('a program without a runner is one test, which may report that it was skipped', async (t) => {
  for (const [status, outcome] of /** @type {const} */ ([
    [0, 'passed'],
    [1, 'failed'],
    [77, 'skipped'],
  ])) {
    const command = ['sh', '-c', `echo words; exit ${status}`];
    const { results } = await runJob({ name: 'check', steps: [{ command }] }, folderOf(t));
    assert.deepEqual([results.length, results[0].outcome], [1, outcome]);
    assert.equal(results[0].message.includes('words'), status !== 0);
  }
});

test('the summary ends with the totals', () => {
  const result = (/** @type {any} */ outcome, message = '') => ({
    ...{ job: 'file', name: 'a test', outcome, message },
  });
  const outcomes = [
    { name: 'One', seconds: 1.2, results: [result('passed'), result('failed', 'line 1\nline 2')] },
    { name: 'Two', seconds: 3, results: [result('skipped', 'in firefox only: it cannot')] },
  ];
  assert.deepEqual(summary(outcomes).slice(-6), [
    'Two                                    0       0       1       3',
    'failed: One: file: a test',
    '    line 1',
    '    line 2',
    '1 in firefox only: it cannot',
    '1 passed, 1 failed, 1 skipped',
  ]);
});

test('each part of scripts/test has rows, and --long adds no test', () => {
  const script = readFileSync(new URL('../../scripts/test', import.meta.url), 'utf8');
  const parts = /^PARTS=\((.*)\)$/m.exec(script)?.[1].split(' ') ?? [];
  const choice = { browsers: ['chromium', 'firefox'], long: false };
  const short = rowsOf(choice);
  const long = rowsOf({ ...choice, long: true });
  assert.deepEqual([...new Set(short.map(({ part }) => part))].sort(), parts.sort());
  const files = (/** @type {typeof short} */ rows) =>
    new Set(rows.flatMap(({ part, jobs }) => jobs.map(({ name }) => `${part}: ${name}`)));
  assert.deepEqual(files(long), files(short));
});
