// SPDX-License-Identifier: MIT
/**
 * What travels between page script, bridge and background. None of it says where the page is from:
 * the browser tells the background that.
 *
 * @typedef {'storeSecret' | 'loadSecret' | 'clearSecret'} Method
 *
 * @typedef {object} Call  one call of a page
 * @property {Method} method
 * @property {Record<string, string>} members  what the host's operation of that name takes beside
 *   `origin` and `topLevelSite`
 *
 * @typedef {object} CallError  an error as a page raises it
 * @property {string} class  the constructor: 'Error', 'TypeError', 'DOMException'
 * @property {string} name
 * @property {string} message
 * @property {boolean} operational  whether the promise class marks it as expected
 *
 * @typedef {{ok: true, result: unknown} | {ok: false, error: CallError}} Answer
 */

/** The event by which the bridge hands its port to the page script, once, at document_start. */
export const HANDSHAKE = 'powerup-secrets-port';

/** The longest secret in UTF-16 units: more than this has no room in any browser's localStorage. */
export const SECRET_LENGTH_MAX = 5_242_880;

/** The methods that a page may call, and the members that each must have, all strings.
 * @type {Record<Method, {required: string[], optional: string[]}>} */
export const METHODS = {
  storeSecret: { required: ['member', 'key', 'data'], optional: ['digestOf'] },
  loadSecret: { required: ['member', 'key'], optional: [] },
  clearSecret: { required: ['member', 'key'], optional: [] },
};

/**
 * An error of our own, marked so that nobody takes it for one of Trello's.
 * @param {string} message
 * @returns {CallError}
 */
export function ownError(message) {
  return {
    class: 'Error',
    name: 'Error',
    message: `powerup-secrets: ${message}`,
    operational: false,
  };
}
