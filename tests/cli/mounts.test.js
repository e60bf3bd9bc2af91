// SPDX-License-Identifier: MIT
// Folders that no program may be started from, and a home folder that cannot be written.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { hostPath, PLACE } from '../protocol/host-process.js';
import { whyNoMounts, withMounts } from '../support/mounts.js';
import { cliPath, EXIT } from './cli.js';
import { families, installed } from './doctor.js';
import { manifestOf, PLACES } from './machine.js';

/** @typedef {import('./machine.js').Machine} Machine */

const skip = whyNoMounts();

/**
 * Runs the command line while folders are mounted otherwise.
 *
 * @param {Machine} machine
 * @param {import('../support/mounts.js').Mounts} mounts
 * @param {string[]} args
 * @param {string} [input]
 */
function runMounted(machine, mounts, args, input = '') {
  const [program, words] = withMounts(mounts, [cliPath, ...args]);
  const PATH = `${machine.programs}:/usr/sbin:/usr/bin:/sbin:/bin`;
  return spawnSync(program, words, {
    env: { ...process.env, SUDO_USER: '', DOAS_USER: '', ...machine.env, PATH },
    cwd: machine.current,
    encoding: 'utf8',
    input,
  });
}

test(
  'doctor and the store need no program in a temporary folder or the state folder',
  { skip },
  async (t) => {
    for (const family of families) {
      const machine = await installed(t, family);
      mkdirSync(machine.state, { mode: 0o700 });
      const mounts = {
        [machine.temporary]: 'noexec',
        [machine.state]: 'noexec',
        [machine.home]: 'ro',
      };
      const doctor = runMounted(machine, mounts, ['doctor', '--json']);
      assert.equal(doctor.status, EXIT.done, doctor.stdout + doctor.stderr);
      assert.match(doctor.stdout, /answers: version/);
      const place = ['--origin', PLACE.origin, '--key', 'token'];
      assert.equal(runMounted(machine, mounts, ['seed', ...place], 'abc').status, EXIT.done);
      assert.equal(runMounted(machine, mounts, ['reveal', ...place]).stdout, 'abc');
    }
  },
);

test(
  'a host on a file system that is mounted noexec is named, with what to do',
  { skip },
  async (t) => {
    for (const family of families) {
      const machine = await installed(t, family);
      const folder = join(machine.folder, 'elsewhere');
      mkdirSync(folder);
      const host = join(folder, basename(hostPath));
      copyFileSync(hostPath, host);
      machine.write(PLACES[family], manifestOf(family, host));
      const { status, stdout } = runMounted(machine, { [folder]: 'noexec' }, ['doctor', '--json']);
      assert.equal(status, EXIT.failed);
      /** @type {import('./machine.js').Finding[]} */
      const findings = JSON.parse(stdout);
      const [problem, ...others] = findings.filter(({ level }) => level === 'problem');
      assert.deepEqual(others, []);
      assert.ok(
        problem.text.includes(`${host}, cannot be executed: its file system is mounted noexec`),
      );
      assert.match(
        problem.fix ?? '',
        /^install powerup-secrets on a file system that programs may/,
      );
    }
  },
);

test('a read-only home folder is named by what would write there', { skip }, async (t) => {
  const machine = await installed(t);
  const mounts = { [machine.home]: 'ro' };
  const install = runMounted(machine, mounts, ['install', '--browser', 'firefox']);
  assert.equal(install.status, EXIT.failed);
  assert.match(install.stdout, /^firefox: failed .*Read-only file system/m);
  machine.env.POWERUP_SECRETS_DIR = machine.env.XDG_STATE_HOME = '';
  const seed = ['seed', '--origin', PLACE.origin, '--key', 'token'];
  const { status, stderr } = runMounted(machine, mounts, seed, 'abc');
  assert.equal(status, EXIT.failed);
  assert.match(stderr, /Read-only file system\. Set POWERUP_SECRETS_DIR to a/);
});
