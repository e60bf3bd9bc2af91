// SPDX-License-Identifier: MIT
// Functions that a Power-Up passes to Trello: Trello gets a name for each and calls it by that name.

/** How long a function waits to be called or retained, and how often that is checked. */
const WAITS_MS = 120_000;
const SWEEP_MS = 30_000;

/** Resolves a URL that starts with "./" against the page's directory. @param {string} path */
export function relativeUrl(path) {
  return new URL(path, window.location.href.replace(/[?#].*$/s, '')).href;
}

/**
 * @param {any} Promise  the promise class of the library
 */
export function createCallbackCache(Promise) {
  /** @type {Map<string, {run: Function, until: number}>} */
  const waiting = new Map();
  /** @type {Map<string, Function>} */
  const retained = new Map();
  let last = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let sweep;

  /** @param {Function} run */
  function serialize(run) {
    const id = `cb${++last}`;
    waiting.set(id, { run, until: Date.now() + WAITS_MS });
    sweep ??= setInterval(() => {
      for (const [name, { until }] of waiting) {
        if (until < Date.now()) {
          waiting.delete(name);
        }
      }
    }, SWEEP_MS);
    return { _callback: id };
  }

  /** @param {string} id */
  function retain(id) {
    const found = waiting.get(id);
    if (found !== undefined) {
      waiting.delete(id);
      retained.set(id, found.run);
    }
    return found !== undefined;
  }

  /**
   * Answers Trello's `callback` request.
   *
   * @param {any} t
   * @param {{callback: string, action: string, options: any}} request
   * @param {(value: any) => any} copy
   */
  function callback(t, { callback: id, action, options }, copy) {
    return Promise.try(() => {
      switch (action) {
        case 'run':
          if (!retained.has(id) && !retain(id)) {
            throw t.NotHandled('callback does not exist or was not retained');
          }
          return /** @type {Function} */ (retained.get(id)).call(null, t, options);
        case 'retain':
          if (!retain(id)) {
            throw t.NotHandled('callback can no longer be retained');
          }
          return id;
        case 'release':
          retained.delete(id);
          waiting.delete(id);
          return null;
        default:
          throw t.NotHandled('unknown callback action');
      }
    }).then(copy);
  }

  function reset() {
    last = 0;
    waiting.clear();
    retained.clear();
  }

  return { callback, serialize, reset };
}

/**
 * Copies what a Power-Up passes to Trello: arrays and objects with their own properties, functions as
 * names to call them by, and relative URLs made absolute.
 *
 * @param {(run: Function) => {_callback: string}} serialize
 */
export function copier(serialize) {
  /**
   * @param {any} value
   * @param {string} [name]
   * @returns {any}
   */
  function copy(value, name) {
    if (!value) {
      return value;
    }
    if (typeof value === 'string') {
      return (name === 'url' || name === 'icon') && value.startsWith('./')
        ? relativeUrl(value)
        : value;
    }
    if (typeof value === 'function') {
      return serialize(value);
    }
    if (typeof value !== 'object') {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((each) => copy(each));
    }
    return Object.fromEntries(Object.keys(value).map((each) => [each, copy(value[each], each)]));
  }
  return (/** @type {any} */ value) => copy(value);
}
