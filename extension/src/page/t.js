// SPDX-License-Identifier: MIT
// The object t that a Power-Up's code uses.
import has from 'lodash/has.js';
import { authorize } from './authorize.js';
import { isMemberSignedIn } from './context.js';
import { localizing } from './localizer.js';
import { MESSAGE_ERRORS } from './message-errors.js';
import { METHODS, methodsOf } from './methods.js';
import { PluginData } from './plugin-data.js';
import { RestApi, restApiError } from './rest-api.js';
import { surfaces } from './surfaces.js';

const DATA = Symbol('plugin data');

const MODELS = ['board', 'card', 'organization'];

/** @type {Record<string, string>} */
const ESCAPES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#x60;',
};

/** Names that browsers, frameworks and test runners read from any object. */
const PROBED = /^(?:then|toJSON|constructor|nodeType|inspect|asymmetricMatch|length|[_$@].*)$/;

/**
 * @param {object} options
 * @param {any} options.Promise  the promise class of the library
 * @param {import('./trello.js').Trello} options.trello
 * @param {(value: any) => any} options.copy  for values that are passed to Trello
 * @param {ReturnType<typeof import('./secrets.js').createSecrets>} options.secrets
 * @param {import('./calls.js').Calls} options.calls
 */
export function createTs({ Promise, trello, copy, secrets, calls }) {
  /** The method of t that sends the next request, as calls are recorded under its name.
   * @type {string | undefined} */
  let called;
  /** Records calls of plugin data, unless they are the secret calls' own.
   * @type {import('./plugin-data.js').Watch | undefined} */
  let watch = calls.watchData;

  /**
   * Plugin data for the secret calls, which use the methods of t as the library does.
   *
   * @param {any} t
   */
  function dataOf(t) {
    /** @param {() => any} call */
    const unwatched = (call) => {
      watch = undefined;
      try {
        return call();
      } finally {
        watch = calls.watchData;
      }
    };
    return {
      get: (/** @type {any[]} */ ...args) => unwatched(() => t.get(...args)),
      set: (/** @type {any[]} */ ...args) => unwatched(() => t.set(...args)),
    };
  }

  /** @type {Record<string, (this: any, ...args: any[]) => any>} */
  const methods = {
    // Read again by every call, because pages may change it.
    getContext() {
      return this.args[0].context;
    },
    isMemberSignedIn() {
      return isMemberSignedIn(this.getContext());
    },
    memberCanWriteToModel(model) {
      if (!this.isMemberSignedIn()) {
        return false;
      }
      if (!MODELS.includes(model)) {
        throw new Error(`modelType must be one of: ${MODELS.join(', ')}`);
      }
      return this.getContext().permissions?.[model] === 'write';
    },
    arg(name, fallback) {
      const own = this.args[1];
      return typeof own === 'object' && has(own, name) ? own[name] : fallback;
    },
    signUrl(url, args) {
      const [base, ...hash] = `${url}`.split('#');
      if (hash.length > 0) {
        console.warn('t.signUrl cuts off the hash that the URL had.');
      }
      const { locale } = /** @type {any} */ (window);
      const opening = { secret: this.secret, context: this.getContext(), locale, args };
      return `${base}#${encodeURIComponent(JSON.stringify(opening))}`;
    },
    safe(text) {
      return String(text ?? '').replace(/[&<>"'`]/g, (character) => ESCAPES[character]);
    },

    request(command, ...args) {
      return trello.request(command, args, called);
    },
    requestWithContext(command, params = {}) {
      params.context = typeof this.getContext === 'function' ? this.getContext() : {};
      return this.request(command, copy(params));
    },

    storeSecret(key, data) {
      return secrets('storeSecret', this, dataOf(this), key, data);
    },
    loadSecret(key) {
      return secrets('loadSecret', this, dataOf(this), key);
    },
    clearSecret(key) {
      return secrets('clearSecret', this, dataOf(this), key);
    },

    get(scope, visibility, key, fallback) {
      return this[DATA].get(scope, visibility, key, fallback, watch);
    },
    set(scope, visibility, key, value) {
      return this[DATA].set(scope, visibility, key, value, watch);
    },
    remove(scope, visibility, key) {
      return this[DATA].remove(scope, visibility, key, watch);
    },
    getAll() {
      return this[DATA].getAll(watch);
    },

    requestToken(options) {
      if (!this.isMemberSignedIn()) {
        throw new Error('No active member in context.');
      }
      return this.requestWithContext('request-token', options);
    },
    jwt({ state, card } = {}) {
      return this.isMemberSignedIn()
        ? this.requestWithContext('jwt', { state, includeCard: card })
        : Promise.reject(new Error('No active member in context.'));
    },
    authorizationCodeExchange(options) {
      return this.requestWithContext('authorizationCodeExchange', options);
    },
    refreshTokens() {
      return this.requestWithContext('refreshTokens');
    },
    getRestApi() {
      const { options = {} } = this;
      if (!options.appKey || !options.appName) {
        throw new restApiError.ApiNotConfiguredError(
          'To use the API helper, make sure you specify appKey and appName when you call TrelloPowerUp.iframe or TrelloPowerUp.initialize.',
        );
      }
      return new RestApi(Promise, this, options);
    },
    authorize(address, options) {
      return authorize(Promise, address, options);
    },
    notifyParent(message, options = {}) {
      window.parent.postMessage(message, options.targetOrigin || '*');
    },
    subscribeToThemeChanges() {
      return () => {}; // the theme never changes here
    },
    ...surfaces(Promise),
    ...localizing,
  };
  for (const { name, command } of methodsOf('read')) {
    methods[name] = function (...fields) {
      return this.requestWithContext(command, { fields });
    };
  }
  for (const { name } of METHODS.filter(({ command }) => command !== undefined)) {
    const method = methods[name];
    methods[name] = function (...args) {
      called = name;
      try {
        return method.apply(this, args);
      } finally {
        called = undefined;
      }
    };
  }
  for (const { name, reason } of methodsOf('missing')) {
    methods[name] = () =>
      Promise.reject(new Error(`powerup-secrets does not emulate t.${name}: ${reason}.`));
  }

  /**
   * Creates a t that has some members in addition to the common ones.
   *
   * @param {Record<string, any>} own
   * @returns {any}
   */
  function createT(own) {
    const t = Object.create({ ...methods, NotHandled: MESSAGE_ERRORS.NotHandled }, {});
    Object.assign(t, own);
    const known = new Proxy(t, {
      get(target, name, receiver) {
        if (!(name in target) && typeof name === 'string' && !PROBED.test(name)) {
          calls.unknownMember(name);
        }
        return Reflect.get(target, name, receiver);
      },
    });
    Object.defineProperty(t, DATA, {
      value: new PluginData({
        t: known,
        write: (params, base) => {
          const context = typeof known.getContext === 'function' ? known.getContext() : {};
          return trello.set({ ...params, context }, base);
        },
      }),
    });
    return known;
  }

  return { createT, dataOf, methods };
}
