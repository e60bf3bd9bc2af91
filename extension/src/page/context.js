// SPDX-License-Identifier: MIT
// What Trello tells a page about who looks at it: JSON in the URL hash.
import has from 'lodash/has.js';

/**
 * @typedef {object} Opening  what a page is opened with
 * @property {any} [context]
 * @property {any} [secret]
 * @property {any} [locale]
 * @property {any} [args]
 */

/**
 * What a page without a hash gets, so that a plain http://localhost page works by itself. Whoever is
 * signed in follows the settings, in a page that is open, too.
 *
 * @param {import('./settings.js').SettingsHolder} settings
 */
export function contextOf(settings) {
  const context = {
    version: '1.25.1',
    member: memberOf(settings.current()),
    organization: '5f00000000000000000000a1',
    board: '5f00000000000000000000b1',
    card: '5f00000000000000000000c1',
    permissions: { organization: 'write', board: 'write', card: 'write' },
    el: 'powerup-secrets', // what a popup opens beside
  };
  settings.onMemberChange((next) => (context.member = memberOf(next)));
  return context;
}

/** @param {import('./settings.js').Settings} settings */
function memberOf({ member }) {
  return member ?? 'notLoggedIn';
}

/**
 * @param {string} hash  location.hash
 * @returns {any}  what it says; undefined when it is empty or cannot be read
 */
export function parseHash(hash) {
  try {
    return JSON.parse(decodeURIComponent(hash.replace(/^#/, '')));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} hash  location.hash
 * @param {{context?: any, secret?: any}} options  of TrelloPowerUp.iframe, used where the hash has
 *   nothing
 * @param {() => any} defaultContext  for a page without a hash
 * @returns {Opening}
 */
export function readOpening(hash, options, defaultContext) {
  if (hash === '' || hash === '#') {
    return { context: options.context ?? defaultContext(), secret: options.secret };
  }
  const opening = parseHash(hash) ?? undefined;
  if (opening === undefined) {
    console.warn('Power-Up unable to parse url hash, perhaps you needed a t.signUrl(url)?');
  }
  if (opening?.secret === undefined) {
    console.warn('The URL hash has no secret, so the page was not opened by Trello.');
  }
  const value = (/** @type {string} */ name, /** @type {any} */ fallback) =>
    opening !== undefined && has(opening, name) ? opening[name] : fallback;
  return {
    context: value('context', options.context),
    secret: value('secret', options.secret),
    locale: value('locale', 'en'),
    args: value('args', undefined),
  };
}

/**
 * @param {any} context
 * @returns {boolean}
 */
export function isMemberSignedIn(context) {
  return context != null && context.member != null && context.member !== 'notLoggedIn';
}
