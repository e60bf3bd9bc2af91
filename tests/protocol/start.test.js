// SPDX-License-Identifier: MIT
// Who may start the host, what it does with an unusable store, and what it writes to stdout.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { greetedHost, HostProcess, identity, stateFolder } from './host-process.js';

const { chromiumExtensionId, firefoxExtensionId } = identity;

for (const args of [
  [],
  ['--help'],
  ['chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/'],
  [`chrome-extension://${chromiumExtensionId}/page.html`],
  [`chrome-extension://${chromiumExtensionId}.example/`],
  [`chrome-extension://${chromiumExtensionId}/`, '--more'],
  [`https://${chromiumExtensionId}/`],
  ['/some/manifest.json', 'other@example.com'],
  ['manifest.json', firefoxExtensionId],
  [firefoxExtensionId, '/some/manifest.json'],
  ['/some/manifest.json', firefoxExtensionId, 'more'],
]) {
  test(`the caller [${args.join(' ')}] gets a usage text on stderr and exit status 2`, async (t) => {
    const host = new HostProcess(t, { args });
    const { code, stderr } = await host.exit;
    assert.equal(code, 2);
    assert.match(stderr, /Browsers\nstart it themselves/);
    assert.equal(host.rest.length, 0);
  });
}

for (const args of [
  [`chrome-extension://${chromiumExtensionId}/`],
  [`chrome-extension://${chromiumExtensionId}`],
  [`chrome-extension://${chromiumExtensionId}/`, '--parent-window=0'],
  ['/some/manifest.json', firefoxExtensionId],
]) {
  test(`the caller [${args.join(' ')}] is served`, async (t) => {
    assert.equal((await new HostProcess(t, { args }).hello()).ok, true);
  });
}

/** @param {string} folder @returns {Record<string, Buffer>} */
const contents = (folder) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith('-shm') && !name.endsWith('-wal') && name !== 'hosts')
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

/** What can be wrong with a state folder, and how hello reports it.
 * @type {Record<string, {code: string, fix: RegExp, spoil: (state: string) => void}>} */
const spoiled = {
  'that others can enter': {
    code: 'state_folder',
    fix: /chmod 700/,
    spoil: (state) => chmodSync(state, 0o750),
  },
  'without its root key': {
    code: 'root_key',
    fix: /restore it/,
    spoil: (state) => rmSync(join(state, 'root.key')),
  },
  'with a root key cut short': {
    code: 'root_key',
    fix: /must have 32 bytes/,
    spoil: (state) => writeFileSync(join(state, 'root.key'), 'short'),
  },
  'with the root key of another store': {
    code: 'root_key',
    fix: /belongs to another store/,
    spoil: (state) => writeFileSync(join(state, 'root.key'), Buffer.alloc(32, 7)),
  },
  'with a root key that others can read': {
    code: 'root_key',
    fix: /chmod 600/,
    spoil: (state) => chmodSync(join(state, 'root.key'), 0o644),
  },
  'whose database is something else': {
    code: 'store_damaged',
    fix: /restore a copy/,
    spoil: (state) => writeFileSync(join(state, 'store.sqlite3'), 'not a database '.repeat(400)),
  },
  'of a newer version': {
    code: 'store_newer',
    fix: /update the host/,
    spoil: (state) =>
      execFileSync('sqlite3', [join(state, 'store.sqlite3'), 'PRAGMA user_version = 99']),
  },
  'whose database is another program’s': {
    code: 'store_damaged',
    fix: /another folder/,
    spoil: (state) =>
      execFileSync('sqlite3', [join(state, 'store.sqlite3'), 'PRAGMA application_id = 1']),
  },
};

