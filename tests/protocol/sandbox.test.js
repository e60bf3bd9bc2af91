// SPDX-License-Identifier: MIT
// The memory and the privileges of a running host, inspected from outside.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  createReadStream,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pluginData } from '../support/store.js';
import {
  frame,
  greetedHost,
  hostPath,
  identity,
  PLACE,
  stateFolder,
  watched,
} from './host-process.js';

const NOT_WATCHED =
  watched && 'valgrind and the sanitizers need more privileges than the host, and copy memory';
const TURNED_OFF =
  process.env.POWERUP_SECRETS_SANDBOX === 'off' &&
  'POWERUP_SECRETS_SANDBOX=off turns the sandbox off';
const LINUX = process.platform !== 'linux' && 'Linux only';
const CAP_SYS_PTRACE = 19n;
const O_CLOEXEC = 0o2000000;
const NO_PTRACE =
  !LINUX && (BigInt(`0x${statusOf('self', 'CapEff')}`) >> CAP_SYS_PTRACE) & 1n
    ? false
    : 'reading a process that is not dumpable needs the capability SYS_PTRACE';

/** @param {number | string} pid @param {string} name */
function statusOf(pid, name) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
}

/**
 * Searches the writable memory of a process: data, heap, stacks.
 *
 * @param {number} pid
 * @param {Buffer[]} needles
 * @returns {string[]}  where one was found
 */
function findInMemory(pid, needles) {
  const overlap = Math.max(...needles.map(({ length }) => length)) - 1;
  const piece = Buffer.alloc(1024 * 1024);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  /** @type {Set<string>} */
  const found = new Set();
  const regions = readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(
    /^([0-9a-f]+)-([0-9a-f]+) rw\S* \S+ \S+ \S+ *(.*)$/gm,
  );
  for (const [, start, end, name] of regions) {
    const last = BigInt(`0x${end}`);
    for (let at = BigInt(`0x${start}`); at < last; at += BigInt(piece.length - overlap)) {
      const size = Math.min(piece.length, Number(last - at));
      const read = readSync(memory, piece, 0, size, at);
      for (const needle of needles) {
        if (piece.subarray(0, read).includes(needle)) {
          found.add(
            `${name || 'memory without a name'}: ${needle.toString('latin1').slice(0, 8)}…`,
          );
        }
      }
    }
  }
  closeSync(memory);
  return [...found];
}

test(
  'no core file, not dumpable, no new privileges, system calls filtered',
  {
    skip: LINUX || NOT_WATCHED || TURNED_OFF,
  },
  async (t) => {
    const host = await greetedHost(t);
    await host.load('token'); // hello is answered before the restrictions apply
    assert.match(readFileSync(`/proc/${host.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
    assert.equal(statusOf(host.pid, 'NoNewPrivs'), '1');
    assert.equal(statusOf(host.pid, 'Seccomp'), '2');
    if (process.getuid?.() !== 0) {
      assert.throws(() => readFileSync(`/proc/${host.pid}/environ`), /EACCES|EPERM/);
    }
  },
);

test(
  'POWERUP_SECRETS_SANDBOX=off leaves the process open to debugging tools',
  {
    skip: LINUX || NOT_WATCHED,
  },
  async (t) => {
    const host = await greetedHost(t, { env: { POWERUP_SECRETS_SANDBOX: 'off' } });
    await host.load('token');
    assert.equal(statusOf(host.pid, 'Seccomp'), '0');
  },
);

test('inherited descriptors are closed', { skip: LINUX || NO_PTRACE || NOT_WATCHED }, async (t) => {
  const state = stateFolder(t);
  const secret = `${state}.secret`;
  writeFileSync(secret, 'of somebody else');
  const inherited = openSync(secret, 'r');
  const host = spawn(hostPath, [`chrome-extension://${identity.chromiumExtensionId}/`], {
    stdio: ['pipe', 'pipe', 'inherit', inherited, inherited],
    env: { ...process.env, POWERUP_SECRETS_DIR: state },
  });
  closeSync(inherited);
  const [input, output] =
    /** @type {[import('node:stream').Writable, import('node:stream').Readable]} */ (
      /** @type {unknown} */ ([host.stdin, host.stdout])
    );
  input.write(frame({ id: 1, op: 'hello', protocol: 1, extension: '0', browser: 'test' }));
  await once(output, 'data');
  const folder = `/proc/${host.pid}/fd`;
  const open = readdirSync(folder).map((fd) => readlinkSync(join(folder, fd)));
  input.end();
  await once(host, 'exit');
  assert.ok(
    open.some((path) => path === join(state, 'store.sqlite3')),
    `${open}`,
  );
  assert.deepEqual(
    open.filter((path) => path === secret),
    [],
  );
});

