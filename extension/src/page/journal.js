// SPDX-License-Identifier: MIT
// The record of what a page did, for the tester: calls with their outcomes, and problems, which are
// habits that work here or now and hurt in Trello. Never a secret.

/** What each problem means, and what to do about it. */
const PROBLEMS = {
  'concurrent-first-stores':
    'Two secrets were stored at once for a member who had no key yet. In Trello all but the last are lost; await each storeSecret before the next.',
  'not-a-string':
    'A secret that is not a string was stored. Trello turns it into one (an object becomes "[object Object]"); store JSON.stringify(value).',
  'empty-secret':
    'An empty secret was stored. It loads as "", not as null; forget a secret with clearSecret.',
  'signed-out':
    'A secret call was made while nobody is signed in. It throws at once, it does not reject; ask t.isMemberSignedIn() first.',
  'unhandled-rejection':
    'A secret call was rejected and nobody handled it. Add a catch that tells the user what to do.',
  'promise-as-value':
    'The promise of a secret call was used as text. Await it, and use what it resolves to.',
  'unknown-member': "The library's t has no such member.",
};

/** @typedef {keyof typeof PROBLEMS} Problem */

const now = performance.now.bind(performance);

/** @param {any} error */
function described(error) {
  return error instanceof Object
    ? { name: `${error.name}`, message: `${error.message}` }
    : { name: typeof error, message: '' };
}

/** How deep what a page gave may be nested to be recorded as it is. */
const DEPTH_MAX = 16;

/**
 * @param {any} value
 * @param {number} [depth]
 * @returns {boolean}  whether the host can keep it as an object
 */
function isPlain(value, depth = 0) {
  if (value === null || typeof value !== 'object') {
    return typeof value !== 'bigint';
  }
  return (
    depth < DEPTH_MAX &&
    Object.keys(value).every((name) => !name.includes('\0') && isPlain(value[name], depth + 1))
  );
}

/**
 * What a page gave to a call, in a form that can be kept: as it is, or else as text.
 *
 * @param {any} value
 */
export function recordable(value) {
  if (isPlain(value)) {
    return value;
  }
  try {
    return { text: JSON.stringify(value) };
  } catch (error) {
    return { text: `not recorded: ${/** @type {Error} */ (error).message}` };
  }
}

/** @param {import('./channel.js').Channel} channel */
export function createJournal(channel) {
  /** Promises of secret calls. @type {WeakMap<object, string>} */
  const promises = new WeakMap();
  /** What secret calls were rejected with. @type {WeakMap<object, string>} */
  const reasons = new WeakMap();
  /** Stores under way. @type {Set<{member: string, together: boolean}>} */
  const stores = new Set();
  /** Members for whom it was said. @type {Set<string>} */
  const togetherFor = new Set();
  /** @type {Set<string>} */
  const unknownMembers = new Set();

  /**
   * @param {string} method
   * @param {object} detail
   */
  function call(method, detail) {
    channel.note({ method, detail });
  }

  /**
   * @param {string} method
   * @param {Problem} problem
   * @param {object} [detail]
   */
  function report(method, problem, detail = {}) {
    channel.note({ method, problem, detail: { advice: PROBLEMS[problem], ...detail } });
  }

  // bluebird's event carries the reason in `detail`, the browser's own carries it itself.
  window.addEventListener('unhandledrejection', (/** @type {any} */ event) => {
    const reason = event.detail?.reason ?? event.reason;
    const method = reason instanceof Object ? reasons.get(reason) : undefined;
    if (method !== undefined) {
      reasons.delete(reason); // each promise that leads to it is told of
      report(method, 'unhandled-rejection', { error: described(reason) });
    }
  });

  /**
   * Follows one secret call.
   *
   * @param {string} method
   */
  function watchSecret(method) {
    const from = now();
    /** @type {{member?: string, key?: string}} */
    let whose = {};
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
      const durationMs = Math.round(1000 * (now() - from)) / 1000;
      const failure = outcome === 'resolved' ? {} : { error: described(error) };
      call(method, { ...whose, outcome, durationMs, ...failure });
    }

    return {
      /** @param {Problem} problem */
      problem: (problem) => report(method, problem, whose),
      /** @param {any} error */
      threw: (error) => ended('threw', error),
      /**
       * @param {{member: string, key: string}} place
       * @param {boolean} storing
       * @param {any} data
       */
      started(place, storing, data) {
        whose = place;
        if (!storing) {
          return;
        }
        if (typeof data !== 'string') {
          report(method, 'not-a-string', { ...whose, type: typeof data });
        } else if (data === '') {
          report(method, 'empty-secret', whose);
        }
        store = { member: place.member, together: false };
        for (const other of stores) {
          if (other.member === store.member) {
            other.together = true;
            store.together = true;
          }
        }
        stores.add(store);
      },
      keyMade() {
        if (store?.together && !togetherFor.has(store.member)) {
          togetherFor.add(store.member);
          report(method, 'concurrent-first-stores', whose);
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
   * Makes the promise class tell when one of our promises is turned into text.
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

  return { call, watchSecret, watchConversions, unknownMember };
}

/** @typedef {ReturnType<typeof createJournal>} Journal */
