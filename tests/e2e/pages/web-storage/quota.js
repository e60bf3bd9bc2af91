// SPDX-License-Identifier: MIT
// A storage that is full, and writes that have no room.
import { outcomeOf } from './describe.js';

/** What browsers give an origin, in UTF-16 units of names and values. */
const QUOTA = 5_242_880;

/** An entry and another, which takes all room that is left. */
function fill(storage) {
  storage.setItem('own', 'value');
  storage.setItem('filling', '0'.repeat(QUOTA - 'ownvaluefilling'.length));
}

const all = (storage) => Object.entries(storage).map(([name, { length }]) => `${name} ${length}`);

/** Writes for which there is no room. */
const REFUSED = {
  setItem: (storage) => storage.setItem('k', 'v'),
  'of no value': (storage) => storage.setItem('k', ''),
  assignment: (storage) => (storage.k = 'v'),
  'of a number': (storage) => (storage[0] = 'v'),
  defineProperty: (storage) => Object.defineProperty(storage, 'k', { value: 'v' }),
  'Reflect.set': (storage) => Reflect.set(storage, 'k', 'v'),
  'Object.assign': (storage) => Object.assign(storage, { own: 'v', k: 'too much' }),
  'a longer value': (storage) => storage.setItem('own', 'value!'),
  'a longer value, assigned': (storage) => (storage.own = 'value!'),
};

/** @type {Record<string, (storage: Storage) => unknown>} */
export const QUOTAS = {
  'the quota, and one unit more': (storage) => [
    outcomeOf(() => storage.setItem('k', 'x'.repeat(QUOTA))),
    storage.length,
    outcomeOf(() => storage.setItem('k', 'x'.repeat(QUOTA - 1))),
    storage.k?.length,
    outcomeOf(() => storage.setItem('k', '\u20ac'.repeat(QUOTA - 1))),
    storage.k?.[0],
  ],
  'what has no room is refused and changes nothing': (storage) => {
    fill(storage);
    return Object.entries(REFUSED).map(([name, act]) => [
      name,
      outcomeOf(() => act(storage)),
      all(storage).sort(),
    ]);
  },
  'what the error is': (storage) => {
    fill(storage);
    try {
      storage.setItem('k', 'v');
    } catch (error) {
      const { code, quota, requested } = error;
      return [
        error,
        [code, quota, requested, Object.keys(error), Object.hasOwn(error, 'message')],
        [error instanceof Error, error instanceof DOMException, code === error.QUOTA_EXCEEDED_ERR],
        [String(error), Object.prototype.toString.call(error)],
      ];
    }
    return 'no error';
  },
  'room that is made can be used': (storage) => {
    fill(storage);
    storage.setItem('own', 'v');
    const seen = [outcomeOf(() => storage.setItem('k', 'wxy')), outcomeOf(() => (storage.l = ''))];
    storage.removeItem('filling');
    seen.push(outcomeOf(() => storage.setItem('again', '0'.repeat(1_000_000))));
    storage.clear();
    return [...seen, outcomeOf(() => storage.setItem('again', '0'.repeat(QUOTA - 5)))];
  },
};
