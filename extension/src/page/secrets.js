// SPDX-License-Identifier: MIT
// The three secret calls: what both fidelity settings have in common.
import { encodable, slotOf } from './conversion.js';
import { documented } from './secrets-documented.js';
import { promised } from './errors.js';
import { touch } from './local-storage.js';
import { library } from './secrets-library.js';
import { NAME_MAX } from '../recorded-call.js';

/**
 * @typedef {object} Place  whose secret
 * @property {string} member
 * @property {string} key  its first characters
 * @property {string} [slot]  the localStorage entry, where the key is not whole
 */

/**
 * @typedef {object} Environment  what the calls need
 * @property {import('./channel.js').Channel} channel
 * @property {any} pluginData  get and set of the member's Trello data
 * @property {() => void} keyMade  to be called when the member's key has just been made
 */

/**
 * @typedef {object} SecretCalls  the calls in one fidelity setting. Each gets the place and the slot;
 *   they are started in the order of the page's calls.
 * @property {(env: Environment, place: Place, slot: string, data: any) =>
 *   Promise<{key: string, value: string}>} store
 * @property {(env: Environment, place: Place, slot: string) => Promise<string | null>} load
 * @property {(env: Environment, place: Place, slot: string) => Promise<null>} clear
 */

/** @type {Record<string, SecretCalls>} */
const BY_FIDELITY = { documented, library };

/** @typedef {keyof typeof CALLS} Method */

const CALLS = {
  storeSecret: {
    access: /** @type {const} */ ('setItem'),
    run: (
      /** @type {SecretCalls} */ implementation,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
      /** @type {any} */ data,
    ) => implementation.store(env, place, slot, data),
  },
  loadSecret: {
    access: /** @type {const} */ ('getItem'),
    run: (
      /** @type {SecretCalls} */ implementation,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
    ) => implementation.load(env, place, slot),
  },
  clearSecret: {
    access: /** @type {const} */ ('removeItem'),
    run: (
      /** @type {SecretCalls} */ implementation,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
    ) => implementation.clear(env, place, slot),
  },
};

const ignore = () => {};

/**
 * @param {object} options
 * @param {any} options.Promise  the promise class of the library
 * @param {import('./channel.js').Channel} options.channel
 * @param {() => Promise<import('./settings.js').Settings>} options.confirmedSettings
 * @param {import('./calls.js').Calls} options.calls
 * @param {import('./faults.js').Faults} options.applyFault
 */
export function createSecrets({
  Promise: LibraryPromise,
  channel,
  confirmedSettings,
  calls,
  applyFault,
}) {
  let turn = Promise.resolve();

  /**
   * Resolves in the order of the calls, to what a call needs before it can start.
   *
   * @param {string} text  MEMBER:KEY
   * @param {'setItem' | 'getItem' | 'removeItem'} access
   * @returns {Promise<[string, SecretCalls]>}
   */
  function prepare(text, access) {
    const known = confirmedSettings().then(
      (found) => {
        if (window.origin === 'null') {
          touch(access); // a page without storage gets that error, whatever the host answers
        }
        return found;
      },
      (error) => {
        touch(access); // also when the host cannot be reached
        throw error;
      },
    );
    const ready = Promise.all([slotOf(text), known]);
    const mine = turn.then(() => ready);
    turn = mine.then(ignore, ignore);
    return mine.then(([slot, { fidelity }]) => [slot, BY_FIDELITY[fidelity]]);
  }

  /**
   * @param {Method} method
   * @param {any} t  whose context is used
   * @param {any} pluginData
   * @param {any} key
   * @param {any} [data]
   */
  function start(method, t, pluginData, key, data) {
    const { access, run } = CALLS[method];
    const watch = calls.watchSecret(method);
    /** @type {Place} */
    let place;
    /** @type {string} */
    let text;
    /** Where the key starts in it. @type {number} */
    let start;
    try {
      if (!t.isMemberSignedIn()) {
        watch.problem('signed-out');
        throw new Error('No active member in context.');
      }
      const { member } = t.getContext();
      text = `${member}:${key}`; // converts as the library does, and throws as it does
      start = `${member}:`.length;
      place = {
        member: encodable(`${member}`),
        key: encodable(text.slice(start, start + NAME_MAX)),
      };
    } catch (error) {
      watch.threw(error);
      throw error;
    }
    watch.started(place, method === 'storeSecret', data);
    const promise = promised(LibraryPromise, async () => {
      try {
        const [slot, implementation] = await prepare(text, access);
        if (text.length > start + NAME_MAX) {
          place.slot = slot;
        }
        await applyFault(method);
        const env = { channel, pluginData, keyMade: () => watch.keyMade() };
        const value = await run(implementation, env, place, slot, data);
        watch.resolved();
        return value;
      } catch (error) {
        watch.rejected(error);
        throw error;
      }
    });
    watch.promised(promise);
    return promise;
  }

  return start;
}