for (const [what, { code, fix, spoil }] of Object.entries(spoiled)) {
  test(`a state folder ${what}: hello reports it, nothing is overwritten, the host keeps running`, async (t) => {
    const state = stateFolder(t);
    const first = await greetedHost(t, { state });
    await first.store('token', 'kept');
    first.closeInput();
    await first.exit;
    spoil(state);
    const before = contents(state);

    const host = new HostProcess(t, { state });
    for (let round = 0; round < 2; round++) {
      const { error } = await host.hello();
      assert.equal(error.code, code);
      assert.match(error.message, fix);
      assert.ok(!error.message.includes(state), 'no path of this machine');
      assert.equal((await host.load('token')).error.code, 'hello_first');
    }
    host.closeInput();
    assert.equal((await host.exit).code, 0);
    assert.deepEqual(contents(state), before);
  });
}

test('a state folder that cannot be created is reported, and fixed without a new host', async (t) => {
  const state = stateFolder(t);
  mkdirSync(join(state, '..'), { recursive: true });
  writeFileSync(state, 'a file where the folder should be');
  const host = new HostProcess(t, { state });
  const { error } = await host.hello();
  assert.equal(error.code, 'state_folder');
  rmSync(state);
  assert.equal((await host.hello()).ok, true);
  assert.equal((await host.store('token', 'x')).ok, true);
});

test('the environment names the state folder', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'powerup-secrets-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const unset = { POWERUP_SECRETS_DIR: '', XDG_STATE_HOME: '', HOME: '' };
  for (const [env, folder] of /** @type {[Record<string, string>, string][]} */ ([
    [{ HOME: home }, `${home}/.local/state/powerup-secrets`],
    [{ HOME: home, XDG_STATE_HOME: `${home}/xdg` }, `${home}/xdg/powerup-secrets`],
    [{ XDG_STATE_HOME: `${home}/xdg`, POWERUP_SECRETS_DIR: `${home}/own` }, `${home}/own`],
  ])) {
    assert.equal((await new HostProcess(t, { env: { ...unset, ...env } }).hello()).ok, true);
    assert.ok(readdirSync(folder).includes('store.sqlite3'), folder);
  }
  for (const env of [unset, { ...unset, POWERUP_SECRETS_DIR: 'relative/path' }]) {
    const { error } = await new HostProcess(t, { env }).hello();
    assert.equal(error.code, 'state_folder');
    assert.match(error.message, /absolute path/);
  }
});

test('a browser profile’s name must be valid', async (t) => {
  for (const name of ['two words', 'x'.repeat(65), 'é']) {
    const host = new HostProcess(t, { env: { POWERUP_SECRETS_BROWSER_PROFILE: name } });
    const { error } = await host.hello();
    assert.equal(error.code, 'bad_request');
    assert.match(error.message, /POWERUP_SECRETS_BROWSER_PROFILE/);
  }
});

test('output of a library goes to stderr, never into the frames', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-print-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, 'noisy.so');
  writeFileSync(
    join(folder, 'noisy.c'),
    `#define _GNU_SOURCE
     #include <dlfcn.h>
     #include <stdio.h>
     #include <unistd.h>
     int sqlite3_open_v2(const char *path, void **database, int flags, const char *vfs)
     {
         int (*real)(const char *, void **, int, const char *) = dlsym(RTLD_NEXT, "sqlite3_open_v2");
         printf("DEBUG: by stdio\\n");
         fflush(stdout);
         if (write(1, "DEBUG: by write\\n", 16) != 16) { return 1; }
         return real(path, database, flags, vfs);
     }`,
  );
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(folder, 'noisy.c'), '-ldl']);
  const host = await greetedHost(t, {
    // ASAN_OPTIONS is for a build with sanitizers, which otherwise must be loaded first.
    env: { LD_PRELOAD: library, ASAN_OPTIONS: 'verify_asan_link_order=0:exitcode=99' },
  });
  assert.equal((await host.store('token', 'x')).ok, true);
  host.closeInput();
  const { code, stderr } = await host.exit;
  assert.equal(code, 0);
  assert.equal(stderr, 'DEBUG: by stdio\nDEBUG: by write\n');
  assert.equal(host.rest.length, 0);
});
