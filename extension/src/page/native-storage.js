// SPDX-License-Identifier: MIT
// The page's localStorage through the browser's own getter and methods, as they are before any script
// of the page, which may wrap or replace them.

const { apply, getOwnPropertyDescriptor } = Reflect;
const { getItem, key, removeItem, setItem } = Storage.prototype;
const getLength = /** @type {() => number} */ (
  getOwnPropertyDescriptor(Storage.prototype, 'length')?.get
);

/** The accessor of window.localStorage; undefined where a browser has none. */
export const accessor = getOwnPropertyDescriptor(window, 'localStorage');

/** @returns {Storage | null}  null where it is missing or blocked */
export function nativeStorage() {
  try {
    return apply(/** @type {() => Storage} */ (accessor?.get), window, []);
  } catch {
    return null;
  }
}

/** @param {Storage} storage @param {string} name @returns {string | null} */
export const read = (storage, name) => apply(getItem, storage, [name]);

/** @param {Storage} storage @param {string} name @param {string} value */
export const write = (storage, name, value) => apply(setItem, storage, [name, value]);

/** @param {Storage} storage @param {string} name */
export const remove = (storage, name) => apply(removeItem, storage, [name]);

/** @param {Storage} storage @returns {number}  UTF-16 units of its names and values */
export function used(storage) {
  const length = apply(getLength, storage, []);
  let units = 0;
  for (let i = 0; i < length; i++) {
    const name = /** @type {string} */ (apply(key, storage, [i]));
    units += name.length + (read(storage, name)?.length ?? 0);
  }
  return units;
}
