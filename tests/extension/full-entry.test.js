// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeItem } from '../../extension/src/bridge/full-entry.js';
import { FULL_ENTRY } from '../../extension/src/messages.js';
import { observePage } from '../../runner/src/observed.js';
import { MemoryStorage } from './browser-storage.js';

/** @param {number} length  of the entry that fills it */
function fullStorage(length) {
  const storage = new MemoryStorage();
  storage.setItem('slot', 'value');
  storage.setItem(FULL_ENTRY, '0'.repeat(length));
  return storage;
}

test('the entry gives way to an item of the host, and takes the room that one leaves', () => {
  for (const [slot, value, left] of /** @type {[string, string | null, number][]} */ ([
    ['slot', 'value', 20],
    ['slot', 'longer value', 13],
    ['slot', 'v', 24],
    ['slot', null, 29],
    ['new', '', 17],
    ['new', 'x'.repeat(17), 0],
    ['absent', null, 20],
  ])) {
    const storage = fullStorage(20);
    writeItem(storage, slot, value);
    assert.equal(storage.getItem(slot), value);
    assert.equal(storage.getItem(FULL_ENTRY)?.length, left, `${slot} ${value}`);
  }
});

test('an entry that is too short to make room stays as it is', () => {
  const storage = fullStorage(3);
  writeItem(storage, 'slot', 'a longer value');
  assert.equal(storage.getItem(FULL_ENTRY)?.length, 3);
});

test('a storage that the mode has not filled gets no entry', () => {
  const storage = new MemoryStorage();
  writeItem(storage, 'slot', 'value');
  writeItem(storage, 'slot', null);
  assert.equal(storage.length, 0);
});

test('the runner’s check for leaks knows the entry', () => {
  assert.ok(observePage.toString().includes(`'${FULL_ENTRY}'`));
});
