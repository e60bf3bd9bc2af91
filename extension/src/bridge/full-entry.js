// SPDX-License-Identifier: MIT
import { FULL_ENTRY } from '../messages.js';

/** @param {string} name @param {string | null} value */
const sizeOf = (name, value) => (value === null ? 0 : name.length + value.length);

/**
 * Writes an item of the host. If the storage mode `full` has filled the storage, its entry gives way, or
 * takes the room that becomes free, so that the page has as much room as before.
 *
 * @param {Storage} storage
 * @param {string} slot
 * @param {string | null} value  null: it is removed
 */
export function writeItem(storage, slot, value) {
  const filling = storage.getItem(FULL_ENTRY);
  const more = sizeOf(slot, value) - sizeOf(slot, storage.getItem(slot));
  const left = (filling?.length ?? -1) - more;
  const resize = () => storage.setItem(FULL_ENTRY, '0'.repeat(left));
  const resizes = filling !== null && left >= 0;
  if (resizes && more > 0) {
    resize();
  }
  if (value === null) {
    storage.removeItem(slot);
  } else {
    storage.setItem(slot, value);
  }
  if (resizes && more < 0) {
    resize();
  }
}
