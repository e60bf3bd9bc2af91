// SPDX-License-Identifier: MIT
// What doctor prints, and what it finds in the installation itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { hostPath, version } from '../protocol/host-process.js';
import { cliPath, EXIT } from './cli.js';
import { families, installed, needsExtension } from './doctor.js';
import { Machine, manifestOf, PLACES } from './machine.js';

test('what install did has no problem, in any family', async (t) => {
  for (const family of families) {
    const machine = await installed(t, family);
    const { code, findings, problems } = await machine.doctor();
    assert.deepEqual([code, problems], [EXIT.done, []]);
    const own = findings.filter(({ subject }) => subject === family);
    assert.equal(own.length, 3);
    assert.ok(own.every(({ level, fix }) => level === 'ok' && fix === null));
    assert.match(own[2].text, new RegExp(`starts .*${family}.*answers: version ${version}`, 'i'));
  }
});

test('each finding is one line, with its level, its subject and the fix', async (t) => {
  const machine = await installed(t);
  machine.start('.mozilla/firefox');
  const { findings } = await machine.doctor();
  const { code, stdout, stderr } = await machine.run(['doctor']);
  assert.deepEqual([code, stderr], [EXIT.failed, '']);
  assert.deepEqual(
    stdout.split('\n').slice(0, -1),
    findings.map(({ level, subject, text, fix }) =>
      [`${level.padEnd(8)} ${subject}: ${text}`, ...(fix === null ? [] : [fix])].join(' Fix: '),
    ),
  );
  assert.match(stdout, /^problem {2}firefox: .* Fix: powerup-secrets install --browser firefox$/m);
});

test('the doctor leaves nothing behind, and changes no state folder', async (t) => {
  const machine = await installed(t);
  await machine.doctor();
  assert.deepEqual(readdirSync(machine.temporary), []);
  assert.ok(!existsSync(machine.state));
});

test('what is not text is shown on one line', async (t) => {
  const machine = await installed(t);
  machine.write(PLACES.chromium, { ...manifestOf('chromium'), name: 'a\n\u001b[1mok' });
  const { stdout } = await machine.run(['doctor']);
  assert.match(stdout, /^problem {2}chromium: The name "a\\n\\u001b\[1mok" /m);
});

test('a command line without its host and extensions', async (t) => {
  const machine = new Machine(t);
  const alone = join(machine.folder, 'alone/powerup-secrets');
  mkdirSync(dirname(alone));
  copyFileSync(cliPath, alone);
  chmodSync(alone, 0o755);
  /** @type {any} */
  let failed;
  try {
    execFileSync(alone, ['doctor', '--json'], { env: machine.env, stdio: 'pipe' });
  } catch (error) {
    failed = error;
  }
  assert.equal(failed?.status, EXIT.failed);
  const findings = JSON.parse(failed.stdout).filter(
    (/** @type {any} */ one) => one.subject === 'installation',
  );
  assert.deepEqual(
    findings.map((/** @type {any} */ one) => one.level),
    ['problem', 'warning', 'warning'],
  );
  assert.match(findings[0].text, /There is no host that belongs to the command line in /);
});

test('the parts of the npm package find each other', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = new Machine(t);
  for (const path of [cliPath, hostPath]) {
    const copy = machine.write(join(machine.folder, 'host', basename(path)), '');
    copyFileSync(path, copy);
    chmodSync(copy, 0o755);
  }
  for (const family of families) {
    mkdirSync(join(machine.folder, 'extension', family), { recursive: true });
  }
  const output = execFileSync(join(machine.folder, 'host/powerup-secrets'), ['doctor', '--json'], {
    env: machine.env,
    encoding: 'utf8',
  });
  const own = JSON.parse(output).filter(
    (/** @type {any} */ { subject }) => subject === 'installation',
  );
  assert.deepEqual(
    own.map((/** @type {any} */ { level }) => level),
    ['ok'],
  );
});
