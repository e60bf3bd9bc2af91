// SPDX-License-Identifier: MIT
// The browsers that doctor finds, by their folders and programs.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identity } from '../protocol/host-process.js';
import { EXIT } from './cli.js';
import { families, findsOne, follow, installed } from './doctor.js';
import { Machine, PLACES } from './machine.js';

test('a browser without a manifest', async (t) => {
  for (const family of families) {
    const machine = await installed(t, family);
    rmSync(join(machine.home, PLACES[family]));
    await findsOne(machine, /cannot find the host: there is no native manifest \//, {
      subject: family,
    });
  }
});

test('a test profile without a manifest', async (t) => {
  for (const family of families) {
    const machine = new Machine(t);
    const args = ['--browser', family, '--user-data-dir', join(machine.folder, "it's")];
    machine.program(family);
    const before = await machine.doctor([...args, '--timeout', '1']);
    assert.match(before.problems[0].text, /with this profile cannot find the host/);
    follow(machine, before.problems[0].fix);
    const after = await machine.doctor(['--timeout', '1', ...args]);
    assert.ok(after.findings.some(({ text }) => text.includes('answers: version')));
  }
});

test('a browser that is here and was never started is a warning', async (t) => {
  const machine = await installed(t);
  machine.program('vivaldi');
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const one = warnings.find(({ subject }) => subject === 'vivaldi');
  assert.match(one?.text ?? '', /was never started/);
  follow(machine, one?.fix ?? null);
  assert.ok(machine.has('.config/vivaldi/NativeMessagingHosts'));
});

test('what was installed by name is looked at, started or not', async (t) => {
  const machine = new Machine(t);
  await machine.run(['install', '--browser', 'firefox,brave']);
  const { code, findings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const answered = findings.filter(({ text }) => text.includes('answers: version'));
  assert.deepEqual(answered.map(({ subject }) => subject).sort(), ['brave', 'firefox']);
  assert.ok(!findings.some(({ text }) => /Snap|Flatpak/.test(text)));
});

test('a browser that is gone is a warning', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.programs, 'chromium'));
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ text }) => /no program on the PATH/.test(text)));
});

test('no browser at all is a warning', async (t) => {
  const { code, warnings } = await new Machine(t).doctor();
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ subject }) => subject === 'browsers'));
});

test('a Chromium in a Snap or Flatpak is a warning, and a problem when it is the one that is asked about', async (t) => {
  for (const profile of [
    'snap/chromium/common/chromium',
    '.var/app/org.chromium.Chromium/config/chromium',
  ]) {
    const machine = new Machine(t).start(profile);
    const { code, warnings } = await machine.doctor();
    assert.equal(code, EXIT.done);
    const kind = profile.startsWith('snap') ? 'Snap' : 'Flatpak';
    assert.ok(
      warnings.some(({ text }) => text.includes(`is a ${kind}: its sandbox`)),
      profile,
    );
    const named = await machine.doctor(['--browser', 'chromium']);
    assert.equal(named.code, EXIT.failed);
    assert.ok(named.problems.some(({ text }) => text.includes(`is a ${kind}: its sandbox`)));
  }
});

test('a Firefox in a Snap or Flatpak is a warning with the permission that it needs', async (t) => {
  for (const [profile, id] of [
    ['snap/firefox/common/.mozilla/firefox', 'snap.firefox'],
    ['.var/app/org.mozilla.firefox/.mozilla/firefox', 'org.mozilla.firefox'],
    ['.var/app/io.gitlab.librewolf-community/.librewolf', 'io.gitlab.librewolf-community'],
  ]) {
    const machine = new Machine(t).start(profile);
    await machine.run(['install']);
    const { code, warnings } = await machine.doctor();
    assert.equal(code, EXIT.done);
    const fix = `flatpak permission-set webextensions ${identity.nativeHostName} ${id} yes`;
    assert.ok(
      warnings.some((one) => one.fix === fix),
      JSON.stringify(warnings),
    );
  }
});
