// SPDX-License-Identifier: MIT
// window.TrelloPowerUp for a page that has not loaded Trello's library.
import Bluebird from 'bluebird/js/main/bluebird.js';
import has from 'lodash/has.js';
import { isMemberSignedIn, readOpening } from './context.js';
import { createSecrets } from './secrets.js';

/** The version of Trello's library whose behaviour this is. */
const LIBRARY_VERSION = '1.25.1';

/**
 * What is the same in every `t`, whatever opened it.
 *
 * @param {any[]} args  args[0] holds the context
 * @param {ReturnType<typeof import('./channel.js').openChannel>} call
 */
function createT(args, call) {
  const t = {
    args,
    // Read anew by every call: pages may change it.
    getContext: () => t.args[0].context,
    isMemberSignedIn: () => isMemberSignedIn(t.getContext()),
    /**
     * @param {string} name
     * @param {any} fallback
     */
    arg(name, fallback) {
      const own = t.args[1];
      return typeof own === 'object' && has(own, name) ? own[name] : fallback;
    },
    ...createSecrets({
      Promise: Bluebird,
      call,
      getContext: () => t.getContext(),
      isMemberSignedIn,
    }),
  };
  return t;
}

/**
 * @param {ReturnType<typeof import('./channel.js').openChannel>} call
 */
export function createPowerUp(call) {
  const powerUp = {
    version: LIBRARY_VERSION,
    Promise: Bluebird,
    /** @type {any} */
    iframeConnector: undefined,
    /** @type {any} */
    indexConnector: undefined,

    /**
     * Starts a secondary page; a second call gives the first one's object.
     * @param {any} [options]
     */
    iframe(options) {
      if (powerUp.iframeConnector === undefined) {
        const opening = readOpening(window.location.hash, options ?? {});
        const first = { context: opening.context, secret: opening.secret };
        /** @type {any} */ (window).locale = opening.locale ?? 'en';
        powerUp.iframeConnector = Object.assign(createT([first].concat(opening.args), call), {
          options,
          secret: opening.secret,
        });
      }
      return powerUp.iframeConnector;
    },

    /**
     * Starts the index connector; a second call gives the first one's object.
     * @param {Record<string, Function>} handlers
     * @param {any} [options]
     */
    initialize(handlers, options) {
      if (powerUp.indexConnector === undefined) {
        powerUp.indexConnector = { handlers, options };
      } else {
        console.warn('TrelloPowerUp.initialize was called before; the first handlers stay.');
      }
      return powerUp.indexConnector;
    },
  };
  return powerUp;
}
