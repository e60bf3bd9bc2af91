// SPDX-License-Identifier: MIT
// Every browser of the table, as it may be on a machine: doctor and install lead to an end, not to each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endSessions, EXIT, run } from './cli.js';
import { follow } from './doctor.js';
import { Machine } from './machine.js';

/** @type {any[]} */
const rows = JSON.parse((await run(['install', '--table', '--json'])).stdout);
const names = [...new Set(rows.map(({ name }) => name))];

/** Below a home folder. @param {string} path */
const below = (path) => path.replace(/^~\//, '').replace(/^\$CONFIG\//, '.config/');

/** How a browser may be on a machine: never started, or as what it was. @param {string} name */
const statesOf = (name) => [
  { as: 'never started', profile: null },
  ...rows
    .filter((row) => row.name === name)
    .map(({ packaging, profile }) => ({ as: packaging, profile: below(profile) })),
];

/**
 * Follows doctor's words as long as they are to install.
 *
 * @param {Machine} machine
 * @param {string} name  what they may leave to the reader
 * @param {string[]} args
 */
async function walk(machine, name, args) {
  const followed = new Set();
  for (;;) {
    const { findings, problems } = await machine.doctor([...args, '--timeout', '1']);
    const next = findings.find(({ fix }) => fix?.startsWith('powerup-secrets install'));
    if (next === undefined) {
      return { findings, problems };
    }
    assert.ok(!followed.has(next.fix), `again, after it was done: ${JSON.stringify(next)}`);
    followed.add(next.fix);
    follow(machine, next.fix?.replace('NAME', name) ?? null);
  }
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} name
 * @param {{as: string, profile: string | null}} state
 * @param {string | undefined} program
 */
async function examine(t, name, { as, profile }, program) {
  const machine = new Machine(t);
  if (profile !== null) {
    machine.start(profile);
  }
  if (program !== undefined) {
    machine.program(program);
  }
  const isSandboxed = as === 'Snap' || as === 'Flatpak';
  const { family } = rows.find((row) => row.name === name);

  await walk(machine, name, []);
  const { findings, problems } = await walk(machine, name, ['--browser', name]);
  const about = findings.filter(({ subject }) => subject === name);
  const having = (/** @type {RegExp} */ words) => about.filter(({ text }) => words.test(text));
  assert.ok(having(/answers: version/).length > 0, 'the host is installed for it');
  const enclosed = having(/its sandbox does not let it start|the sandbox of that one/);
  const absent = having(/is not installed: it cannot be started/);
  const isOutOfReach = isSandboxed && family === 'chromium';
  assert.equal(having(/ a (Snap|Flatpak): /).length, isSandboxed ? 1 : 0);
  assert.equal(enclosed.length, isOutOfReach ? 1 : 0);
  if (program === undefined) {
    // Either is the one problem, and neither advises to install the host.
    assert.deepEqual(problems, isOutOfReach ? enclosed : absent);
    assert.equal(problems.length, 1);
  } else {
    assert.deepEqual([enclosed.filter(({ level }) => level !== 'warning'), absent], [[], []]);
  }
  const again = await machine.rows(['install', '--browser', name]);
  assert.equal(again.code, EXIT.done);
  assert.deepEqual([...new Set(again.rows.map(({ outcome }) => outcome))], ['unchanged']);
}

test('every browser, never started or started as what it may be, with a program and without', async (t) => {
  /** @type {string[]} */
  const failures = [];
  for (const name of names) {
    const programs = rows
      .filter((row) => row.name === name && row.packaging === 'package')
      .flatMap((row) => row.programs?.split(':') ?? []);
    for (const state of statesOf(name)) {
      for (const program of new Set([undefined, programs[0]])) {
        try {
          await examine(t, name, state, program);
        } catch (error) {
          const [reason] = /** @type {Error} */ (error).message.split('\n');
          failures.push(`${name}, ${state.as}, ${program ?? 'no program'}: ${reason}`);
        } finally {
          await endSessions();
        }
      }
    }
  }
  assert.deepEqual(failures, []);
});
