// SPDX-License-Identifier: MIT
// What a host keeps in its memory and what it gave up, seen from outside in the process that runs.
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
  watched && 'what watches the host needs more than the host, and copies of memory';
const TURNED_OFF =
  process.env.POWERUP_SECRETS_SANDBOX === 'off' && 'the host is told to leave its sandbox out';
const LINUX = process.platform !== 'linux' && 'the system has no such thing';
const CAP_SYS_PTRACE = 19n;
const O_CLOEXEC = 0o2000000;
const NO_PTRACE =
  !LINUX && (BigInt(`0x${statusOf('self', 'CapEff')}`) >> CAP_SYS_PTRACE) & 1n
    ? false
    : 'it takes the capability SYS_PTRACE to look into a process that is not dumpable';

/** @param {number | string} pid @param {string} name */
function statusOf(pid, name) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
}

/**
 * Looks through the memory that a process may write: data, heap, stacks.
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
    await host.load('token'); // the answer to hello comes before the restrictions
    assert.match(readFileSync(`/proc/${host.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
    assert.equal(statusOf(host.pid, 'NoNewPrivs'), '1');
    assert.equal(statusOf(host.pid, 'Seccomp'), '2');
    if (process.getuid?.() !== 0) {
      assert.throws(() => readFileSync(`/proc/${host.pid}/environ`), /EACCES|EPERM/);
    }
  },
);

test(
  'POWERUP_SECRETS_SANDBOX=off leaves the process to tools that look at it',
  {
    skip: LINUX || NOT_WATCHED,
  },
  async (t) => {
    const host = await greetedHost(t, { env: { POWERUP_SECRETS_SANDBOX: 'off' } });
    await host.load('token');
    assert.equal(statusOf(host.pid, 'Seccomp'), '0');
  },
);

test(
  'descriptors that were left open for it are closed',
  { skip: LINUX || NO_PTRACE || NOT_WATCHED },
  async (t) => {
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
  },
);

test(
  'the pipe by which Firefox learns of our end stays open until then',
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
    // No program that the host starts may hold it beyond our end.
    const [, flags] =
      /^flags:\s+(\d+)$/m.exec(readFileSync(join(folder, 'fdinfo/3'), 'utf8')) ?? [];
    assert.ok(parseInt(flags ?? '', 8) & O_CLOEXEC, flags);
    host.stdin.end();
    await ended;
  },
);

test(
  'after an answer neither secret nor key is left in memory',
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
    // The search does find what is there.
    assert.notDeepEqual(findInMemory(host.pid, [Buffer.from(PLACE.origin)]), []);
  },
);
