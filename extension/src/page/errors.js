// SPDX-License-Identifier: MIT

/** @typedef {import('../messages.js').CallError} CallError */

/**
 * Makes an error of the page's own world out of its description.
 *
 * @param {CallError} description
 * @returns {Error | DOMException}
 */
export function toError({ class: errorClass, name, message, operational }) {
  if (errorClass === 'DOMException') {
    return new DOMException(message, name);
  }
  const error = errorClass === 'TypeError' ? new TypeError(message) : new Error(message);
  if (operational) {
    // bluebird's mark: `.error(handler)` takes such errors and no others.
    Object.defineProperty(error, 'isOperational', {
      value: true,
      configurable: true,
      writable: true,
    });
  }
  return error;
}
