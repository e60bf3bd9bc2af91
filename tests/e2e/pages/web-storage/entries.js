// SPDX-License-Identifier: MIT
// Methods, names and values of one storage, which is empty before each.
import { outcomeOf } from './describe.js';

const NAMES = ['', ' ', '0', '-1', '1.5', '4294967296', 'a', 'B', 'ä', 'undefined', 'null'];
const LONE = '\ud800';

const descriptorOf = (storage, name) => Object.getOwnPropertyDescriptor(storage, name);

/** Everything that can be converted, and not. */
const VALUES = [
  ...[undefined, null, true, 0, -0, 1.5, NaN, 10n, '', 'x\0y', LONE, '\u{1f511}', [], [1, [2]], {}],
  ...[Symbol('s'), () => 1, Object.create(null), { toString: () => 'text', valueOf: () => 1 }],
  {
    toString() {
      throw new RangeError('of the page');
    },
  },
];

/** All ways to list the names of a storage. */
function listings(storage) {
  const inLoop = [];
  for (const name in storage) {
    if (Object.hasOwn(storage, name)) {
      inLoop.push(name);
    }
  }
  return {
    inLoop,
    keys: Object.keys(storage),
    names: Object.getOwnPropertyNames(storage),
    all: Reflect.ownKeys(storage).map(String),
    byKey: Array.from({ length: storage.length }, (_, at) => storage.key(at)),
    entries: Object.entries(storage).map(([name]) => name),
    spread: Object.keys({ ...storage }),
  };
}

