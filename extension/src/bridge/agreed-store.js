// SPDX-License-Identifier: MIT
import { createStore, del, entries, set } from 'idb-keyval';

/**
 * A Mirror's agreed state, in an IndexedDB database of the page's origin, because the browser
 * partitions and clears it together with the localStorage that it describes.
 *
 * @returns {import('./mirror.js').MirrorOptions['agreed']}
 */
export function agreedStore() {
  /** @type {ReturnType<typeof createStore> | undefined} */
  let store;
  const open = () => (store ??= createStore('powerup-secrets', 'items'));
  return {
    read: async () => /** @type {[string, string][]} */ (await entries(open())),
    write: async (slot, value) => (value === null ? del(slot, open()) : set(slot, value, open())),
  };
}