test(
  'the pipe by which Firefox notices that the host ended stays open until then',
  { skip: LINUX || NO_PTRACE || NOT_WATCHED },
  async (t) => {
    const state = stateFolder(t);
    const pipe = `${state}.pipe`;
    execFileSync('mkfifo', [pipe]);
    const ended = once(createReadStream(pipe).resume(), 'end');
    const firefox = [hostPath, '/manifest.json', identity.firefoxExtensionId];
    const host = spawn('sh', ['-c', 'exec "$@" 3>"$0"', pipe, ...firefox], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, POWERUP_SECRETS_DIR: state },
    });
    host.stdin.write(frame({ id: 1, op: 'hello', protocol: 1, extension: '0', browser: 'test' }));
    await once(host.stdout, 'data');
    const folder = `/proc/${host.pid}`;
    assert.equal(readlinkSync(join(folder, 'fd/3')), pipe);
    // No program that the host starts may keep it open after the host has ended.
    const [, flags] =
      /^flags:\s+(\d+)$/m.exec(readFileSync(join(folder, 'fdinfo/3'), 'utf8')) ?? [];
    assert.ok(parseInt(flags ?? '', 8) & O_CLOEXEC, flags);
    host.stdin.end();
    await ended;
  },
);

test(
  'neither secret nor key is left in memory after an answer',
  {
    skip: LINUX || NO_PTRACE || NOT_WATCHED,
  },
  async (t) => {
    const state = stateFolder(t);
    const host = await greetedHost(t, { state });
    const marker = `marker-${process.pid}-8f3a51c27be94d60`;
    const aescbc = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';
    const large = `${marker} ${'x'.repeat(2 * 1024 * 1024)} ${marker}`;

    for (const secret of [marker, large]) {
      await host.store('token', secret);
      assert.equal((await host.load('token')).result, secret);
      const { result } = await host.request('encryptSecret', {
        member: PLACE.member,
        key: 'token',
        data: secret,
        aescbc,
      });
      const opened = await host.request('decryptSecret', { aescbc, value: result.value });
      assert.equal(opened.result, secret);
    }
    const where = { origin: PLACE.origin, member: PLACE.member };
    const text = JSON.stringify({ note: marker });
    const set = await host.request('setPluginData', {
      ...where,
      scope: 'member',
      owner: PLACE.member,
      visibility: 'shared',
      text,
    });
    assert.ok(set.ok, JSON.stringify(set));
    const got = await host.request('getPluginData', where);
    assert.equal(got.result.member.shared, text);
    const missing = await host.request('loadSecret', { ...PLACE, key: marker });
    assert.equal(missing.result, null);

    const [{ text: data }] = pluginData(state);
    const memberKey = JSON.parse(data).aescbc;
    assert.match(memberKey, /^[0-9a-f]{64}$/);
    const needles = [memberKey, aescbc].flatMap((hex) => [
      Buffer.from(hex),
      Buffer.from(hex, 'hex'),
    ]);
    assert.deepEqual(findInMemory(host.pid, [Buffer.from(marker), ...needles]), []);
    // The search works: it finds what is there.
    assert.notDeepEqual(findInMemory(host.pid, [Buffer.from(PLACE.origin)]), []);
  },
);
