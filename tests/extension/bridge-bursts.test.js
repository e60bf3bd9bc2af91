// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Bursts } from '../../extension/src/bridge/bursts.js';

/** A background that takes its turns, and answers, only when the test says so. */
function openBursts() {
  /** @type {(() => void)[]} */
  const turns = [];
  /** @type {{call: number, answer: (value: any) => void, fail: (error: Error) => void}[]} */
  const sent = [];
  const bursts = new Bursts(
    (/** @type {number} */ call) =>
      new Promise((answer, fail) => void sent.push({ call, answer, fail })),
    () => new Promise((resolve) => void turns.push(() => resolve(undefined))),
  );
  return { bursts, sent, turns };
}

test('a thousand calls in one go leave in order, no more than 64 before a turn', async () => {
  const { bursts, sent, turns } = openBursts();
  const answers = Array.from({ length: 1_000 }, (_, i) => bursts.send(i));
  for (let round = 0; sent.length < 1_000; round++) {
    await setImmediate();
    assert.ok(sent.length <= 64 * (round + 1), `${sent.length} after ${round} turns`);
    turns[round]?.();
  }
  assert.deepEqual(
    sent.map(({ call }) => call),
    Array.from({ length: 1_000 }, (_, i) => i),
  );
  assert.equal(turns.length, 15);
  for (const { call, answer } of sent) {
    answer(-call);
  }
  assert.deepEqual(
    await Promise.all(answers),
    sent.map(({ call }) => -call),
  );
});

test('calls one after the other ask for no turn', async () => {
  const { bursts, sent, turns } = openBursts();
  for (let i = 0; i < 200; i++) {
    const answer = bursts.send(i);
    await setImmediate();
    sent[i].answer(i);
    assert.equal(await answer, i);
  }
  assert.equal(turns.length, 0);
});

test('calls that are never answered, or fail, hold nothing up', async () => {
  const { bursts, sent, turns } = openBursts();
  for (let i = 0; i < 100; i++) {
    void bursts.send(i);
  }
  const last = bursts.send(100);
  await setImmediate();
  turns[0]();
  await setImmediate();
  assert.equal(sent.length, 101);
  sent[100].fail(new Error('lost'));
  await assert.rejects(last, /lost/);
});
