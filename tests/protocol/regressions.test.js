// SPDX-License-Identifier: MIT
// Bugs found in this host, one regression test each.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { greetedHost, HostProcess, PLACE, stateFolder } from './host-process.js';

test('the path of the state folder may contain a symbolic link', async (t) => {
  // SQLITE_OPEN_NOFOLLOW refuses a link anywhere in a path, and /home is one on some systems.
  const state = stateFolder(t);
  const home = join(dirname(state), 'home');
  mkdirSync(home);
  symlinkSync(home, join(dirname(state), 'link'));
  const linked = new HostProcess(t, { state: join(dirname(state), 'link', 'state') });
  const hello = await linked.hello();
  assert.equal(hello.ok, true, hello.error?.message);
  assert.equal((await linked.store('token', 'kept')).ok, true);
  const direct = await greetedHost(t, { state: join(home, 'state') });
  assert.equal((await direct.load('token')).result, 'kept');
});

test('the state folder itself may be a symbolic link', async (t) => {
  const state = stateFolder(t);
  mkdirSync(`${state}-real`, { mode: 0o700 });
  symlinkSync(`${state}-real`, state);
  const host = new HostProcess(t, { state });
  const hello = await host.hello();
  assert.equal(hello.ok, true, hello.error?.message);
  assert.equal((await host.store('token', 'kept')).ok, true);
});

test('a database that is a symbolic link is still refused, and left alone', async (t) => {
  const state = stateFolder(t);
  const first = await greetedHost(t, { state });
  await first.store('token', 'kept');
  first.closeInput();
  await first.exit;
  const elsewhere = join(dirname(state), 'elsewhere.sqlite3');
  renameSync(join(state, 'store.sqlite3'), elsewhere);
  symlinkSync(elsewhere, join(state, 'store.sqlite3'));
  const before = readFileSync(elsewhere);
  const host = new HostProcess(t, { state });
  assert.equal((await host.hello()).error.code, 'store_read_only');
  assert.deepEqual(readFileSync(elsewhere), before);
});

test('a member whose name contains NUL is not taken for the member named by the part before it', async (t) => {
  const host = await greetedHost(t);
  await host.store('token', 'of another origin', { origin: 'https://other.example' });
  const { error } = await host.request('loadSecret', {
    ...PLACE,
    key: 'token',
    'origin\0': 'https://other.example',
  });
  assert.equal(error?.code, 'bad_request');
  assert.match(error.message, /NUL/);
  for (const name of ['op\0', '\0', 'deeper']) {
    const value = name === 'deeper' ? { 'a\0b': 1 } : 'loadSecret';
    assert.equal((await host.request('loadSecret', { [name]: value })).error.code, 'bad_request');
  }
  // An escaped backslash does not begin a NUL, and values may contain NUL.
  const named = await host.request('loadSecret', { ...PLACE, key: 'k', 'origin\\u0000': 'x' });
  assert.match(named.error.message, /no member "origin\\u0000"/);
  assert.equal((await host.load('a\0b: "\\u0000')).ok, true);
});
