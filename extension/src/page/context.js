// SPDX-License-Identifier: MIT
// The context that Trello gives a page: JSON in the URL hash.
import defaults from '../../default-context.json' with { type: 'json' };
import has from 'lodash/has.js';

/**
 * @typedef {object} Opening  the URL hash
 * @property {any} [context]
 * @property {any} [secret]
 * @property {any} [locale]
 * @property {any} [args]
 */

/**
 * The context of a page without a hash, so that a plain http://localhost page works by itself. Its
 * member follows the settings while the page is open.
 *
 * @param {import('./settings.js').SettingsHolder} settings
 */
export function contextOf(settings) {
  const context = {
    ...defaults,
    member: memberOf(settings.current()),
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
 * @returns {any}  its value; undefined when it is empty or cannot be parsed
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
 * @param {{context?: any, secret?: any}} options  of TrelloPowerUp.iframe, for what the hash lacks
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
