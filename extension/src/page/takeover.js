// SPDX-License-Identifier: MIT
// A page that runs Trello's own library inside a parent frame keeps it; only its secret calls are
// replaced by ours.
import { methodsOf } from './methods.js';
import { createEmulation } from './power-up.js';

const SECRET_CALLS = methodsOf('secret').map(
  ({ name }) => /** @type {import('./secrets.js').Method} */ (name),
);

/** Calls of t whose arguments may hold functions that are called with a new t. */
const TAKES_FUNCTIONS = ['popup', 'modal', 'updateModal', 'boardBar'];

/** @param {any} value @returns {boolean}  an object of names, such as a literal or a module */
function isPlain(value) {
  const prototype = value !== null && typeof value === 'object' && Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * @param {any} real  Trello's library; changed in place
 * @param {import('./channel.js').Channel} channel
 * @param {import('./settings.js').SettingsHolder} settings
 */
export function takeOver(real, channel, settings) {
  const { secrets, createT, dataOf } = createEmulation(real.Promise, channel, settings);
  /** @type {WeakSet<object>} */
  const taken = new WeakSet();

  /** @param {any} t */
  function takeT(t) {
    if (!(t instanceof Object) || taken.has(t)) {
      return t;
    }
    taken.add(t);
    // Keys and items come from the host, whatever the parent frame stores for the real t.
    const ours = dataOf(createT({ getContext: () => t.getContext() }));
    for (const method of SECRET_CALLS) {
      t[method] = (/** @type {any[]} */ ...args) => secrets(method, t, ours, args[0], args[1]);
    }
    for (const method of TAKES_FUNCTIONS) {
      const original = t[method];
      if (typeof original === 'function') {
        t[method] = (/** @type {any[]} */ ...args) => original.apply(t, args.map(takeFunctions));
      }
    }
    return t;
  }

  /**
   * The same value with its functions called with a t that was taken over.
   *
   * @param {any} value
   * @returns {any}
   */
  function takeFunctions(value) {
    if (typeof value === 'function') {
      /**
       * @this {any}
       * @param {any} t
       * @param {any[]} rest
       */
      return function (t, ...rest) {
        return takeResult(value.call(this, takeT(t), ...rest));
      };
    }
    if (Array.isArray(value)) {
      return value.map(takeFunctions);
    }
    // Events, elements and dates are passed as they are.
    if (isPlain(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, takeFunctions(each)]),
      );
    }
    return value;
  }

  /** @param {any} result */
  function takeResult(result) {
    return typeof result?.then === 'function' ? result.then(takeFunctions) : takeFunctions(result);
  }

  const { iframe, initialize } = real;
  real.iframe = (/** @type {any[]} */ ...args) => {
    channel.started();
    return takeT(iframe.apply(real, args));
  };
  real.initialize = (/** @type {any} */ handlers, /** @type {any[]} */ ...rest) => {
    channel.started();
    return initialize.call(real, takeFunctions(handlers), ...rest);
  };
  return real;
}
