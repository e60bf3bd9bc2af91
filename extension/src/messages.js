// SPDX-License-Identifier: MIT
/**
 * What travels between page script, bridge and background. None of it says where the page is from:
 * the browser tells the background that.
 *
 * @typedef {keyof typeof METHODS} Method
 *
 * @typedef {object} Call  one operation of the host, asked for by a page or its bridge
 * @property {Method} method
 * @property {Record<string, unknown>} members  what the host's operation of that name takes beside
 *   `origin` and `topLevelSite`
 *
 * @typedef {object} CallError  an error as a page raises it
 * @property {string} class  the constructor: 'Error', 'TypeError', 'DOMException'
 * @property {string} name
 * @property {string} message
 * @property {boolean} operational  whether the promise class marks it as expected
 *
 * @typedef {{ok: true, result: any} | {ok: false, error: CallError}} Answer
 *
 * @typedef {object} JournalEntry  what a page did, for the tester's eyes; never a secret
 * @property {string} method
 * @property {number} at  milliseconds since 1970
 * @property {string} [problem]
 * @property {object} detail
 *
 * @typedef {object} Toward  what a page script posts to its bridge
 * @property {true} [powerUp]  the page uses TrelloPowerUp, and wants to hear from Trello
 * @property {number} [id]  of what wants an answer
 * @property {Call} [call]
 * @property {string} [slot]  of a call: the localStorage entry that it reads or changes
 * @property {string} [settle]  a slot whose localStorage entry the page has changed, or is about to
 *   read
 * @property {JournalEntry} [journal]
 * @property {any} [result]  of what the bridge asked: an invocation, to change the scene, a ping
 *
 * @typedef {object} Back  what a bridge posts to its page script
 * @property {number} [id]
 * @property {Answer} [answer]
 * @property {string | null} [kept]  of an answer to a call with a slot: the kept entry
 * @property {'render'} [event]
 * @property {Invocation} [invoke]
 * @property {import('./page/scene.js').Scene} [scene]  the new one
 * @property {true} [ping]  to be answered, after everything that the page posted before
 *
 * @typedef {object} SceneRow  the settings of one origin, or of all ('')
 * @property {string} origin
 * @property {Record<string, string>} settings
 *
 * @typedef {object} Scenes  what the host says about all scenes
 * @property {SceneRow[]} origins
 * @property {boolean} faults  whether calls may meet one
 *
 * @typedef {object} Invocation  what Trello asks of a Power-Up: a handler or a callback
 * @property {string} command
 * @property {any[]} args
 */

/** The event by which the bridge hands its port to the page script, once, at document_start. */
export const HANDSHAKE = 'powerup-secrets-port';

/** How many UTF-16 units, names and values together, a localStorage takes in Chromium and Firefox. */
export const STORAGE_QUOTA = 5_242_880;

const ORIGIN = ['origin'];
const STORAGE_KEY = ['origin', 'topLevelSite'];

/**
 * The operations of the host that a page can cause: what the host is told about the caller, and the
 * members that the page gives.
 */
export const METHODS = {
  getSettings: { caller: ORIGIN, members: [] },
  storeSecret: { caller: STORAGE_KEY, members: ['member', 'key', 'data', 'digestOf'] },
  loadSecret: { caller: STORAGE_KEY, members: ['member', 'key', 'value'] },
  clearSecret: { caller: STORAGE_KEY, members: ['member', 'key'] },
  encryptSecret: { caller: [], members: ['member', 'key', 'data', 'digestOf', 'aescbc'] },
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

/**
 * @param {Answer} answer
 * @returns {boolean}  whether it is an error of our own
 */
export function isOwnError(answer) {
  return !answer.ok && answer.error.message.startsWith('powerup-secrets: ');
}
