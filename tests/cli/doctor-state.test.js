// SPDX-License-Identifier: MIT
// The state folder: each problem is found, and the fix is tried.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { version } from '../protocol/host-process.js';
import { endSessions, EXIT, MEMBER, ORIGIN } from './cli.js';
import { findsOne, installed, isRoot } from './doctor.js';

/**
 * A machine with a store.
 *
 * @param {import('node:test').TestContext} t
 */
async function withStore(t) {
  const machine = await installed(t);
  const { code } = await machine.run(['storage', 'denied']);
  assert.equal(code, EXIT.done);
  await endSessions();
  return machine;
}

const ofState = { subject: 'state folder' };

test('a store that is fine', async (t) => {
  const { findings, problems } = await (await withStore(t)).doctor();
  assert.deepEqual(problems, []);
  assert.ok(findings.some(({ text }) => /database .* opens and is intact/.test(text)));
});

test('a state folder without a store is fine, and stays so', async (t) => {
  const machine = await installed(t);
  mkdirSync(machine.state, { mode: 0o700 });
  assert.deepEqual((await machine.doctor()).problems, []);
  assert.deepEqual(readdirSync(machine.state), []);
});

test('a state folder that others may enter', async (t) => {
  const machine = await withStore(t);
  chmodSync(machine.state, 0o755);
  await findsOne(machine, /has mode 755/, ofState);
});

test('files of the store that others may read', async (t) => {
  for (const name of ['root.key', 'store.sqlite3', 'hosts']) {
    const machine = await withStore(t);
    if (name === 'hosts') {
      mkdirSync(join(machine.state, name), { recursive: true });
    }
    chmodSync(join(machine.state, name), 0o750);
    await findsOne(machine, new RegExp(`${name} has mode 750`), ofState);
  }
});

test('a state folder that belongs to another user', async (t) => {
  if (!isRoot) {
    t.skip('only root can give files away');
    return;
  }
  const machine = await withStore(t);
  chownSync(machine.state, 1234, 1234);
  const { fix } = await findsOne(machine, /belongs to another user/, { ...ofState, fixes: false });
  assert.equal(fix, `sudo chown -R "$(id -u)" ${machine.state}`);
});

test('a state folder that is a file', async (t) => {
  const machine = await installed(t);
  writeFileSync(machine.state, '');
  await findsOne(machine, /it is not a folder/, ofState);
});

test('a database that is none', async (t) => {
  const machine = await withStore(t);
  writeFileSync(join(machine.state, 'store.sqlite3'), 'x'.repeat(8192), { mode: 0o600 });
  await findsOne(machine, /does not open: /, ofState);
});

test('a database that is damaged within', async (t) => {
  const machine = await withStore(t);
  const item = ['item', 'set', '--origin', ORIGIN, '--slot', 'a'.repeat(64), '--member', MEMBER];
  await machine.run([...item, '--value-file', machine.write('value', '00;00')]);
  const file = join(machine.state, 'store.sqlite3');
  execFileSync('sqlite3', [file, 'PRAGMA wal_checkpoint(TRUNCATE)'], { stdio: 'pipe' });
  // An index loses its entries, which only the integrity check sees.
  const pages = execFileSync(
    'sqlite3',
    [
      file,
      "SELECT (SELECT page_size FROM pragma_page_size), rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_item_1'",
    ],
    { encoding: 'utf8' },
  );
  const [size, page] = pages.trim().split('|').map(Number);
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from([0x0a, 0, 0, 0, 0, size >> 8, size & 255, 0]), 0, 8, (page - 1) * size);
  closeSync(fd);
  await findsOne(machine, /is damaged: /, ofState);
});

test('a root key that is gone, or another', async (t) => {
  for (const change of [
    (/** @type {string} */ key) => rmSync(key),
    (/** @type {string} */ key) => writeFileSync(key, Buffer.alloc(32, 7)),
    (/** @type {string} */ key) => writeFileSync(key, 'short'),
  ]) {
    const machine = await withStore(t);
    change(join(machine.state, 'root.key'));
    await findsOne(machine, /does not open: root\.key /, ofState);
  }
});

test('a store of a newer version, which no fix throws away', async (t) => {
  const machine = await withStore(t);
  execFileSync('sqlite3', [join(machine.state, 'store.sqlite3'), 'PRAGMA user_version = 999'], {
    stdio: 'pipe',
  });
  const { fix } = await findsOne(machine, /made by a newer powerup-secrets/, {
    ...ofState,
    fixes: false,
  });
  assert.equal(fix, null);
});
