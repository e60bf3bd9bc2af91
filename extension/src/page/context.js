// SPDX-License-Identifier: MIT
// What Trello tells a page about who looks at it: JSON in the URL hash.

/**
 * @typedef {object} Opening  what a page is opened with
 * @property {any} [context]
 * @property {any} [secret]
 * @property {any} [locale]
 * @property {any} [args]
 */

/** What a page without a hash gets, so that a plain http://localhost page works by itself. */
const DEFAULT_CONTEXT = {
  version: '1.25.1',
  member: '5f0000000000000000000001',
  organization: '5f00000000000000000000a1',
  board: '5f00000000000000000000b1',
  card: '5f00000000000000000000c1',
  permissions: { organization: 'write', board: 'write', card: 'write' },
};

/**
 * @param {string} hash  location.hash
 * @param {{context?: any, secret?: any}} options  of TrelloPowerUp.iframe, used where the hash has
 *   nothing
 * @returns {Opening}
 */
export function readOpening(hash, options) {
  const text = hash.replace(/^#/, '');
  /** @type {Opening} */
  let opening = {};
  if (text === '') {
    opening.context = options.context ?? structuredClone(DEFAULT_CONTEXT);
  } else {
    try {
      opening = JSON.parse(decodeURIComponent(text)) ?? {};
    } catch {
      console.warn('Power-Up unable to parse url hash, perhaps you needed a t.signUrl(url)?');
    }
  }
  return {
    ...opening,
    context: opening.context ?? options.context,
    secret: opening.secret ?? options.secret,
  };
}

/**
 * @param {any} context
 * @returns {boolean}
 */
export function isMemberSignedIn(context) {
  return context != null && context.member != null && context.member !== 'notLoggedIn';
}
