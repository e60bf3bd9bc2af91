// SPDX-License-Identifier: MIT
// Rows of the panel, of calls that a page could have forged or an older host kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callCells } from '../../extension/src/panel/tables.js';

const CALL = { at: 1700000000007, method: 'storeSecret', problem: null, detail: {} };

test('a call has a row of text, whatever its time and its detail are', () => {
  /** @type {[string, any, string[]][]} */
  const rows = [
    ['usual', { detail: { key: 'k', outcome: 'resolved' } }, ['22:13:20.007', 'k', 'resolved']],
    ['a problem', { problem: 'late-render' }, ['22:13:20.007', '', 'late-render']],
    ['before 1970', { at: -1 }, ['23:59:59.999', '', '']],
    ['before year 0', { at: -8.64e15 }, ['00:00:00.000', '', '']],
    ['the last date', { at: 8.64e15 }, ['00:00:00.000', '', '']],
    ['after the last date', { at: 8.64e15 + 1 }, ['8640000000000001', '', '']],
    ['before the first date', { at: -9e15 }, ['-9000000000000000', '', '']],
    ['the last integer', { at: 9e18 }, ['9000000000000000000', '', '']],
    ['a key that is no text', { detail: { key: { a: 1 } } }, ['22:13:20.007', '{"a":1}', '']],
    ['an outcome that is no text', { detail: { outcome: 5 } }, ['22:13:20.007', '', '5']],
    [
      'a message that is no text',
      { detail: { error: { message: [] } } },
      ['22:13:20.007', '', '[]'],
    ],
    ['an error that is no object', { detail: { error: 'x', key: null } }, ['22:13:20.007', '', '']],
  ];
  for (const [name, change, [time, key, outcome]] of rows) {
    assert.deepEqual(callCells({ ...CALL, ...change }), [time, 'storeSecret', key, outcome], name);
  }
});
