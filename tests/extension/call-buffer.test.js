// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallBuffer } from '../../extension/src/bridge/call-buffer.js';

/** @param {import('node:test').TestContext} t */
function openBuffer(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent = /** @type {number[][]} */ ([]);
  const buffer = new CallBuffer('p1', async (entries) => {
    sent.push(entries.map(({ at }) => at));
    return { ok: true, result: null };
  });
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

test('999 entries do not wait, and no message has more than 1000', (t) => {
  const { sent, add, tick } = openBuffer(t);
  add(998);
  assert.equal(sent.length, 0);
  add(1);
  assert.deepEqual([sent.length, sent[0].length], [1, 999]);
  tick(1000);
  assert.equal(sent.length, 1);
  add(2500);
  tick(250);
  assert.deepEqual(
    sent.map(({ length }) => length),
    [999, 999, 999, 502],
  );
  assert.equal(new Set(sent.flat()).size, 3499);
});

/**
 * A buffer of which the sends are answered when the test says.
 *
 * @param {import('node:test').TestContext} t
 */
function openSlowBuffer(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {any[][]} */
  const sent = [];
  /** @type {((answer: any) => void)[]} */
  const answers = [];
  const buffer = new CallBuffer('p1', (calls) => {
    sent.push(calls);
    return new Promise((resolve) => answers.push(resolve));
  });
  const add = (/** @type {number} */ at, /** @type {object} */ detail) =>
    buffer.add({ method: 'm', at, detail });
  return { buffer, sent, answers, add };
}

/** Members of a detail that together are about as large as one may be. */
const LARGE = Object.fromEntries([...'abcdefg'].map((name) => [name, 'x'.repeat(1000)]));

test('a message has some hundred KiB, however large its entries are', (t) => {
  const { buffer, sent, add } = openSlowBuffer(t);
  for (let at = 1; at <= 200; at++) {
    add(at, LARGE);
  }
  void buffer.flush();
  assert.ok(sent.length > 4);
  assert.ok(sent.every((calls) => JSON.stringify(calls).length < 300_000));
  assert.deepEqual(
    sent.flat().map(({ at }) => at),
    [...Array(200).keys()].map((i) => i + 1),
  );
  assert.ok(sent.flat().every(({ page }) => page === 'p1'));
});

test('what a page makes beyond some megabytes at once is lost, and that is an entry', async (t) => {
  const { buffer, sent, answers, add } = openSlowBuffer(t);
  const count = 5000;
  for (let at = 1; at <= count; at++) {
    add(at, LARGE);
  }
  const kept = sent.flat().length;
  assert.ok(JSON.stringify(sent.flat()).length < 9 * 1024 * 1024);
  answers.splice(0).forEach((answer) => answer({ ok: true }));
  await null;
  void buffer.flush();
  const last = sent.flat().at(-1);
  assert.deepEqual(
    [last.method, last.problem, last.page, sent.flat().length - 1 + last.detail.lost],
    ['calls', 'calls-lost', 'p1', count],
  );
  assert.ok(kept > 1000);
  add(1, {});
  void buffer.flush();
  assert.deepEqual(
    sent.at(-1)?.map(({ method }) => method),
    ['m'],
  );
});

test('what the host did not take is lost, and that is an entry', async (t) => {
  const { buffer, sent, answers, add } = openSlowBuffer(t);
  add(1, {});
  add(2, {});
  const flushed = buffer.flush();
  answers[0]({ ok: false, error: { message: 'no space left' } });
  await flushed;
  const [entry, ...more] = buffer.take();
  assert.deepEqual(more, []);
  assert.deepEqual([entry.problem, /** @type {any} */ (entry.detail).lost], ['calls-lost', 2]);
  assert.equal(sent.length, 1);
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
