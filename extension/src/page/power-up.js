// SPDX-License-Identifier: MIT
// window.TrelloPowerUp for a page that has not loaded Trello's library, or cannot use it.
import Bluebird from 'bluebird/js/main/bluebird.js';
import defaults from '../../default-context.json' with { type: 'json' };
import { copier, createCallbackCache, relativeUrl } from './callbacks.js';
import { contextOf, readOpening } from './context.js';
import { createFaults } from './faults.js';
import { createHandlers } from './handlers.js';
import { createCalls } from './calls.js';
import { MESSAGE_ERRORS } from './message-errors.js';
import { METHODS } from './methods.js';
import { returnToken, restApiError } from './rest-api.js';
import { createRender } from './render.js';
import { createSecrets } from './secrets.js';
import { createTs } from './t.js';
import { createTrello } from './trello.js';

/**
 * Everything that a page's calls need, for one promise class.
 *
 * @param {any} Promise  the promise class of the library
 * @param {import('./channel.js').Channel} channel
 * @param {import('./settings.js').SettingsHolder} settings
 */
export function createEmulation(Promise, channel, settings) {
  const calls = createCalls(channel);
  const confirmedSettings = () => settings.confirmed();
  const callbackCache = createCallbackCache(Promise);
  const copy = copier(callbackCache.serialize);
  const applyFault = createFaults(channel, confirmedSettings);
  const secrets = createSecrets({ Promise, channel, confirmedSettings, calls, applyFault });
  const trello = createTrello({ Promise, channel, confirmedSettings, calls, applyFault });
  const { createT, dataOf, methods } = createTs({ Promise, trello, copy, secrets, calls });
  calls.watchConversions(Promise);
  return { calls, callbackCache, copy, secrets, createT, dataOf, methods };
}

/**
 * @param {import('./channel.js').Channel} channel
 * @param {import('./settings.js').SettingsHolder} settings
 */
export function createPowerUp(channel, settings) {
  const { calls, callbackCache, copy, createT, methods } = createEmulation(
    Bluebird,
    channel,
    settings,
  );
  const render = createRender(() => {
    calls.lateRender();
    return settings.current().fidelity === 'documented';
  });
  const defaultContext = () => contextOf(settings);
  const handlers = createHandlers({
    Promise: Bluebird,
    createT,
    copy,
    callbackCache,
    defaultContext,
  });
  channel.listen({ render: render.run, invoke: handlers.invoke });

  const powerUp = {
    version: defaults.version,
    Promise: Bluebird,
    PostMessageIO: MESSAGE_ERRORS,
    CallbackCache: callbackCache,
    restApiError,
    util: { relativeUrl },
    /** @type {any} */
    iframeConnector: undefined,
    /** @type {any} */
    indexConnector: undefined,

    /**
     * Starts a secondary page; a second call returns the object of the first.
     * @param {any} [options]
     */
    iframe(options) {
      if (powerUp.indexConnector !== undefined) {
        console.warn(
          'TrelloPowerUp.iframe is for secondary pages; this one has called TrelloPowerUp.initialize.',
        );
      }
      if (powerUp.iframeConnector === undefined) {
        const opening = readOpening(window.location.hash, options ?? {}, defaultContext);
        const first = { context: opening.context, secret: opening.secret };
        /** @type {any} */ (window).locale = opening.locale ?? 'en';
        powerUp.iframeConnector = createT({
          args: [first].concat(opening.args),
          options,
          secret: opening.secret,
          render: render.register,
        });
        channel.started();
        if (options?.appKey && options?.appName) {
          returnToken(options);
        }
      }
      return powerUp.iframeConnector;
    },

    /**
     * Starts the index connector; a second call returns the object of the first.
     * @param {Record<string, Function>} given  a function for each capability
     * @param {any} [options]
     */
    initialize(given, options) {
      if (powerUp.iframeConnector !== undefined) {
        console.warn(
          'TrelloPowerUp.initialize is for the index connector; this page has called TrelloPowerUp.iframe.',
        );
      }
      if (powerUp.indexConnector === undefined) {
        handlers.register(given, options);
        const t = createT({});
        powerUp.indexConnector = {
          handlers: given,
          options,
          NotHandled: MESSAGE_ERRORS.NotHandled,
        };
        for (const { name } of METHODS.filter(({ connector }) => connector)) {
          powerUp.indexConnector[name] = methods[name].bind(t);
        }
        channel.started(Object.keys(given ?? {}));
      } else {
        console.warn('TrelloPowerUp.initialize was called before; the first handlers are kept.');
      }
      return powerUp.indexConnector;
    },
  };
  return powerUp;
}
