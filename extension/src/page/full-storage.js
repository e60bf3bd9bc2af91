// SPDX-License-Identifier: MIT
// The storage mode `full`: an entry of our own takes all the room that a localStorage has left, so that
// everything else that the page meets is the browser's.
import { FULL_ENTRY, STORAGE_QUOTA } from '../messages.js';
import { nativeStorage, read, remove, used, write } from './native-storage.js';

let isFull = false;

/** @param {Storage} storage */
function fill(storage) {
  const present = read(storage, FULL_ENTRY);
  const others = used(storage) - (present === null ? 0 : FULL_ENTRY.length + present.length);
  const room = STORAGE_QUOTA - others - FULL_ENTRY.length;
  // Less room than for the entry's name is left as it is.
  if (room >= 0 && present?.length !== room) {
    write(storage, FULL_ENTRY, '0'.repeat(room));
  }
}

/**
 * Fills this document's localStorage when the mode begins, and removes the entry when it ends, or when
 * it may be left of an earlier time. A storage that is or has been filled by this document is left as
 * the page makes it.
 *
 * @param {import('./settings.js').Settings} settings
 * @throws an Error when the localStorage has less room than browsers have by default
 */
export function keepFull({ storage: mode, filled }) {
  const wasFull = isFull;
  isFull = mode === 'full';
  if (isFull ? wasFull : !wasFull && !filled) {
    return;
  }
  const storage = nativeStorage();
  if (storage === null) {
    return;
  }
  if (isFull) {
    try {
      fill(storage);
    } catch (error) {
      isFull = false;
      const { message } = /** @type {Error} */ (error);
      throw new Error(`the page's localStorage could not be filled: ${message}`, { cause: error });
    }
  } else if (read(storage, FULL_ENTRY) !== null) {
    remove(storage, FULL_ENTRY);
  }
}
