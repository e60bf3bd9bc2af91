// SPDX-License-Identifier: MIT
// Browsers that doctor starts.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { hostPath } from '../protocol/host-process.js';
import { shortTime } from '../support/patience.js';
import { cliPath, EXIT } from './cli.js';
import { installed, isRoot, needsExtension } from './doctor.js';
import { Machine } from './machine.js';

test('a browser that is asked about and not here', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.programs, 'chromium'));
  const { code, problems } = await machine.doctor(['--browser', 'chromium']);
  assert.equal(code, EXIT.failed);
  assert.deepEqual(
    problems.map(({ text }) => text),
    ['Chromium is not installed: it cannot be started.'],
  );
});

test('a branded browser cannot be tried out, which is a warning', async (t) => {
  const machine = new Machine(t).start('.config/google-chrome');
  machine.program('google-chrome', 'exit 1');
  await machine.run(['install']);
  const { code, warnings } = await machine.doctor(['--browser', 'chrome']);
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ text }) => /does not accept an unpacked extension/.test(text)));
});

test('without the extension no browser is started', async (t) => {
  const machine = await installed(t);
  const alone = join(machine.folder, 'alone');
  mkdirSync(alone);
  for (const path of [cliPath, hostPath]) {
    copyFileSync(path, join(alone, basename(path)));
  }
  machine.program('chromium', 'echo started > "$HOME/started"');
  let output = '';
  try {
    execFileSync(join(alone, 'powerup-secrets'), ['doctor', '--browser', 'chromium'], {
      env: machine.env,
      stdio: 'pipe',
    });
  } catch (error) {
    output = String(/** @type {any} */ (error).stdout);
  }
  assert.match(output, /^problem {2}chromium: .* cannot be started with the extension: /m);
});

test('a browser that ends at once', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  machine.program('chromium', 'echo "no display" >&2; exit 3');
  const { problems } = await machine.doctor(['--browser', 'chromium']);
  assert.equal(problems.length, 1);
  assert.match(problems[0].text, /ended with status 3\. It says: no display$/);
});

test('a Chromium that only a Snap has is tried, and not judged before', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = new Machine(t).start('snap/chromium/common/chromium');
  machine.write(join(machine.root, 'snap/bin/chromium'), '#!/bin/sh\nexit 3\n', 0o755);
  await machine.run(['install', '--browser', 'chromium']);
  const { findings, problems } = await machine.doctor(['--browser', 'chromium']);
  assert.equal(problems.length, 1);
  assert.match(
    problems[0].text,
    /snap\/bin\/chromium, .* ended with status 3\. \(The sandbox of a/,
  );
  assert.equal(problems[0].fix, 'install the browser as an ordinary package');
  assert.equal(findings.filter(({ text }) => /Snap/.test(text)).length, 1);
});

/** One that has ended and was not waited for counts as ended. @param {string} pid */
function isRunning(pid) {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a browser that does not start the host is ended with all that it started', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  const pids = join(machine.folder, 'pids');
  machine.program(
    'chromium',
    `trap "" TERM; (trap "" TERM; exec /bin/sleep 3600) & echo $$ $! > '${pids}'; echo "$@" > '${pids}.args'
     exec /bin/sleep 3600`,
  );
  const seconds = await shortTime(() => machine.doctor());
  const { problems } = await machine.doctor(['--browser', 'chromium', '--timeout', seconds]);
  assert.equal(problems.length, 1);
  assert.ok(problems[0].text.includes(`did not reach its host within ${Number(seconds)} s`));
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) {
    assert.ok(!isRunning(pid), pid);
  }
  const args = readFileSync(`${pids}.args`, 'utf8').trim().split(' ');
  assert.ok(args.includes('--headless'));
  assert.equal(args.includes('--no-sandbox'), isRoot);
  const profile = args.find((arg) => arg.startsWith('--user-data-dir=')) ?? '';
  assert.ok(profile.slice('--user-data-dir='.length).startsWith(machine.temporary));
  assert.deepEqual(readdirSync(machine.temporary), []);
});

test('a browser that is started leaves the current folder as it was', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  // As Chromium finds the folder for its crash reports: a variable that is set counts, even empty.
  machine.program(
    'chromium',
    'config=${CHROME_CONFIG_HOME-$HOME/.config}\nexec /bin/mkdir -p "${config:+$config/}chromium"',
  );
  await machine.doctor(['--browser', 'chromium']);
  assert.deepEqual(readdirSync(machine.current), []);
});

test('stopping the doctor stops the browser, and leaves nothing behind', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  const file = join(machine.folder, 'pid');
  machine.program(
    'chromium',
    `echo $$ > '${file}.new'; /bin/mv '${file}.new' '${file}'
exec /bin/sleep 3600`,
  );
  const child = spawn(cliPath, ['doctor', '--browser', 'chromium'], {
    env: { ...process.env, ...machine.env },
    stdio: 'ignore',
  });
  while (!existsSync(file)) {
    await setTimeout(20);
  }
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, EXIT.failed);
  assert.ok(!isRunning(readFileSync(file, 'utf8').trim()));
  assert.deepEqual(readdirSync(machine.temporary), []);
});