/** @type {Record<string, (storage: Storage) => unknown>} */
export const ENTRIES = {
  'an empty storage': (storage) => [
    storage.length,
    storage.key(0),
    storage.getItem('k'),
    storage.k,
    'k' in storage,
    listings(storage),
    storage.removeItem('k'),
    storage.clear(),
  ],
  'too few arguments': (storage) =>
    ['getItem', 'setItem', 'removeItem', 'key'].map((name) => [
      outcomeOf(() => storage[name]()),
      outcomeOf(() => storage[name]('k')),
    ]),
  'names are converted': (storage) =>
    VALUES.map((name) => [
      outcomeOf(() => storage.setItem(name, 'v')),
      outcomeOf(() => storage.getItem(name)),
      outcomeOf(() => storage.removeItem(name)),
    ]),
  'values are converted by setItem': (storage) =>
    VALUES.map((value) => outcomeOf(() => storage.setItem('k', value) ?? storage.getItem('k'))),
  'values are converted by assignment': (storage) =>
    VALUES.map((value) => outcomeOf(() => [(storage.k = value) === value, storage.k])),
  'every unit of a text is kept': (storage) => {
    let text = '';
    for (let unit = 0; unit < 0x10000; unit += 7) {
      text += String.fromCharCode(unit);
    }
    storage.setItem(text, text);
    return [storage.getItem(text) === text, storage.key(0) === text];
  },
  'key of any number': (storage) => {
    storage.setItem('k', 'v');
    return [0, -0, 0.9, -1, 1, NaN, '0', null, undefined, 2 ** 32, -(2 ** 32), 1e99, {}].map((at) =>
      storage.key(at),
    );
  },
  'names of every sort': (storage) => {
    NAMES.forEach((name, at) => storage.setItem(name, `${at}`));
    return [
      storage.length,
      listings(storage),
      NAMES.map((name) => [storage[name], storage.getItem(name), name in storage]),
    ];
  },
  'all ways to list names agree, also after changes': (storage) => {
    const seen = [];
    for (const act of [
      () => NAMES.forEach((name) => (storage[name] = name)),
      () => storage.removeItem('a'),
      () => storage.setItem('a', 'again'),
      () => storage.setItem('B', 'other'),
      () => delete storage['0'],
    ]) {
      act();
      const { byKey, ...others } = listings(storage);
      const sorted = (names) => names.toSorted().join('|');
      seen.push(storage.length, sorted(byKey));
      seen.push(Object.values(others).map((names) => sorted(names) === sorted(byKey)));
    }
    return seen;
  },
  'a loop in which names come and go': (storage) => {
    ['a', 'b', 'c'].forEach((name) => storage.setItem(name, name));
    const seen = [];
    for (const name in storage) {
      seen.push(name);
      storage.removeItem('c');
      storage.setItem(`of ${seen.length % 3}`, 'new');
    }
    return seen;
  },
  'numbers as names': (storage) => {
    storage[0] = 'zero';
    storage[-1] = 'minus one';
    storage[2 ** 32] = 'large';
    storage['01'] = 'text';
    return [storage['0'], storage[0], storage.getItem(0), storage['-1'], 0 in storage].concat([
      descriptorOf(storage, 0),
      delete storage[0],
      storage[0],
      listings(storage),
    ]);
  },
  'symbols are beside the entries': (storage) => {
    const symbol = Symbol('of the page');
    storage[symbol] = { kept: true };
    const seen = [storage[symbol], storage.length, listings(storage), symbol in storage];
    return [...seen, descriptorOf(storage, symbol), delete storage[symbol], storage[symbol]];
  },
  'descriptor, in, hasOwn': (storage) => {
    storage.setItem('k', 'v');
    return ['k', 'none', 'getItem', 'length', 'toString', '__proto__'].map((name) => [
      name,
      descriptorOf(storage, name),
      name in storage,
      Object.hasOwn(storage, name),
      Object.prototype.propertyIsEnumerable.call(storage, name),
    ]);
  },
  'defineProperty with a value stores it': (storage) => [
    outcomeOf(() => Object.defineProperty(storage, 'k', { value: 1 }) === storage),
    outcomeOf(() => Reflect.defineProperty(storage, 'l', { value: 'v', writable: false })),
    descriptorOf(storage, 'k'),
    descriptorOf(storage, 'l'),
    outcomeOf(() => Object.defineProperties(storage, { m: { value: 'm' }, n: { value: 'n' } }).n),
  ],
  'defineProperty of something else': (storage) => [
    outcomeOf(() => Object.defineProperty(storage, 'k', { get: () => 'v' })),
    outcomeOf(() => Reflect.defineProperty(storage, 'k', { set() {} })),
    outcomeOf(() => Object.defineProperty(storage, 'l', {})),
    outcomeOf(() => Object.defineProperty(storage, 'm', { value: Symbol('v') })),
    storage.k,
    storage.l,
  ],
  'a storage cannot be frozen, sealed or closed': (storage) => {
    storage.setItem('k', 'v');
    return [
      outcomeOf(() => Object.freeze(storage)),
      outcomeOf(() => Object.seal(storage)),
      outcomeOf(() => Reflect.preventExtensions(storage)),
      Object.isExtensible(storage),
      storage.k,
    ];
  },
  'delete removes an entry, and is true without one': (storage) => {
    storage.setItem('k', 'v');
    return [
      new Function('storage', "'use strict'; return delete storage.k")(storage),
      new Function('storage', "'use strict'; return delete storage.none")(storage),
      Reflect.deleteProperty(storage, 'none'),
      delete storage.getItem,
      typeof storage.getItem,
      storage.length,
    ];
  },
  'an entry named as a member is behind it': (storage) =>
    ['length', 'key', 'clear', 'constructor', 'toString', '__proto__'].map((name) => {
      storage.setItem(name, 'entry');
      return [
        typeof storage[name],
        storage[name] === 'entry',
        storage.getItem(name),
        descriptorOf(storage, name),
        Object.keys(storage),
        outcomeOf(() => delete storage[name]),
        storage.getItem(name),
        storage.removeItem(name),
      ];
    }),
  'an assignment to the name of a member': (storage) =>
    ['length', 'clear', 'toString'].map((name) => [
      outcomeOf(() => (storage[name] = 'assigned')),
      storage.getItem(name),
      typeof storage[name],
      typeof Storage.prototype.clear,
      outcomeOf(() => delete storage[name]),
      Storage.prototype.clear.call(storage),
      typeof storage[name],
    ]),
  'accessors and values on the prototype': (storage) => {
    const seen = [];
    Object.defineProperty(Storage.prototype, 'inherited', {
      configurable: true,
      get: () => 'got',
      set: (value) => void seen.push(value),
    });
    Storage.prototype.plain = 'of the prototype';
    try {
      storage.inherited = 'set';
      storage.setItem('plain', 'stored');
      seen.push(storage.inherited, storage.getItem('inherited'), storage.plain);
      seen.push(storage.getItem('plain'), Object.keys(storage).sort());
    } finally {
      delete Storage.prototype.inherited;
      delete Storage.prototype.plain;
    }
    return [...seen, storage.inherited, storage.plain];
  },
  'an object that inherits from a storage': (storage) => {
    storage.setItem('k', 'v');
    const heir = Object.create(storage);
    const seen = [heir.k, 'k' in heir, Object.hasOwn(heir, 'k')];
    seen.push(
      outcomeOf(() => (heir.k = 'own')),
      heir.k,
      storage.k,
    );
    seen.push(
      outcomeOf(() => (heir.l = 'own')),
      storage.getItem('l'),
      Object.keys(heir),
    );
    return [...seen, outcomeOf(() => heir.getItem('k')), outcomeOf(() => heir.length)];
  },
  'Reflect.set with and without a receiver': (storage) => [
    Reflect.set(storage, 'k', 'v'),
    Reflect.set(storage, 'l', 'v', {}),
    Reflect.set({}, 'm', 'v', storage),
    ['k', 'l', 'm'].map((name) => storage.getItem(name)),
  ],
  'a storage without its prototype': (storage) => {
    storage.setItem('k', 'v');
    Object.setPrototypeOf(storage, null);
    const seen = [storage.k, typeof storage.getItem, 'getItem' in storage];
    storage.getItem = 'now an entry';
    seen.push(Storage.prototype.getItem.call(storage, 'getItem'));
    delete storage.getItem;
    Object.setPrototypeOf(storage, Storage.prototype);
    return [...seen, storage.getItem('getItem'), storage.getItem('k')];
  },
  'a proxy around a storage': (storage) => {
    const proxy = new Proxy(storage, {});
    proxy.k = 'v';
    return [storage.getItem('k'), proxy.k, outcomeOf(() => proxy.getItem('k')), { ...proxy }];
  },
  'Object.assign, spread, entries, fromEntries': (storage) => {
    Object.assign(storage, { a: 1, b: [2], c: { d: 3 } });
    return [Object.entries(storage).sort(), Object.fromEntries(Object.entries(storage)).a].concat(
      Object.values({ ...storage }).sort(),
    );
  },
  'clear removes every entry': (storage) => {
    NAMES.forEach((name) => storage.setItem(name, name));
    const before = storage.length;
    return [before, storage.clear(), storage.length, listings(storage), storage.a];
  },
};
