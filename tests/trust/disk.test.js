// SPDX-License-Identifier: MIT
// A disk that is full or becomes full: a small separate file system.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { greetedHost, HostProcess, hostPath, PLACE } from '../protocol/host-process.js';
import { createStore, query } from '../support/store.js';

const CLI = resolve(dirname(hostPath), 'powerup-secrets');

const FULL = /disk with the state folder is full; nothing was changed\. Free some space/;
const NO_INODES = /disk with the state folder is full.* no inodes left.*df -i/;

/** Commands that open the store: that only read, that write, and that remove. */
const COMMANDS = [
  ['items', '--origin', PLACE.origin],
  ['calls', '--json'],
  ['storage', 'denied'],
  ['reset'],
];

/**
 * A state folder that is a file system of 1 MiB.
 *
 * @param {import('node:test').TestContext} test
 * @param {string} [more]  options of its mount
 * @returns {string | undefined}  undefined after the test was skipped
 */
function smallDisk(test, more = 'size=1m') {
  const parent = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  const state = join(parent, 'state');
  mkdirSync(state, { mode: 0o700 });
  const options = ['-t', 'tmpfs', '-o', `${more},mode=700`, 'tmpfs', state];
  const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' });
  test.after(() => {
    if (status === 0) {
      execFileSync('umount', ['--lazy', state]);
    }
    rmSync(parent, { recursive: true });
  });
  if (status !== 0) {
    test.skip(`no file system can be mounted here: ${stderr.trim()}`);
    return undefined;
  }
  return state;
}

/** @param {string} folder */
function fill(folder) {
  const { status } = spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=1k']);
  assert.notEqual(status, 0);
}

/** Runs a command. @param {string} state @param {string[]} args */
const run = (state, args) =>
  spawnSync(CLI, args, {
    env: { ...process.env, POWERUP_SECRETS_DIR: state },
    encoding: 'utf8',
  });

/**
 * The first error that a new host gives for hello and for a secret, if any.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} state
 */
async function errorOfHost(t, state) {
  const host = new HostProcess(t, { state });
  let reply = await host.hello();
  if (reply?.ok) {
    reply = await host.store('key', 'x'.repeat(20_000));
  }
  host.closeInput();
  const { code, signal } = await host.exit;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  return reply.error;
}

/** No error, or one about the room that is left. @param {any} error @param {RegExp} words */
function assertNamed(error, words) {
  if (error !== undefined) {
    assert.equal(error.code, 'store_full', JSON.stringify(error));
    assert.match(error.message, words);
  }
}

test('a full disk is reported, loses nothing that was acknowledged, and the host recovers with free space', async (t) => {
  const state = smallDisk(t);
  if (state === undefined) {
    return;
  }
  const host = await greetedHost(t, { state });
  const data = 'x'.repeat(20_000);
  const stored = [];
  let refused;
  for (let i = 0; refused === undefined; i++) {
    const { ok, error } = await host.store(`key ${i}`, data);
    if (ok) {
      stored.push(`key ${i}`);
    } else {
      refused = error;
    }
  }
  t.diagnostic(`${stored.length} secrets fit`);
  assert.ok(stored.length > 3);
  assert.equal(refused.code, 'store_full');
  assert.match(refused.message, FULL);
  const secret = join(dirname(state), 'secret');
  writeFileSync(secret, 'x'.repeat(500_000));
  const seed = spawnSync(
    CLI,
    ['seed', '--state', state, '--origin', PLACE.origin, '--key', 'seed', '--value-file', secret],
    { encoding: 'utf8' },
  );
  assert.equal(seed.status, 1);
  assert.match(seed.stderr, FULL);

  for (const key of stored) {
    assert.equal((await host.load(key)).result, data);
  }
  execFileSync('mount', ['-o', 'remount,size=4m', state]);
  assert.ok((await host.store('with room', data)).ok);
  host.closeInput();
  assert.equal((await host.exit).code, 0);

  const next = await greetedHost(t, { state });
  for (const key of [...stored, 'with room']) {
    assert.equal((await next.load(key)).result, data);
  }
  assert.deepEqual(query(state, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  next.closeInput();
  await next.exit;
});

test('with a store that is there, a full disk is called full by each command and a new host', async (t) => {
  const state = smallDisk(t);
  if (state === undefined) {
    return;
  }
  const first = await greetedHost(t, { state });
  assert.ok((await first.store('key', 'kept')).ok);
  first.closeInput();
  await first.exit;
  fill(state);
  for (const command of COMMANDS) {
    const { status, stderr } = run(state, command);
    assert.equal(status, 1, command[0]);
    assert.match(stderr, FULL, command[0]);
  }
  const { stdout } = run(state, ['doctor', '--json']);
  const findings = JSON.parse(stdout).filter((/** @type {any} */ { text }) => FULL.test(text));
  assert.deepEqual(
    findings.map((/** @type {any} */ { level, fix }) => [level, fix]),
    [['problem', null]],
  );
  const error = await errorOfHost(t, state);
  assert.equal(error.code, 'store_full');
  assert.match(error.message, FULL);

  rmSync(join(state, 'filler'));
  const next = await greetedHost(t, { state });
  assert.equal((await next.load('key')).result, 'kept');
});

test('a store cannot be created on a full disk, but can once there is space', async (t) => {
  const state = smallDisk(t);
  if (state === undefined) {
    return;
  }
  fill(state);
  // From nothing to more than a new store takes.
  let made = false;
  for (let room = 0; !made; room += 4096) {
    assert.ok(room < 1024 * 1024);
    rmSync(join(state, 'filler'));
    fill(state);
    truncateSync(join(state, 'filler'), statSync(join(state, 'filler')).size - room);
    const { status, stderr } = run(state, ['storage', 'denied']);
    made = status === 0;
    assert.ok(made || FULL.test(stderr), `${room} bytes left: ${stderr}`);
  }
});

for (const existing of [true, false]) {
  const name = existing ? 'a store is there' : 'none is there';
  const options = existing ? 'size=1m,nr_inodes=40' : 'size=1m,nr_inodes=20';

  test(`a disk without inodes is called so by a command and a new host when ${name}`, async (t) => {
    const disk = smallDisk(t, options);
    if (disk === undefined) {
      return;
    }
    const state = join(disk, 'state');
    if (existing) {
      createStore(state);
    }
    for (let i = 0; statfsSync(disk).ffree > 0; i++) {
      writeFileSync(join(disk, `filler ${i}`), '');
    }
    const answers = [];
    for (let left = 0; answers.at(-1) !== undefined || left === 0; left++) {
      const { status, stderr } = run(state, ['storage', 'denied']);
      assert.ok(status === 0 || NO_INODES.test(stderr), `${left} inodes left: ${stderr}`);
      const error = await errorOfHost(t, state);
      assertNamed(error, NO_INODES);
      answers.push(error);
      rmSync(join(disk, `filler ${left}`));
      if (!existing) {
        rmSync(state, { recursive: true, force: true });
      }
    }
    assert.ok(answers.length > 2);
  });
}
