// SPDX-License-Identifier: MIT
// Clients of a host's socket that take all they can get: a command succeeds beside each of them, the
// browser is served, and the host's memory stays bounded.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cliOf, ORIGIN, startBrowser } from '../cli/cli.js';
import { socketPath } from '../protocol/control-client.js';
import { frame, header, hostPath, watched } from '../protocol/host-process.js';

/** More than a host takes, and than its queue holds. */
const CONNECTIONS = 300;
const PROGRAMS = 150;
const MIB = 1024 * 1024;

/** What one connection can make a host keep: a request that is not complete, or an answer that is not
 * read, in buffers that grow twofold; and what a host needs without any. */
const HOST_BYTES_MAX = 64 * 4 * MIB + 64 * MIB;

/** Never answered by the browser of these tests. */
const HELD = frame({
  ...{ id: 1, op: 'invoke', origin: ORIGIN, command: 'held', args: [], limitMs: 3_600_000 },
});
/** Answered with nearly 1 MiB. */
const LARGE = frame({ id: 1, op: 'describe', limitMs: 3_600_000 });
const INVALID = frame({ id: 1, op: 'reload' });

/**
 * @typedef {object} Place
 * @property {import('node:test').TestContext} t
 * @property {string} state
 * @property {number} pid  of the host
 */

/**
 * A connection. It ends with its test.
 *
 * @param {Place} place
 * @param {Buffer} [bytes]  sent at once
 * @param {(socket: import('node:net').Socket) => void} [onClosed]
 */
function open({ t, state, pid }, bytes = Buffer.alloc(0), onClosed = () => {}) {
  const socket = createConnection(socketPath(state, pid));
  socket.on('error', () => {}); // the host closes some, and its queue may be full
  socket.on('close', () => onClosed(socket));
  socket.pause(); // nothing is read
  socket.write(bytes);
  t.after(() => socket.destroy());
  return socket;
}

/** As many connections as one program gets. @param {Place} place @param {Buffer} [bytes] */
const openMany = (place, bytes) => Array.from({ length: CONNECTIONS }, () => open(place, bytes));

/** Connects again whenever it is closed. @param {Place} place @param {Buffer} bytes */
function insist(place, bytes) {
  let ended = false;
  place.t.after(() => (ended = true));
  const again = () => {
    if (!ended) {
      open(place, bytes, () => setImmediate(again)).resume(); // so that it learns of the end
    }
  };
  Array.from({ length: CONNECTIONS }, again);
}

/** Sends something again as soon as it has been taken. @param {Place} place @param {Buffer} bytes */
function sendEndlessly(place, bytes) {
  for (const socket of openMany(place)) {
    const send = () => socket.writable && socket.write(bytes, () => setImmediate(send));
    send();
  }
}

/** @param {Place} place @param {Buffer} bytes */
async function manyPrograms({ t, state, pid }, bytes) {
  const program = join(dirname(hostPath), 'tests/trust/many_programs');
  const socket = socketPath(state, pid);
  const child = spawn(program, [`${PROGRAMS}`, dirname(socket), `${pid}.sock`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.after(async () => {
    child.stdout.destroy();
    await once(child, 'close');
  });
  child.stdin.end(bytes);
  assert.match(`${await once(child.stdout, 'data')}`, /connected/);
}

/** @type {[string, (place: Place) => unknown][]} */
const behaviours = [
  [
    'one connection sends 100 requests',
    (place) => open(place, Buffer.concat(Array(100).fill(HELD))),
  ],
  ['each of many connections holds a request', (place) => openMany(place, HELD)],
  ['many connections are silent', (place) => openMany(place)],
  ['many connections send half a frame', (place) => openMany(place, HELD.subarray(0, 9))],
  [
    'many connections lack the last byte of 1 MiB',
    (place) => openMany(place, Buffer.concat([header(MIB), Buffer.alloc(MIB - 1, 0x20)])),
  ],
  ['many connections send a byte at a time', (place) => sendEndlessly(place, Buffer.from([0]))],
  [
    'many connections do not read an answer of 1 MiB',
    (place) => openMany(place, Buffer.concat(Array(8).fill(LARGE))),
  ],
  ['many connections send invalid requests without end', (place) => sendEndlessly(place, INVALID)],
  ['many connections come again when they are closed', (place) => insist(place, HELD)],
  ['many programs hold a request each, and come again', (place) => manyPrograms(place, HELD)],
  ['many programs are silent, and come again', (place) => manyPrograms(place, Buffer.alloc(0))],
  [
    'a program signals changes without end',
    ({ t, state, pid }) => {
      const pipe = join(state, 'hosts', `${pid}.changed`);
      const child = spawn('sh', ['-c', 'exec cat /dev/zero >"$0"', pipe], { stdio: 'ignore' });
      t.after(() => child.kill());
    },
  ],
];

/** The most memory that a process has had. @param {number} pid */
function peakOf(pid) {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

for (const [what, behave] of behaviours) {
  test(`${what}: commands and pages are served, in bounded memory`, async (t) => {
    const { state, ...cli } = cliOf(t);
    const browser = await startBrowser(t, state, {
      answer: ({ event }) =>
        event === 'invoke'
          ? undefined
          : { result: event === 'describe' ? 'x'.repeat(MIB - 100) : null },
    });
    const { pid } = browser.host;
    await behave({ t, state, pid });
    for (const storage of ['denied', 'missing', 'enabled']) {
      const { stderr } = await cli.do(['storage', storage, '--origin', ORIGIN]);
      assert.equal(stderr, '1 browser confirmed\n');
      const { result } = await browser.request('getSettings', { origin: ORIGIN });
      assert.equal(result.storage, storage);
      assert.equal((await browser.store('token', storage)).ok, true);
      assert.equal((await browser.load('token')).result, storage);
    }
    assert.equal(browser.events.filter(({ event }) => event === 'apply').length, 3);
    const peak = peakOf(pid);
    t.diagnostic(`the host had ${Math.round(peak / MIB)} MiB`);
    if (!watched) {
      assert.ok(peak < HOST_BYTES_MAX, `${peak} bytes`);
    }
  });
}
