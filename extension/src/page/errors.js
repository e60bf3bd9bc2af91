// SPDX-License-Identifier: MIT
// Errors of the page's own world, and the mark by which the promise class knows expected ones.

/** @typedef {import('../messages.js').CallError} CallError */

/**
 * Makes an error of the page's own world out of its description.
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
    throw toError(answer.error);
  }
  return answer.result;
}

/**
 * Runs asynchronous work and gives a promise of the library's class for it. bluebird marks whatever
 * an executor rejects with as operational; only what was marked before stays so.
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
