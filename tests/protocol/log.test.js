// SPDX-License-Identifier: MIT
// What the host writes to its log, and what it never writes there.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ControlClient } from './control-client.js';
import { greetedHost, HostProcess, identity, PLACE, stateFolder, version } from './host-process.js';

const MARK = 'M4RK-of-a-secret';

/** A path for a log. @param {import('node:test').TestContext} t */
function logFile(t) {
  const folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'host.log');
}

/** @param {string} file @returns {string[]}  without the time, the process and durations */
function linesOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  assert.equal(lines.pop(), '');
  return lines.map((line) => {
    const [, text] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ (.*)$/.exec(line) ?? [];
    assert.ok(text !== undefined, line);
    return text.replace(/ \d+\.\d{3} ms$/, ' * ms');
  });
}

/** Does a bit of everything, with the mark in every place that a page or a tester can choose. @param {HostProcess} host */
async function work(host) {
  await host.store('token', MARK);
  await host.store(MARK, 'data', { member: MARK });
  await host.load('token');
  await host.request(MARK);
  await host.request('getSettings', { origin: MARK });
  await host.request('setPluginData', {
    origin: PLACE.origin,
    scope: 'board',
    owner: MARK,
    visibility: 'shared',
    text: JSON.stringify({ a: MARK }),
  });
  const calls = [{ at: 1, method: MARK, detail: { text: MARK }, problem: MARK }];
  await host.request('recordCalls', { origin: PLACE.origin, calls });
  const key = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';
  await host.request('decryptSecret', { aescbc: key, value: MARK });
  host.sendBytes(Buffer.from([1, 0, 0, 0, 0x7b]));
  await host.reply();
  return key;
}

test('the log has starts, operations with origin, outcome and duration, and ends', async (t) => {
  const file = logFile(t);
  const host = await greetedHost(t, { env: { POWERUP_SECRETS_LOG: file } });
  await work(host);
  host.closeInput();
  await host.exit;
  const { origin } = PLACE;
  assert.deepEqual(linesOf(file), [
    `start ${version} for Chromium`,
    'operation hello - ok * ms',
    `operation storeSecret ${origin} ok * ms`,
    `operation storeSecret ${origin} ok * ms`,
    `operation loadSecret ${origin} ok * ms`,
    'operation ? - unknown_operation * ms',
    'operation getSettings - bad_origin * ms',
    `operation setPluginData ${origin} ok * ms`,
    `operation recordCalls ${origin} ok * ms`,
    'operation decryptSecret - library_error * ms',
    'operation ? - bad_json * ms',
    'end ok',
  ]);
});

test('no secret, key or value gets into the log, nor to standard error', async (t) => {
  const file = logFile(t);
  const state = stateFolder(t);
  const host = new HostProcess(t, {
    state,
    env: { POWERUP_SECRETS_LOG: file },
    args: [`chrome-extension://${identity.chromiumExtensionId}/`, '--verbose'],
  });
  await host.hello();
  const key = await work(host);
  const client = new ControlClient(t, state, host.pid);
  await client.receive();
  client.send({
    ...{ id: 1, op: 'invoke', origin: PLACE.origin, command: MARK, args: [MARK], limitMs: 9 },
  });
  await host.receive();
  host.closeInput();
  const { stderr } = await host.exit;
  const log = readFileSync(file, 'utf8');
  assert.ok(linesOf(file).includes('event invoke'));
  for (const text of [log, stderr]) {
    assert.match(text, /operation storeSecret/);
    assert.ok(!text.includes(MARK));
    assert.ok(!text.includes(key.slice(0, 16)));
  }
});

test('the log is readable by its user only, and several hosts append to it', async (t) => {
  const file = logFile(t);
  const env = { POWERUP_SECRETS_LOG: file };
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  const state = stateFolder(t);
  const hosts = await Promise.all([greetedHost(t, { env, state }), greetedHost(t, { env, state })]);
  await Promise.all(
    hosts.map(async (host) => {
      for (let i = 0; i < 50; i++) {
        await host.load('token');
      }
      host.closeInput();
      await host.exit;
    }),
  );
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(linesOf(file).length, 2 * 53);
});

test('a host that refuses its caller, or whose input is cut off, logs that', async (t) => {
  const file = logFile(t);
  const env = { POWERUP_SECRETS_LOG: file };
  const refused = new HostProcess(t, { env, args: ['chrome-extension://other/'] });
  assert.equal((await refused.exit).code, 2);
  const broken = await greetedHost(t, { env });
  broken.sendBytes(Buffer.from([9, 0]));
  broken.closeInput();
  assert.equal((await broken.exit).code, 1);
  const lines = linesOf(file);
  assert.equal(lines[0], 'refused: not started by our extension');
  assert.equal(lines.at(-1), 'end frame_truncated');
});

test('a log that cannot be opened is reported, and the host works', async (t) => {
  const folder = logFile(t);
  const link = `${folder}.link`;
  symlinkSync(folder, link);
  for (const path of ['relative.log', '/nonexistent/host.log', '/', link]) {
    const host = await greetedHost(t, { env: { POWERUP_SECRETS_LOG: path } });
    assert.equal((await host.store('k', 'v')).ok, true);
    host.closeInput();
    assert.match((await host.exit).stderr, /^powerup-secrets-host: \$POWERUP_SECRETS_LOG .+: .+$/m);
  }
  assert.ok(!existsSync(folder));
});

test('a log that cannot be written is reported once, and the host works', async (t) => {
  const host = await greetedHost(t, { env: { POWERUP_SECRETS_LOG: '/dev/full' } });
  assert.equal((await host.store('k', 'v')).ok, true);
  host.closeInput();
  const { code, stderr } = await host.exit;
  assert.equal(code, 0);
  assert.equal(stderr.match(/POWERUP_SECRETS_LOG cannot be written: No space left/g)?.length, 1);
});

test('a log that reaches the limit on the size of files is reported, and the host works', async (t) => {
  const file = logFile(t);
  const limit = 256 * 1024;
  // A part of the first line still fits.
  writeFileSync(file, 'x'.repeat(limit - 10));
  const launcher = ['prlimit', `--fsize=${limit}`];
  const host = await greetedHost(t, { env: { POWERUP_SECRETS_LOG: file }, launcher });
  assert.equal((await host.store('k', 'v')).ok, true);
  host.closeInput();
  const { code, stderr } = await host.exit;
  assert.equal(code, 0);
  assert.equal(stderr.match(/POWERUP_SECRETS_LOG cannot be written: File too large/g)?.length, 1);
});

test('without a log nothing is written', async (t) => {
  const host = await greetedHost(t, { env: { POWERUP_SECRETS_LOG: '' } });
  host.closeInput();
  assert.equal((await host.exit).stderr.includes('operation'), false);
});
