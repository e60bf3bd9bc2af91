// SPDX-License-Identifier: MIT
// What the tests of doctor share: machines with a problem, and following the fix that is printed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cliPath, EXIT } from './cli.js';
import { Machine } from './machine.js';

/** @typedef {import('./machine.js').Family} Family */

export const isRoot = process.getuid?.() === 0;

/** @type {Family[]} */
export const families = ['chromium', 'firefox'];

/**
 * A machine on which one browser was started, and the host is installed for it.
 *
 * @param {import('node:test').TestContext} t
 * @param {Family} [family]
 */
export async function installed(t, family = 'chromium') {
  const machine = new Machine(t).start(
    family === 'chromium' ? '.config/chromium' : '.mozilla/firefox',
  );
  machine.program(family);
  assert.equal((await machine.run(['install'])).code, EXIT.done);
  return machine;
}

/**
 * Does what a finding says, as its reader would.
 *
 * @param {Machine} machine
 * @param {string | null} fix
 */
export function follow(machine, fix) {
  assert.ok(fix);
  execFileSync('/bin/sh', ['-c', fix.replaceAll('sudo ', '')], {
    stdio: 'pipe',
    env: {
      ...process.env,
      ...machine.env,
      PATH: `${dirname(cliPath)}:${machine.programs}:/usr/bin:/bin`,
    },
  });
}

/**
 * Exactly one problem is found; and none is left when its fix was followed.
 *
 * @param {Machine} machine
 * @param {RegExp} words
 * @param {object} [options]
 * @param {string} [options.subject]
 * @param {boolean} [options.fixes]  whether the fix is a command that fixes it
 */
export async function findsOne(machine, words, { subject = 'chromium', fixes = true } = {}) {
  const { code, problems } = await machine.doctor();
  assert.equal(code, EXIT.failed);
  assert.equal(problems.length, 1, JSON.stringify(problems, null, 2));
  assert.match(problems[0].text, words);
  assert.equal(problems[0].subject, subject);
  if (fixes) {
    follow(machine, problems[0].fix);
    const after = await machine.doctor();
    assert.deepEqual([after.code, after.problems], [EXIT.done, []]);
  }
  return problems[0];
}

const withExtension = existsSync(join(dirname(cliPath), 'extension'));

/** @param {import('node:test').TestContext} t */
export function needsExtension(t) {
  if (!withExtension) {
    t.skip('this build has no extension');
  }
  return withExtension;
}
