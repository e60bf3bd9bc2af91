// SPDX-License-Identifier: MIT
// A disk that becomes full while the store is written: a small separate file system.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { greetedHost, hostPath, PLACE } from '../protocol/host-process.js';
import { query } from '../support/store.js';

const CLI = resolve(dirname(hostPath), 'powerup-secrets');

/**
 * A state folder that is a file system of 1 MiB.
 *
 * @param {import('node:test').TestContext} test
 * @returns {string | undefined}  undefined after the test was skipped
 */
function smallDisk(test) {
  const parent = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  const state = join(parent, 'state');
  mkdirSync(state, { mode: 0o700 });
  const options = ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', state];
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
  assert.match(refused.message, /full; nothing was changed\. Free some space/);
  const secret = join(dirname(state), 'secret');
  writeFileSync(secret, 'x'.repeat(500_000));
  const seed = spawnSync(
    CLI,
    ['seed', '--state', state, '--origin', PLACE.origin, '--key', 'seed', '--value-file', secret],
    { encoding: 'utf8' },
  );
  assert.equal(seed.status, 1);
  assert.match(seed.stderr, /full; nothing was changed\. Free some space/);

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

test('a store cannot be created on a full disk, but can once there is space', async (t) => {
  const state = smallDisk(t);
  if (state === undefined) {
    return;
  }
  const { status } = spawnSync('dd', ['if=/dev/zero', `of=${join(state, 'filler')}`, 'bs=4k']);
  assert.notEqual(status, 0);
  const cli = () => spawnSync(CLI, ['storage', 'denied', '--state', state], { encoding: 'utf8' });
  const { status: refused, stderr } = cli();
  assert.equal(refused, 1);
  assert.match(stderr, /full|No space left/);
  execFileSync('rm', [join(state, 'filler')]);
  assert.equal(cli().status, 0);
});
