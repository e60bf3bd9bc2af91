// SPDX-License-Identifier: MIT
// A disk that is full or becomes full, and a limit on the size of files: a small separate file system,
// and what ulimit -f sets.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  greetedHost,
  HostProcess,
  hostPath,
  PLACE,
  stateFolder,
} from '../protocol/host-process.js';
import { createStore, query } from '../support/store.js';

const CLI = resolve(dirname(hostPath), 'powerup-secrets');

const FULL = /disk with the state folder is full; nothing was changed\. Free some space/;
const NO_INODES = /disk with the state folder is full.* no inodes left.*df -i/;
const LIMIT = /as large as this program may make one \(ulimit -f\)/;

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

/**
 * Runs a command, under a limit in bytes on the size of files if there is one.
 *
 * @param {string} state
 * @param {string[]} args
 * @param {{limit?: number, stdout?: 'pipe' | number}} [options]
 */
function run(state, args, { limit, stdout = 'pipe' } = {}) {
  const [program, ...rest] = [...limited(limit), CLI, ...args];
  return spawnSync(program, rest, {
    env: { ...process.env, POWERUP_SECRETS_DIR: state },
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
  });
}

/** @param {number | undefined} limit */
const limited = (limit) => (limit === undefined ? [] : ['prlimit', `--fsize=${limit}`]);

/**
 * The first error that a new host gives for hello and for a secret, if any.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} state
 * @param {number} [limit]
 */
async function errorOfHost(t, state, limit) {
  const host = new HostProcess(t, { state, launcher: limited(limit) });
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

  test(`a limit on the size of files is called so, and ends no program, when ${name}`, async (t) => {
    const state = stateFolder(t);
    const answers = { refused: 0, done: 0 };
    for (let limit = 0; limit <= 96 * 1024; limit += 8 * 1024) {
      rmSync(state, { recursive: true, force: true });
      if (existing) {
        createStore(state);
      }
      const { status, signal, stderr } = run(state, ['storage', 'denied'], { limit });
      assert.equal(signal, null, `${limit}`);
      assert.ok(status === 0 || LIMIT.test(stderr), `${limit}: ${stderr}`);
      const error = await errorOfHost(t, state, limit);
      assertNamed(error, LIMIT);
      answers[error === undefined ? 'done' : 'refused']++;
      assert.equal(await errorOfHost(t, state), undefined);
      assert.deepEqual(query(state, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
    }
    assert.ok(answers.refused > 3 && answers.done > 0, JSON.stringify(answers));
  });
}

test('a host that reaches the limit on the size of files loses nothing, and goes on reading', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state, launcher: limited(256 * 1024) });
  const data = 'x'.repeat(20_000);
  const stored = [];
  let reply = await host.store('key 0', data);
  while (reply.ok) {
    stored.push(`key ${stored.length}`);
    reply = await host.store(`key ${stored.length}`, data);
  }
  assert.equal(reply.error.code, 'store_full');
  assert.match(reply.error.message, LIMIT);
  assert.ok(stored.length > 1);
  for (const key of stored) {
    assert.equal((await host.load(key)).result, data);
  }
  host.closeInput();
  assert.deepEqual((await host.exit).code, 0);
  const next = await greetedHost(t, { state });
  assert.equal((await next.load(/** @type {string} */ (stored.at(-1)))).result, data);
  assert.ok((await next.store('without a limit', data)).ok);
});

test('output that reaches the limit on the size of files is reported', (t) => {
  const state = stateFolder(t);
  mkdirSync(state, { mode: 0o700 });
  const stdout = openSync(join(state, 'output'), 'w');
  t.after(() => closeSync(stdout));
  const { status, signal, stderr } = run(state, ['help'], { limit: 100, stdout });
  assert.deepEqual({ status, signal }, { status: 1, signal: null });
  assert.match(stderr, /stdout cannot be written: File too large/);
});
