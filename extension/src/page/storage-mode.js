// SPDX-License-Identifier: MIT
// What reading window.localStorage does in the storage modes in which it fails. In the others it is the
// browser's own.
import { accessor } from './native-storage.js';

/** @typedef {'enabled' | 'denied' | 'missing' | 'full'} StorageMode */

/** The browser's own message. */
const DENIED = {
  chromium:
    "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
  firefox: 'The operation is insecure.',
}[BROWSER];

const { captureStackTrace } = /** @type {any} */ (Error);

/** @type {Record<string, () => any>} */
const READS = {
  denied() {
    const error = new DOMException(DENIED, 'SecurityError');
    captureStackTrace?.(error, READS.denied); // a browser's own errors have a stack
    throw error;
  },
  missing: () => null,
};

/** @type {(() => any) | undefined} */
let current;

/**
 * Sets the storage mode, as far as reading window.localStorage is concerned.
 *
 * @param {string} mode
 * @throws an Error when the page does not let its localStorage be changed
 */
export function setStorageMode(mode) {
  const read = READS[mode];
  if (read === current || accessor?.get === undefined) {
    return;
  }
  const isChanged = Reflect.defineProperty(window, 'localStorage', {
    ...accessor,
    // A proxy keeps the native getter's name and source text.
    get: read === undefined ? accessor.get : new Proxy(accessor.get, { apply: read }),
  });
  if (!isChanged) {
    throw new Error(
      'the page has made its window.localStorage unconfigurable, so the storage mode of the open page cannot change; reload it',
    );
  }
  current = read;
}
