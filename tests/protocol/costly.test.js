// SPDX-License-Identifier: MIT
// No request costs the host much more than its bytes do: neither memory, nor time in which the calls of
// other origins wait.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FRAME_REQUEST_MAX, greetedHost, HostProcess, PLACE, watched } from './host-process.js';

const MIB = 1024 * 1024;

/** How much the host may take for a request beside ten bytes for each of its own. */
const MEMORY_BASE = 8 * MIB;
const MEMORY_FACTOR = 10;

/** How many times as long as an echo of the largest secret another origin may wait. */
const TIME_FACTOR = 2;

/** The most UTF-8 bytes of a secret of which localStorage can hold the ciphertext, in hex. */
const SECRET_SIZE_MAX = 2_621_200;

const origin = 'https://costly.example';

/** What fills an array or an object: values that take more memory than their text, and more time. */
const FILLINGS = {
  objects: ['[', () => '{}', ']'],
  'objects with a name': ['[', () => '{"":0}', ']'],
  'objects between blanks': ['[', () => `{}${' '.repeat(100)}`, ']'],
  arrays: ['[', () => '[]', ']'],
  'nested arrays': ['[', () => '[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]', ']'],
  numbers: ['[', () => '1', ']'],
  'long numbers': ['[', () => '1.2345678901234567e300', ']'],
  'very long numbers': ['[', () => '1'.repeat(10_000), ']'],
  'empty strings': ['[', () => '""', ']'],
  'short strings': ['[', () => '"12345678901234567890"', ']'],
  'escaped control characters': ['[', () => `"${'\\u0001'.repeat(1000)}"`, ']'],
  names: ['{', (/** @type {number} */ i) => `"${i.toString(36)}":0`, '}'],
  'names of long values': ['{', (/** @type {number} */ i) => `"${i}":"${'x'.repeat(300)}"`, '}'],
  'one name, repeated': ['{', () => '"a":0', '}'],
};

/** The sizes of the requests: as large as any, and as large as `recordCalls` may have. */
const SIZES = [FRAME_REQUEST_MAX, 2 * MIB];

/**
 * @param {any[]} filling
 * @param {number} size  of the whole, at most
 */
function filled([open, part, close], size) {
  const parts = [];
  for (let i = 0, room = size - open.length - close.length; ; i++) {
    const text = part(i);
    room -= text.length + 1;
    if (room < 0) {
      return `${open}${parts.join(',')}${close}`;
    }
    parts.push(text);
  }
}

/** Where a filling may be: operations that take arrays or objects, one that takes none, and none. */
const PLACES = {
  synchronizeItems: 'items',
  recordCalls: 'calls',
  confirm: 'result',
  nothing: 'x',
};

/** Requests with one long string. */
const LONG_STRINGS = {
  'a long key': { op: 'loadSecret', ...PLACE, key: 'k'.repeat(FRAME_REQUEST_MAX - 500) },
  'a long key of control characters': {
    op: 'clearSecret',
    ...PLACE,
    key: '\x01'.repeat((FRAME_REQUEST_MAX - 500) / 6),
  },
  'a long member': { op: 'loadSecret', origin, key: 'k', member: 'é'.repeat(8_000_000) },
  'a long method': { op: 'takeFault', origin, method: 'm'.repeat(FRAME_REQUEST_MAX - 500) },
  'a long operation': { op: '\n'.repeat((FRAME_REQUEST_MAX - 500) / 2) },
  'a long text': {
    op: 'setPluginData',
    origin,
    scope: 'board',
    owner: 'b',
    visibility: 'shared',
    text: '😀'.repeat(4_000_000),
  },
  'one long call': {
    op: 'recordCalls',
    origin,
    calls: [{ method: 'm'.repeat(15_000_000), at: 1, detail: {} }],
  },
};

/** @returns {Generator<[string, string]>}  names and texts of requests with the id 7 */
function* costlyRequests() {
  for (const [name, filling] of Object.entries(FILLINGS)) {
    for (const size of SIZES) {
      const value = filled(filling, size - 100);
      for (const [op, member] of Object.entries(PLACES)) {
        const request = `{"id":7,"op":"${op}","${member}":${value}}`;
        yield [`${name} in ${op}, ${size / MIB} MiB`, request];
      }
    }
  }
  for (const [name, request] of Object.entries(LONG_STRINGS)) {
    yield [name, JSON.stringify({ id: 7, ...request })];
  }
}

/** @param {HostProcess} host @returns {number}  bytes, the most so far */
function peakMemory(host) {
  const status = readFileSync(`/proc/${host.pid}/status`, 'utf8');
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
}

test('no request takes much more memory than ten times its bytes', async (t) => {
  if (watched) {
    t.skip('memory figures mean nothing under sanitizers or valgrind');
    return;
  }
  for (const [name, text] of costlyRequests()) {
    const host = await greetedHost(t);
    const before = peakMemory(host);
    host.send(text);
    assert.equal((await host.receive()).id, 7, name);
    const bytes = Buffer.byteLength(text);
    const taken = peakMemory(host) - before;
    assert.ok(taken <= MEMORY_BASE + MEMORY_FACTOR * bytes, `${name}: ${taken} for ${bytes} bytes`);
    host.closeInput();
    await host.exit;
  }
});

/**
 * @param {HostProcess} host
 * @param {string} text  of a request of another one
 * @returns {Promise<number>}  milliseconds that an origin's call waits, if it is sent right after
 */
async function waitAfter(host, text) {
  const started = performance.now();
  host.send(text);
  host.send({ id: 8, op: 'loadSecret', ...PLACE, key: 'token' });
  assert.equal((await host.receive()).id, 7);
  assert.deepEqual(await host.receive(), { id: 8, ok: true, result: null });
  return performance.now() - started;
}

/**
 * The shortest time of several: what other programs do makes times longer, never shorter.
 *
 * @param {() => Promise<number>} measure
 */
async function shortest(measure) {
  return Math.min(await measure(), await measure(), await measure());
}

test('no request keeps another origin waiting for more than two echoes of the largest secret', async (t) => {
  if (watched) {
    t.skip('times mean nothing under sanitizers or valgrind');
    return;
  }
  const host = await greetedHost(t);
  const secret = '\x01'.repeat(SECRET_SIZE_MAX);
  const echo = await shortest(async () => {
    const started = performance.now();
    assert.equal((await host.store('largest', secret)).ok, true);
    assert.equal((await host.load('largest')).result, secret);
    return performance.now() - started;
  });
  for (const [name, text] of costlyRequests()) {
    const wait = await shortest(() => waitAfter(host, text));
    assert.ok(wait <= TIME_FACTOR * echo, `${name}: ${wait} ms, an echo takes ${echo} ms`);
  }
});
