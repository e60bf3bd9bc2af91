// SPDX-License-Identifier: MIT
// The three secret calls: what is the same in both fidelity settings.
import { encodable, slotOf } from './conversion.js';
import { documented } from './secrets-documented.js';
import { promised } from './errors.js';
import { touch } from './local-storage.js';
import { library } from './secrets-library.js';

/**
 * @typedef {object} Place  whose secret
 * @property {string} member
 * @property {string} key
 */

/**
 * @typedef {object} Environment  what a way of doing the calls stands on
 * @property {import('./channel.js').Channel} channel
 * @property {any} pluginData  get and set of the member's Trello data
 * @property {() => void} keyMade  the member's key was made just now
 */

/**
 * @typedef {object} Way  the calls in one fidelity setting. Each gets the place and the slot, and is
 *   started in the order of the page's calls.
 * @property {(env: Environment, place: Place, slot: string, data: any) =>
 *   Promise<{key: string, value: string}>} store
 * @property {(env: Environment, place: Place, slot: string) => Promise<string | null>} load
 * @property {(env: Environment, place: Place, slot: string) => Promise<null>} clear
 */

/** @type {Record<string, Way>} */
const WAYS = { documented, library };

/** @typedef {keyof typeof CALLS} Method */

const CALLS = {
  storeSecret: {
    access: /** @type {const} */ ('setItem'),
    run: (
      /** @type {Way} */ way,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
      /** @type {any} */ data,
    ) => way.store(env, place, slot, data),
  },
  loadSecret: {
    access: /** @type {const} */ ('getItem'),
    run: (
      /** @type {Way} */ way,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
    ) => way.load(env, place, slot),
  },
  clearSecret: {
    access: /** @type {const} */ ('removeItem'),
    run: (
      /** @type {Way} */ way,
      /** @type {Environment} */ env,
      /** @type {Place} */ place,
      /** @type {string} */ slot,
    ) => way.clear(env, place, slot),
  },
};

const ignore = () => {};

/**
 * @param {object} options
 * @param {any} options.Promise  the promise class of the library
 * @param {import('./channel.js').Channel} options.channel
 * @param {() => Promise<import('./settings.js').Settings>} options.confirmedSettings
 * @param {import('./calls.js').Calls} options.calls
 * @param {import('./faults.js').Faults} options.meetFault
 */
export function createSecrets({
  Promise: LibraryPromise,
  channel,
  confirmedSettings,
  calls,
  meetFault,
}) {
  let turn = Promise.resolve();

  /**
   * What must be known before a call can start, in the order of the calls.
   *
   * @param {string} text  MEMBER:KEY
   * @param {'setItem' | 'getItem' | 'removeItem'} access
   * @returns {Promise<[string, Way]>}
   */
  function prepare(text, access) {
    const known = confirmedSettings().then(
      (found) => {
        if (window.origin === 'null') {
          touch(access); // a page without storage hears of that, whatever the host says of it
        }
        return found;
      },
      (error) => {
        touch(access); // also where the host cannot be asked
        throw error;
      },
    );
    const ready = Promise.all([slotOf(text), known]);
    const mine = turn.then(() => ready);
    turn = mine.then(ignore, ignore);
    return mine.then(([slot, { fidelity }]) => [slot, WAYS[fidelity]]);
  }

  /**
   * @param {Method} method
   * @param {any} t  whose context counts, and whose plugin data
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
    try {
      if (!t.isMemberSignedIn()) {
        watch.problem('signed-out');
        throw new Error('No active member in context.');
      }
      const { member } = t.getContext();
      text = `${member}:${key}`; // converts as the library does, and throws as it does
      place = { member: encodable(`${member}`), key: encodable(text.slice(`${member}:`.length)) };
    } catch (error) {
      watch.threw(error);
      throw error;
    }
    watch.started(place, method === 'storeSecret', data);
    const promise = promised(LibraryPromise, async () => {
      try {
        const [slot, way] = await prepare(text, access);
        await meetFault(method);
        const env = { channel, pluginData, keyMade: () => watch.keyMade() };
        const value = await run(way, env, place, slot, data);
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
