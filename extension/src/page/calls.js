// SPDX-License-Identifier: MIT
// Records a page's calls for the tester: calls with their outcomes, and problems, which are habits that
// may work here but cause trouble in Trello. Never a secret.

import { cut, NAME_MAX, TEXT_MAX } from '../recorded-call.js';
import { ownAddEventListener } from './own-globals.js';

/** What each problem means, and how to fix it. */
export const PROBLEMS = {
  'concurrent-first-stores':
    'Two secrets were stored at once for a member who had no key yet. In Trello all but the last are lost; await each storeSecret before the next.',
  'not-a-string':
    'A secret that is not a string was stored. Trello turns it into one (an object becomes "[object Object]"); store JSON.stringify(value).',
  'empty-secret':
    'An empty secret was stored. It loads as "", not as null; remove a secret with clearSecret.',
  'signed-out':
    'A secret call was made while nobody was signed in. It throws synchronously instead of rejecting; check t.isMemberSignedIn() first.',
  'unhandled-rejection':
    'A secret call was rejected, and the rejection was not handled. Add a catch that tells the user what to do.',
  'promise-as-value': 'The promise of a secret call was used as text. Await it and use its result.',
  'unknown-member': "The library's t has no such member.",
  'late-render':
    'The page passed its function to t.render after it had loaded. Trello posts one render after load, which such a page may miss; call t.render in a script that runs while the page loads.',
};

/** @typedef {keyof typeof PROBLEMS} Problem */

const now = performance.now.bind(performance);

/** Milliseconds, to a thousandth. @param {number} from */
const elapsed = (from) => Math.round(1000 * (now() - from)) / 1000;

/** The size of a value in plugin data: UTF-16 code units of its JSON text. @param {any} value */
function sizeOf(value) {
  const text = value === undefined ? undefined : JSON.stringify(value);
  return text === undefined ? {} : { size: text.length };
}

/** @param {any} error */
function described(error) {
  return error instanceof Object
    ? { name: cut(`${error.name}`, NAME_MAX), message: cut(`${error.message}`, TEXT_MAX) }
    : { name: typeof error, message: '' };
}

/** @param {import('./channel.js').Channel} channel */
export function createCalls(channel) {
  /** Promises of secret calls. @type {WeakMap<object, string>} */
  const promises = new WeakMap();
  /** What secret calls were rejected with. @type {WeakMap<object, string>} */
  const reasons = new WeakMap();
  /** Stores under way. @type {Set<{member: string, together: boolean}>} */
  const stores = new Set();
  /** Members for whom concurrent first stores were reported. @type {Set<string>} */
  const reportedFor = new Set();
  /** @type {Set<string>} */
  const unknownMembers = new Set();

  /**
   * @param {string} method
   * @param {object} detail
   */
  function add(method, detail) {
    channel.record({ method, detail });
  }

  /**
   * @param {string} method
   * @param {Problem} problem
   * @param {object} [detail]
   */
  function report(method, problem, detail = {}) {
    channel.record({ method, problem, detail: { advice: PROBLEMS[problem], ...detail } });
  }

  // bluebird's event carries the reason in `detail`, the browser's own carries it itself.
  ownAddEventListener('unhandledrejection', (/** @type {any} */ event) => {
    const reason = event.detail?.reason ?? event.reason;
    const method = reason instanceof Object ? reasons.get(reason) : undefined;
    if (method !== undefined) {
      reasons.delete(reason); // every promise that rejects with it has an event
      report(method, 'unhandled-rejection', { error: described(reason) });
    }
  });

  /**
   * Watches one secret call.
   *
   * @param {string} method
   */
  function watchSecret(method) {
    const from = now();
    /** @type {{member?: string, key?: string}} */
    let place = {};
    /** @type {{member: string, together: boolean} | undefined} */
    let store;

    /**
     * @param {string} outcome
     * @param {any} [error]
     */
    function ended(outcome, error) {
      if (store !== undefined) {
        stores.delete(store);
      }
      const failure = outcome === 'resolved' ? {} : { error: described(error) };
      add(method, { ...place, outcome, durationMs: elapsed(from), ...failure });
    }

    return {
      /** @param {Problem} problem */
      problem: (problem) => report(method, problem, place),
      /** @param {any} error */
      threw: (error) => ended('threw', error),
      /**
       * @param {{member: string, key: string}} ofCall
       * @param {boolean} storing
       * @param {any} data
       */
      started(ofCall, storing, data) {
        place = ofCall;
        if (!storing) {
          return;
        }
        if (typeof data !== 'string') {
          report(method, 'not-a-string', { ...place, type: typeof data });
        } else if (data === '') {
          report(method, 'empty-secret', place);
        }
        store = { member: ofCall.member, together: false };
        for (const other of stores) {
          if (other.member === store.member) {
            other.together = true;
            store.together = true;
          }
        }
        stores.add(store);
      },
      keyMade() {
        if (store?.together && !reportedFor.has(store.member)) {
          reportedFor.add(store.member);
          report(method, 'concurrent-first-stores', place);
        }
      },
      resolved: () => ended('resolved'),
      /** @param {any} error */
      rejected(error) {
        if (error instanceof Object) {
          reasons.set(error, method);
        }
        ended('rejected', error);
      },
      /** @param {object} promise */
      promised: (promise) => promises.set(promise, method),
    };
  }

  /**
   * Watches one call of plugin data.
   *
   * @param {'get' | 'getAll' | 'set' | 'remove'} method
   * @param {object} place  scope, visibility and names
   */
  function watchData(method, place) {
    const from = now();

    /** @param {object} outcome */
    const ended = (outcome) => add(method, { ...place, ...outcome, durationMs: elapsed(from) });
    return {
      /** @param {any} [value]  of which only the size is recorded */
      resolved: (value) => ended({ outcome: 'resolved', ...sizeOf(value) }),
      /** @param {any} error */
      threw: (error) => ended({ outcome: 'threw', error: described(error) }),
      /** @param {any} error */
      rejected: (error) => ended({ outcome: 'rejected', error: described(error) }),
    };
  }

  /**
   * Makes the promise class report when one of our promises is converted to text.
   *
   * @param {any} Promise
   */
  function watchConversions(Promise) {
    const { toString } = Promise.prototype;
    Object.defineProperty(Promise.prototype, 'toString', {
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(Promise.prototype, 'toString'),
      writable: true,
      /** @this {any} */
      value() {
        const method = promises.get(this);
        if (method !== undefined) {
          promises.delete(this);
          report(method, 'promise-as-value');
        }
        return toString.call(this);
      },
    });
  }

  /** @param {string} name */
  function unknownMember(name) {
    if (!unknownMembers.has(name)) {
      unknownMembers.add(name);
      report(name, 'unknown-member', { advice: `t.${name} does not exist in Trello's library.` });
    }
  }

  return {
    add,
    watchSecret,
    watchData,
    watchConversions,
    unknownMember,
    lateRender: () => report('render', 'late-render'),
  };
}

/** @typedef {ReturnType<typeof createCalls>} Calls */
