// SPDX-License-Identifier: MIT
import { createStore, del, entries, set } from 'idb-keyval';

const NAME = 'powerup-secrets';

/**
 * A Mirror's agreed state, in an IndexedDB database of the page's origin, because the browser
 * partitions and clears it together with the localStorage that it describes.
 *
 * @returns {import('./mirror.js').MirrorOptions['agreed']}
 */
export function agreedStore() {
  /** @type {ReturnType<typeof createStore> | undefined} */
  let store;
  const open = () => (store ??= createStore(NAME, 'items'));
  const exists = async () => (await indexedDB.databases()).some(({ name }) => name === NAME);
  return {
    // Opening a database makes it, and reading must not change what the page's origin has.
    read: async () =>
      store !== undefined || (await exists())
        ? /** @type {[string, string][]} */ (await entries(open()))
        : [],
    write: async (slot, value) => (value === null ? del(slot, open()) : set(slot, value, open())),
  };
}
