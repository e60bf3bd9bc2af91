// SPDX-License-Identifier: MIT
/**
 * The messages between page script, bridge and background. None of them names the page's origin: the
 * background takes that from the browser.
 *
 * @typedef {keyof typeof OPERATIONS} Operation
 *
 * @typedef {object} HostRequest  for one operation of the host, by a page or its bridge
 * @property {Operation} operation
 * @property {Record<string, unknown>} members  of the request, except `origin` and `topLevelSite`
 *
 * @typedef {object} CallError  an error as a page raises it
 * @property {string} class  the constructor: 'Error', 'TypeError', 'DOMException'
 * @property {string} name
 * @property {string} message
 * @property {boolean} operational  whether bluebird marks it as operational
 *
 * @typedef {{ok: true, result: any, itemsRevision?: number} | {ok: false, error: CallError}} Answer
 *   itemsRevision: the number of the host's items, of which it grows with every change, where the request
 *   was about them
 *
 * @typedef {object} RecordedCall  a call that a page made, or a problem with it; never a secret
 * @property {string} method
 * @property {number} at  milliseconds since 1970
 * @property {string} [page]  the document's id, which the bridge adds
 * @property {string} [problem]
 * @property {object} detail
 *
 * @typedef {object} PageMessage  from a page script to its bridge
 * @property {{handlers?: string[]}} [powerUp]  the page has become a Power-Up; handlers: the names that
 *   it gave to TrelloPowerUp.initialize
 * @property {number} [id]  of a message that expects an answer, or of the answer
 * @property {HostRequest} [request]
 * @property {string} [slot]  of a request: the localStorage entry that it reads or changes
 * @property {string} [settle]  a slot whose localStorage entry the page has changed, or is about to
 *   read
 * @property {RecordedCall} [call]
 * @property {any} [result]  of what the bridge asked
 * @property {string} [error]  why it failed
 *
 * @typedef {object} BridgeMessage  from a bridge to its page script
 * @property {number} [id]
 * @property {Answer} [answer]
 * @property {string | null} [kept]  in an answer to a request with a slot: the host's item
 * @property {true} [render]
 * @property {Invocation} [invoke]
 * @property {import('./page/settings.js').Settings} [settings]  the new ones
 * @property {true} [ping]  to be answered after everything that the page posted before
 *
 * @typedef {object} OriginSettings  the settings of one origin, or of all ('')
 * @property {string} origin
 * @property {Record<string, string>} settings
 *
 * @typedef {object} AllSettings  the settings of all origins
 * @property {OriginSettings[]} origins
 * @property {string[]} faults  the origins for which a fault is set; '': all
 * @property {Revisions} pluginData
 * @property {number} [itemsRevision]  grows with every change of the host's items
 * @property {boolean} [filled]  the storage mode `full` was set at some time
 *
 * @typedef {Record<string, number>} Revisions  a number by origin that grows with every change of the
 *   plugin data that its pages can see
 *
 * @typedef {object} Invocation  Trello's call of a Power-Up's handler or callback
 * @property {string} command
 * @property {any[]} args
 */

/** The type of the event by which the bridge hands its port to the page script: once, at document_start, and
 * at the document. A new document has no listeners, unlike its window, which may be that of the initial
 * about:blank, where a parent of the same origin may already listen; and an event of this type does not
 * pass the window on its way to the document (https://dom.spec.whatwg.org/#concept-event-dispatch: a
 * document has no parent for `load`). */
export const HANDSHAKE = 'load';

/** The size limit of localStorage in Chromium and Firefox, in UTF-16 code units of names and values. */
export const STORAGE_QUOTA = 5_242_880;

/** The entry by which the storage mode `full` fills a page's localStorage. */
export const FULL_ENTRY = 'powerup-secrets-full';

const ORIGIN = ['origin'];
const STORAGE_KEY = ['origin', 'topLevelSite'];

/**
 * The operations of the host that a page can request: the members that the background adds about the
 * caller, and the members that the page gives.
 */
export const OPERATIONS = {
  getSettings: { caller: ORIGIN, members: [] },
  storeSecret: { caller: STORAGE_KEY, members: ['member', 'key', 'slot', 'data', 'digestOf'] },
  loadSecret: { caller: STORAGE_KEY, members: ['member', 'key', 'slot', 'value'] },
  clearSecret: { caller: STORAGE_KEY, members: ['member', 'key', 'slot'] },
  encryptSecret: { caller: [], members: ['member', 'key', 'slot', 'data', 'digestOf', 'aescbc'] },
  decryptSecret: { caller: [], members: ['aescbc', 'value'] },
  synchronizeItems: { caller: STORAGE_KEY, members: ['items'] },
  getPluginData: { caller: ORIGIN, members: ['member', 'board', 'card', 'organization'] },
  setPluginData: {
    caller: ORIGIN,
    members: ['scope', 'owner', 'visibility', 'member', 'text', 'base'],
  },
  recordCalls: { caller: ORIGIN, members: ['calls'] },
  answer: { caller: ORIGIN, members: ['method'] },
  takeFault: { caller: ORIGIN, members: ['method'] },
};

/** The largest message of a page to the host, in bytes, unless the host's hello has said another. */
export const REQUEST_SIZE_MAX = 16 * 1024 * 1024;

/**
 * @param {object} message
 * @param {number} max  bytes
 * @returns {string | undefined}  why it is not sent; undefined: it is not too large
 */
export function tooLarge(message, max) {
  const text = JSON.stringify(message);
  const size = 3 * text.length > max ? new TextEncoder().encode(text).length : 0;
  return size > max
    ? `a message of ${size} bytes was not sent; it may have at most ${max}.`
    : undefined;
}

/**
 * An error of our own, marked so that nobody mistakes it for one of Trello's.
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

/**
 * @param {Answer} answer
 * @returns {boolean}  whether it is an error of our own
 */
export function isOwnError(answer) {
  return !answer.ok && answer.error.message.startsWith('powerup-secrets: ');
}
