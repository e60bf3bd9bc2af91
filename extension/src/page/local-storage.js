// SPDX-License-Identifier: MIT
// The page's own localStorage, as the library would use it.
import { STORAGE_QUOTA } from '../messages.js';
import { used } from './native-storage.js';

const { setItem } = Storage.prototype;

/**
 * Raises what reading this page's localStorage raises when it is blocked or missing.
 *
 * @param {'setItem' | 'getItem' | 'removeItem'} access  what is about to be called
 */
export function touch(access) {
  void window.localStorage[access];
}

/**
 * Raises what writing a value of that length would raise. It tries, and undoes it immediately, only if
 * a failure is likely (little room left, or the page replaced its localStorage).
 *
 * @param {string} slot
 * @param {number} length  UTF-16 units
 */
export function checkRoom(slot, length) {
  const storage = window.localStorage;
  const native = storage instanceof Storage && storage.setItem === setItem;
  if (native && used(storage) + slot.length + length <= STORAGE_QUOTA) {
    return;
  }
  const previous = storage.getItem(slot);
  storage.setItem(slot, '0'.repeat(length));
  try {
    if (typeof previous === 'string') {
      storage.setItem(slot, previous);
    } else {
      storage.removeItem(slot);
    }
  } catch {
    // Only a replaced localStorage fails here, and the secret's value will overwrite this one.
  }
}
