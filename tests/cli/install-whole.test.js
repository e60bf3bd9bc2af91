// SPDX-License-Identifier: MIT
// A whole that was installed by CMake, moved or staged: install names its own host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hostPath } from '../protocol/host-process.js';
import { Machine, MANIFEST, manifestOf, PLACES } from './machine.js';

test('cmake --install gives a whole that can be moved, and whose parts find each other', async (t) => {
  const machine = new Machine(t).start('.config/chromium').start('.mozilla/firefox');
  const build = dirname(hostPath);
  const first = join(machine.folder, 'first');
  const env = { ...process.env, DESTDIR: '' };
  execFileSync('cmake', ['--install', build, '--prefix', first], { stdio: 'pipe', env });
  const prefix = join(machine.folder, 'moved');
  renameSync(first, prefix);
  for (const path of [
    'share/man/man1/powerup-secrets.1',
    'share/bash-completion/completions/powerup-secrets',
    'share/zsh/site-functions/_powerup-secrets',
    'share/fish/vendor_completions.d/powerup-secrets.fish',
  ]) {
    assert.ok(existsSync(join(prefix, path)), path);
  }
  if (existsSync(join(build, 'extension'))) {
    assert.ok(existsSync(join(prefix, 'share/powerup-secrets/extension/chromium/manifest.json')));
    assert.ok(existsSync(join(prefix, 'share/powerup-secrets/extension/firefox/manifest.json')));
  }
  execFileSync(join(prefix, 'bin/powerup-secrets'), ['install'], {
    stdio: 'pipe',
    env: { ...process.env, ...machine.env },
  });
  const host = join(prefix, 'libexec/powerup-secrets/powerup-secrets-host');
  assert.deepEqual(machine.read(PLACES.firefox), manifestOf('firefox', host));
  rmSync(host);
  assert.throws(
    () =>
      execFileSync(join(prefix, 'bin/powerup-secrets'), ['install'], {
        stdio: 'pipe',
        env: { ...process.env, ...machine.env },
      }),
    /There is no host that belongs to the command line/,
  );
});

test('a host that is staged below $DESTDIR is named as it will be found', async (t) => {
  const machine = new Machine(t);
  const staged = join(machine.root, 'usr');
  const env = { ...process.env, ...machine.env };
  execFileSync('cmake', ['--install', dirname(hostPath), '--prefix', staged], {
    stdio: 'pipe',
    env: { ...process.env, DESTDIR: '' },
  });
  const command = join(staged, 'bin/powerup-secrets');
  execFileSync(command, ['install', '--system', '--browser', 'firefox'], { stdio: 'pipe', env });
  const file = join(machine.root, 'usr/lib/mozilla/native-messaging-hosts', MANIFEST);
  const host = '/usr/libexec/powerup-secrets/powerup-secrets-host';
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), manifestOf('firefox', host));
  // One of somebody's own is where it is.
  execFileSync(command, ['install', '--browser', 'firefox'], { stdio: 'pipe', env });
  assert.equal(machine.read(PLACES.firefox).path, join(machine.root, host));
});
