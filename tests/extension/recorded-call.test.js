// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundCall } from '../../extension/src/recorded-call.js';

const AT = 1_700_000_000_000;

/** @param {any} detail @returns {any} */
const detailOf = (detail) => boundCall({ method: 'm', at: AT, detail }).detail;

/** @param {number} depth @returns {any} */
const nested = (depth) => (depth === 0 ? 1 : { x: nested(depth - 1) });

test('what the host can keep is recorded as it is', () => {
  for (const value of [
    null,
    5,
    'text',
    undefined,
    [],
    { a: [{ b: null }] },
    nested(14),
    'x'.repeat(1000),
    Array(2000).fill(1),
  ]) {
    assert.deepEqual(detailOf({ arguments: value, member: 'm1' }), {
      arguments: value,
      member: 'm1',
    });
  }
});

test('what it cannot keep is there as the start of its JSON text', () => {
  for (const value of [nested(17), { 'a\0b': 1 }, [{ 'a\0b': 1 }]]) {
    const text = JSON.stringify(value);
    assert.deepEqual(detailOf({ arguments: value }), { arguments: { text, size: text.length } });
  }
  const many = Array.from({ length: 1_500_000 }, () => ({}));
  const { text, size } = detailOf({ member: 'm1', arguments: { items: many } }).arguments;
  assert.equal(size, JSON.stringify({ items: many }).length);
  assert.equal(text, `{"items":[${'{},'.repeat(330)}…`);
  assert.match(detailOf({ a: 10n }).text, /^not recorded: .*BigInt/);
  const throwing = {
    get a() {
      throw new Error('of the page');
    },
  };
  assert.equal(detailOf({ throwing }).text, 'not recorded: of the page');
});

test('no part of a call is longer than its limit, however the page has made it', () => {
  const long = 'k'.repeat(70_000_000);
  for (const call of /** @type {any[]} */ ([
    { method: long, at: AT, detail: {} },
    { method: 'm', at: AT, problem: long, detail: {} },
    { method: 'm', at: AT, detail: { key: long } },
    { method: 'm', at: AT, detail: { [long]: 1 } },
    { method: 'm', at: AT, detail: { error: { name: long, message: long } } },
    {
      method: 'm',
      at: AT,
      detail: Object.fromEntries([...Array(1000).keys()].map((i) => [i, long])),
    },
    { method: 'm', at: AT, detail: [long] },
    { method: 'm', at: AT, detail: long.slice(0, 20_000) },
    { method: 'm', at: AT, detail: null },
    { method: { toString: () => long }, at: AT, detail: undefined },
  ])) {
    const { method, at, problem, detail, ...more } = boundCall(call);
    assert.ok(method.length <= 257, method.slice(0, 20));
    assert.ok((problem ?? '').length <= 257);
    assert.equal(at, AT);
    assert.ok(detail instanceof Object && !Array.isArray(detail));
    assert.ok(JSON.stringify(detail).length <= 8192);
    assert.deepEqual(more, {});
  }
});

test('a time that no date has is replaced by that of the message', () => {
  for (const at of /** @type {any[]} */ ([9e15, -1, NaN, 1.5, '7', undefined, Infinity, 10n])) {
    const before = Date.now();
    const bound = boundCall({ method: 'm', at, detail: {} });
    assert.ok(bound.at >= before && bound.at <= Date.now(), `${at}`);
  }
  assert.equal(boundCall({ method: 'm', at: 8.64e15, detail: {} }).at, 8.64e15);
});
