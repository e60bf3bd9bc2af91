// SPDX-License-Identifier: MIT
// Errors of the page's own world, and bluebird's operational mark on expected ones.

/** @typedef {import('../messages.js').CallError} CallError */

const OPERATION_FAILED = 'The operation failed for an operation-specific reason';

/** The library passes on WebCrypto's error messages, which differ by browser; the host has Chromium's.
 * @type {Record<string, string>} */
const MESSAGES =
  typeof BROWSER !== 'undefined' && BROWSER === 'firefox' // undefined where modules are tested alone
    ? {
        'AES key data must be 128 or 256 bits':
          'Data provided to an operation does not meet requirements',
        'Decryption failed. Message: ': `Decryption failed. Message: ${OPERATION_FAILED}`,
        'Decryption failed. Message: The "iv" has an unexpected length -- must be 16 bytes': `Decryption failed. Message: ${OPERATION_FAILED}`,
      }
    : {};

/**
 * Creates an error of the page's own world from its description.
 *
 * @param {CallError} description
 * @returns {Error | DOMException}
 */
export function toError({ class: errorClass, name, message, operational }) {
  let error;
  if (errorClass === 'DOMException') {
    error = new DOMException(message, name);
  } else {
    error = errorClass === 'TypeError' ? new TypeError(message) : new Error(message);
  }
  return operational ? asOperational(error) : error;
}

/**
 * @template {object} T
 * @param {T} error
 * @returns {T}
 */
export function asOperational(error) {
  Object.defineProperty(error, 'isOperational', {
    value: true,
    configurable: true,
    writable: true,
  });
  return error;
}

/**
 * @param {import('./channel.js').Served} served
 * @returns {any}  the result
 * @throws the error, as the page's own
 */
export function resultOf({ answer }) {
  if (!answer.ok) {
    const { message } = answer.error;
    throw toError({
      ...answer.error,
      message: Object.hasOwn(MESSAGES, message) ? MESSAGES[message] : message,
    });
  }
  return answer.result;
}

/**
 * Runs asynchronous work and returns a promise of the library's class. bluebird marks whatever an
 * executor rejects with as operational; only errors that were already marked keep the mark.
 *
 * @param {any} Promise  the library's promise class
 * @param {() => PromiseLike<any>} work
 * @returns {any}
 */
export function promised(Promise, work) {
  return new Promise(
    (/** @type {(value: any) => void} */ resolve, /** @type {(reason: any) => void} */ reject) => {
      work().then(resolve, (error) => {
        const operational = error?.isOperational === true;
        reject(error);
        if (!operational && error instanceof Object) {
          Reflect.deleteProperty(error, 'isOperational');
        }
      });
    },
  );
}
