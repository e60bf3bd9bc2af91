// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallBuffer } from '../../extension/src/bridge/call-buffer.js';

/** @param {import('node:test').TestContext} t */
function openBuffer(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent = /** @type {number[][]} */ ([]);
  const buffer = new CallBuffer(async (entries) => sent.push(entries.map(({ at }) => at)));
  let last = 0;
  const add = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) {
      buffer.add({ method: 'm', at: ++last, detail: {} });
    }
  };
  return { buffer, sent, add, tick: (/** @type {number} */ ms) => t.mock.timers.tick(ms) };
}

test('entries are gathered for 250 ms and sent in their order, each once', (t) => {
  const { sent, add, tick } = openBuffer(t);
  add(2);
  tick(200);
  add(1);
  tick(49);
  assert.deepEqual(sent, []);
  tick(1);
  assert.deepEqual(sent, [[1, 2, 3]]);
  tick(1000);
  assert.equal(sent.length, 1);
  add(1);
  tick(250);
  assert.deepEqual(sent, [[1, 2, 3], [4]]);
});

test('1000 entries do not wait, and no message has more', (t) => {
  const { sent, add, tick } = openBuffer(t);
  add(999);
  assert.equal(sent.length, 0);
  add(1);
  assert.deepEqual([sent.length, sent[0].length], [1, 1000]);
  tick(1000);
  assert.equal(sent.length, 1);
  add(2500);
  tick(250);
  assert.deepEqual(
    sent.map(({ length }) => length),
    [1000, 1000, 1000, 500],
  );
  assert.equal(new Set(sent.flat()).size, 3500);
});

test('flush sends what there is at once, and nothing twice', (t) => {
  const { buffer, sent, add, tick } = openBuffer(t);
  buffer.flush();
  assert.deepEqual(sent, []);
  add(2);
  buffer.flush();
  buffer.flush();
  tick(1000);
  assert.deepEqual(sent, [[1, 2]]);
});

test('what comes after a flush waits its full time', (t) => {
  const { buffer, sent, add, tick } = openBuffer(t);
  add(1);
  tick(200);
  buffer.flush();
  add(1);
  tick(249);
  assert.deepEqual(sent, [[1]]);
  tick(1);
  assert.deepEqual(sent, [[1], [2]]);
});
