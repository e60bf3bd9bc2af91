// SPDX-License-Identifier: MIT
// The host that a manifest names, and how it is started: each problem is found, and the fix is tried.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hostPath, identity, version } from '../protocol/host-process.js';
import { EXIT } from './cli.js';
import { families, findsOne, follow, installed } from './doctor.js';
import { manifestOf, PLACES } from './machine.js';

/** @typedef {import('./machine.js').Family} Family */

/**
 * A machine whose manifest names another program.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} script
 * @param {Family} [family]
 */
async function withHost(t, script, family = 'chromium') {
  const machine = await installed(t, family);
  const host = machine.write(join(machine.folder, 'other/powerup-secrets-host'), script, 0o755);
  machine.write(PLACES[family], manifestOf(family, host));
  return machine;
}

/** A host of a few lines. @param {string} body  with `say` for a message */
const nodeHost = (body) => `#!${process.execPath}
const say = (message) => {
  const text = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  process.stdout.write(Buffer.concat([length, text]));
};
const hello = { protocol: 1, host: ${JSON.stringify(version)}, operations: [] };
${body}
`;

test('a host that is not there', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  rmSync(join(machine.folder, 'other'), { recursive: true });
  await findsOne(machine, /cannot be found: No such file/);
});

test('a host that is a symbolic link to nothing', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  const host = join(machine.folder, 'other/powerup-secrets-host');
  rmSync(host);
  symlinkSync('/nowhere', host);
  await findsOne(machine, /is a broken symbolic link/);
});

test('a host that is a folder', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  const host = join(machine.folder, 'other/powerup-secrets-host');
  rmSync(host);
  mkdirSync(host);
  await findsOne(machine, /is not a file/);
});

test('a host that is not executable', async (t) => {
  const machine = await installed(t);
  const host = join(machine.folder, 'a copy/powerup-secrets-host');
  mkdirSync(dirname(host));
  copyFileSync(hostPath, host);
  machine.write(PLACES.chromium, manifestOf('chromium', host));
  chmodSync(host, 0o644);
  await findsOne(machine, /is not executable/);
});

/** @type {[string, string, RegExp][]} */
const hosts = [
  ['that is no program', 'no program', /cannot be started: Exec format error/],
  ['whose interpreter is gone', '#!/nowhere/sh\n', /cannot be started: No such file/],
  [
    'that prints text before its messages',
    '#!/bin/sh\necho "DEBUG: starting"\nsleep 300\n',
    /prints "DEBUG: starting.?" .* a length of 1430406468\.$/s,
  ],
  ['that prints text and ends', '#!/bin/sh\nprintf hi\n', /prints "hi" on standard output/],
  [
    'that exits at once',
    '#!/bin/sh\necho first >&2\necho "cannot load libfoo.so" >&2\nexit 127\n',
    /exits at once, with status 127\. It says: cannot load libfoo\.so$/,
  ],
  ['that is killed', '#!/bin/sh\nkill -9 $$\n', /is killed at once by signal 9/],
  [
    'that closes its output',
    '#!/bin/sh\nexec >&-\nexec /bin/sleep 300\n',
    /closes its output without an answer/,
  ],
  [
    'that says nothing',
    '#!/bin/sh\nexec /bin/sleep 300\n',
    /does not answer hello within 10 seconds/,
  ],
  [
    'that answers with no JSON',
    nodeHost("say('nonsense'); process.stdin.resume();"),
    /a message that is not a JSON object/,
  ],
  [
    'that refuses hello',
    nodeHost("say({ id: 1, ok: false, error: { message: 'Too old.' } });"),
    /refuses hello: Too old\./,
  ],
  [
    'of another version',
    nodeHost("say({ id: 1, ok: true, result: { ...hello, host: '0.0.9' } });"),
    new RegExp(`has version 0\\.0\\.9, but this command line has version ${version}`),
  ],
  [
    'that goes on after the end of its input',
    nodeHost(
      "say({ id: 1, ok: true, result: hello }); require('node:net').createServer().listen(0, '127.0.0.1');",
    ),
    /keeps running after its browser has closed its input/,
  ],
];
for (const [what, script, words] of hosts) {
  test(`a host ${what}`, async (t) => {
    await findsOne(await withHost(t, script), words);
  });
}

test('a host of another installation that works is a warning', async (t) => {
  const machine = await installed(t);
  const host = join(machine.folder, 'second/powerup-secrets-host');
  mkdirSync(dirname(host));
  copyFileSync(hostPath, host);
  chmodSync(host, 0o755);
  machine.write(PLACES.chromium, manifestOf('chromium', host));
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const one = warnings.find(({ text }) => text.includes('another installation'));
  assert.ok(one, JSON.stringify(warnings));
  follow(machine, one.fix);
  assert.deepEqual(machine.read(PLACES.chromium), manifestOf('chromium'));
});

test('the host is started as each browser starts it', async (t) => {
  for (const family of families) {
    const machine = await withHost(
      t,
      nodeHost(`
        require('node:fs').writeFileSync(__dirname + '/seen.json', JSON.stringify({
          args: process.argv.slice(2),
          cwd: process.cwd(),
          input: require('node:fs').fstatSync(0).isFIFO(),
          output: require('node:fs').fstatSync(1).isFIFO(),
          state: process.env.POWERUP_SECRETS_DIR,
        }));
        say({ id: 1, ok: true, result: hello });`),
      family,
    );
    await machine.doctor();
    const folder = join(machine.folder, 'other');
    const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    const args =
      family === 'chromium'
        ? [`chrome-extension://${identity.chromiumExtensionId}/`]
        : [join(machine.home, PLACES.firefox), identity.firefoxExtensionId];
    assert.deepEqual([seen.args, seen.cwd], [args, folder]);
    assert.deepEqual([seen.input, seen.output], [true, true]);
    assert.notEqual(seen.state, machine.state);
  }
});
