// SPDX-License-Identifier: MIT
// The three secret calls: what Trello's library checks and converts before anything is stored.
import { toError } from './errors.js';

/** @typedef {import('../messages.js').Method} Method */

/** A byte order mark is part of the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The text as UTF-8 can carry it: each lone surrogate becomes U+FFFD. Whatever is not a string is
 * converted as TextEncoder does it, with its errors.
 *
 * @param {any} value
 * @returns {string}
 */
function encodable(value) {
  return decoder.decode(new TextEncoder().encode(value));
}

/**
 * @param {object} environment
 * @param {any} environment.Promise  the promise class of the library
 * @param {ReturnType<typeof import('./channel.js').openChannel>} environment.call
 * @param {() => any} environment.getContext
 * @param {(context: any) => boolean} environment.isMemberSignedIn
 */
export function createSecrets({ Promise, call, getContext, isMemberSignedIn }) {
  /**
   * @param {Method} method
   * @param {'setItem' | 'getItem' | 'removeItem'} access  what the library does to localStorage
   * @param {any} key
   * @param {() => Record<string, string>} members  read after the checks that throw
   */
  function request(method, access, key, members) {
    const context = getContext();
    if (!isMemberSignedIn(context)) {
      throw new Error('No active member in context.');
    }
    // Template literals convert as the library does, and throw as it does.
    const place = { member: encodable(`${context.member}`), key: encodable(`${key}`) };

    return new Promise(
      (/** @type {Function} */ resolve, /** @type {(reason: unknown) => void} */ reject) => {
        void window.crypto.subtle.digest; // a page that is not a secure context fails here
        const more = members();
        // A browser without localStorage fails here, with its own words.
        void window.localStorage[access];
        call({ method, members: { ...place, ...more } }, (answer) => {
          if (answer.ok) {
            resolve(answer.result);
            return;
          }
          const error = toError(answer.error);
          reject(error);
          if (!answer.error.operational) {
            // bluebird marks whatever an executor rejects with, and handlers run only later.
            delete error.isOperational;
          }
        });
      },
    );
  }

  return {
    /**
     * @param {any} key
     * @param {any} data
     */
    storeSecret(key, data) {
      return request('storeSecret', 'setItem', key, () => {
        // Two conversions, as in the library: the digest is of one text, the secret is the other.
        const digestOf = encodable(data);
        const text = encodable('' + data);
        /** @type {Record<string, string>} */
        const members = { data: text };
        if (digestOf !== text) {
          members.digestOf = digestOf;
        }
        return members;
      });
    },
    /** @param {any} key */
    loadSecret(key) {
      return request('loadSecret', 'getItem', key, () => ({}));
    },
    /** @param {any} key */
    clearSecret(key) {
      return request('clearSecret', 'removeItem', key, () => ({}));
    },
  };
}
