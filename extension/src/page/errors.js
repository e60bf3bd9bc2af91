// SPDX-License-Identifier: MIT

/** @typedef {import('../messages.js').CallError} CallError */

/**
 * Makes an error of the page's own world out of its description.
 *
 * @param {CallError} description
 * @returns {(Error | DOMException) & {isOperational?: boolean}}
 */
export function toError({ class: errorClass, name, message }) {
  if (errorClass === 'DOMException') {
    return new DOMException(message, name);
  }
  return errorClass === 'TypeError' ? new TypeError(message) : new Error(message);
}
