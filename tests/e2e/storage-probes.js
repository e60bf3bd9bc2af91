// SPDX-License-Identifier: MIT
// What a page can do with a full localStorage. All of this runs in the page.

/**
 * Does what each probe does, in the same state each time, and says what came of it.
 *
 * @param {string} filling  the name of the entry that fills the storage, which may differ
 * @returns {Record<string, any>}  by probe
 */
export function probeStorage(filling) {
  const { localStorage } = window;
  const storages = /** @type {any} */ (localStorage);
  const { setItem } = Storage.prototype;

  /** @param {string} type */
  function storageAvailable(type) {
    // As MDN has it.
    let storage;
    try {
      storage = /** @type {any} */ (window)[type];
      storage.setItem('__storage_test__', '__storage_test__');
      storage.removeItem('__storage_test__');
      return true;
    } catch (error) {
      return (
        error instanceof DOMException &&
        error.name === 'QuotaExceededError' &&
        storage &&
        storage.length !== 0
      );
    }
  }

  /** @param {(original: Function) => void} wrap */
  function withWrapper(wrap) {
    let calls = 0;
    /** @this {Storage} @param {[string, string]} args */
    Storage.prototype.setItem = function (...args) {
      calls++;
      return setItem.apply(this, args);
    };
    try {
      wrap(setItem);
    } catch (error) {
      return [calls, /** @type {Error} */ (error).message];
    } finally {
      Storage.prototype.setItem = setItem;
    }
    return [calls];
  }

  /** @type {Record<string, () => any>} */
  const probes = {
    setItem: () => localStorage.setItem('k', 'v'),
    'setItem, name alone': () => localStorage.setItem('k', ''),
    'setItem, nothing at all': () => localStorage.setItem('', ''),
    'setItem, one argument': () => /** @type {any} */ (localStorage).setItem('k'),
    'setItem, unconvertible': () => localStorage.setItem('k', /** @type {any} */ (Symbol('v'))),
    'setItem by call': () => setItem.call(localStorage, 'k', 'v'),
    'setItem of something else': () => setItem.call({}, 'k', 'v'),
    bracket: () => (localStorage['k'] = 'v'),
    named: () => (localStorage.k = 'v'),
    symbol: () => (storages[Symbol.for('k')] = 'v') && delete storages[Symbol.for('k')],
    'Reflect.set': () => Reflect.set(localStorage, 'k', 'v'),
    'Object.assign': () => Object.assign(localStorage, { k: 'v' }),
    'Object.defineProperty': () => Object.defineProperty(localStorage, 'k', { value: 'v' }) && 1,
    'Reflect.defineProperty': () => Reflect.defineProperty(localStorage, 'k', { value: 'v' }),
    'a shorter value': () => localStorage.setItem('own', 'v'),
    'a shorter value, then what fits': () => {
      localStorage.setItem('own', 'v');
      localStorage.setItem('k', 'val');
    },
    'a shorter value, then what does not': () => {
      localStorage.setItem('own', 'v');
      localStorage.setItem('k', 'valu');
    },
    'an entry of equal length': () => localStorage.setItem('own', 'VALUE'),
    'an entry of equal length, named': () => (localStorage.own = 'VALUE'),
    'a longer entry': () => localStorage.setItem('own', 'value!'),
    'a longer entry, named': () => (localStorage.own = 'value!'),
    'beyond ASCII': () => localStorage.setItem('own', 'välüé'),
    'removeItem, then as much': () => {
      localStorage.removeItem('own');
      localStorage.setItem('new', 'value');
    },
    'removeItem, then more': () => {
      localStorage.removeItem('own');
      localStorage.setItem('new', 'value!');
    },
    'delete, then as much': () => delete localStorage.own && (localStorage.new = 'value'),
    'clear, then any': () => {
      localStorage.clear();
      localStorage.setItem('k', 'v'.repeat(5_000_000));
    },
    'for in': () => {
      const names = [];
      for (const name in localStorage) {
        names.push(name);
      }
      return names.sort();
    },
    keys: () => Object.keys(localStorage).sort(),
    lengths: () =>
      Object.entries(localStorage)
        .map(([name, value]) => [name, value.length].join())
        .sort(),
    length: () => localStorage.length,
    'key()': () => [0, 1, 2].map((i) => localStorage.key(i)).sort(),
    'own names': () => Reflect.ownKeys(localStorage).sort(),
    'a descriptor': () => Object.getOwnPropertyDescriptor(localStorage, 'own'),
    'has and in': () => [
      'own' in localStorage,
      Object.hasOwn(localStorage, 'k'),
      'key' in localStorage,
    ],
    'MDN’s storageAvailable': () => storageAvailable('localStorage'),
    'the same of sessionStorage': () => storageAvailable('sessionStorage'),
    'getItem by call': () => Storage.prototype.getItem.call(localStorage, 'own'),
    'a StorageEvent': () =>
      new StorageEvent('storage', { storageArea: localStorage }).storageArea === localStorage,
    'a wrapped setItem': () => withWrapper(() => localStorage.setItem('k', 'v')),
    'a wrapped setItem, of what fits': () => withWrapper(() => localStorage.setItem('own', 'v')),
    'a wrapped setItem, named write': () => withWrapper(() => (localStorage.k = 'v')),
    prototype: () => Object.getPrototypeOf(localStorage) === Storage.prototype,
    'instanceof, constructor': () => [
      localStorage instanceof Storage,
      localStorage.constructor.name,
    ],
    texts: () => [String(localStorage), Object.prototype.toString.call(localStorage)],
    'methods are the prototype’s': () =>
      ['setItem', 'getItem', 'removeItem', 'clear', 'key'].map(
        (name) => storages[name] === /** @type {any} */ (Storage.prototype)[name],
      ),
    'identity, extensibility': () => [
      window.localStorage === localStorage,
      window.localStorage !== window.sessionStorage,
      Object.isExtensible(localStorage),
    ],
    structuredClone: () => structuredClone(localStorage),
    'the accessor': () => {
      const { get, set, ...rest } = /** @type {PropertyDescriptor} */ (
        Object.getOwnPropertyDescriptor(window, 'localStorage')
      );
      return [get?.name, String(get), set === undefined, rest];
    },
    'Object.freeze': () => Object.freeze(localStorage),
    // The last one, because Chromium keeps it beside the entries.
    'named like a method': () => (storages.setItem = 'v'),
  };

  const before = Object.entries(localStorage);
  /** @param {string} text */
  const named = (text) => text.replaceAll(filling, 'FILLING');
  /** @type {Record<string, any>} */
  const outcomes = {};
  for (const [name, probe] of Object.entries(probes)) {
    /** @type {any} */
    const outcome = {};
    try {
      outcome.returned = probe();
    } catch (error) {
      const { constructor, name: ofError, message, code } = /** @type {DOMException} */ (error);
      outcome.error = [constructor.name, ofError, message, code, error instanceof DOMException];
    }
    outcome.then = Object.entries(localStorage)
      .map(([entry, value]) => `${entry}=${value.length > 99 ? value.length : value}`)
      .sort();
    outcomes[name] = JSON.parse(named(JSON.stringify(outcome)));
    localStorage.clear();
    before.forEach(([entry, value]) => setItem.call(localStorage, entry, value));
  }
  return outcomes;
}

/**
 * Makes secret calls in a full localStorage that holds a secret under 'token'.
 *
 * @returns {Promise<any[]>}  what came of each
 */
export async function probeSecrets() {
  const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
  const outcomes = [];
  for (const [method, ...args] of [
    ['loadSecret', 'token'],
    ['storeSecret', 'token', 'SECRET'],
    ['storeSecret', 'token', 'a secret that is longer than the one before'],
    ['storeSecret', 'other', 's'],
    ['loadSecret', 'token'],
    ['loadSecret', 'other'],
    ['clearSecret', 'token'],
    ['storeSecret', 'other', 'a secret that is longer than the one before'],
    ['storeSecret', 'other', 's'],
    ['loadSecret', 'other'],
  ]) {
    /** @type {any} */
    let outcome;
    try {
      const resolved = await t[method](...args);
      outcome = resolved?.key ? [resolved.key, resolved.value.length] : { resolved };
    } catch (error) {
      const { constructor, name, message, code } = /** @type {DOMException} */ (error);
      outcome = [constructor.name, name, message, code, 'isOperational' in Object(error)];
    }
    outcomes.push([method, ...args, outcome]);
  }
  return outcomes;
}
