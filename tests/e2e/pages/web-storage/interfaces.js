// SPDX-License-Identifier: MIT
// The accessors of Window and the interfaces Storage and StorageEvent, before anything is stored.
import { outcomeOf, ownProperties } from './describe.js';

const accessorOf = (kind) => Object.getOwnPropertyDescriptor(window, kind);
const isNear = (name) => /storage$/i.test(name);

/** @type {Record<string, (storage: Storage, kind: string) => unknown>} */
export const INTERFACES = {
  'the accessor is on window, with these attributes': (_storage, kind) => [
    accessorOf(kind),
    Object.getOwnPropertyDescriptor(Window.prototype, kind),
    kind in window,
    Object.hasOwn(window, kind),
  ],
  'the accessor has its place among the names of window': () => [
    Object.getOwnPropertyNames(window).filter(isNear),
    Object.keys(window).filter(isNear),
  ],
  'what the getter is': (_storage, kind) => ownProperties(accessorOf(kind).get),
  'the getter is no constructor': (_storage, kind) => new (accessorOf(kind).get)(),
  'the getter has this for its window': (storage, kind) => {
    const { get } = accessorOf(kind);
    return [window, undefined, null, {}, storage, document].map((self) =>
      outcomeOf(() => get.call(self) === storage),
    );
  },
  'each read gives the same object': (storage, kind) => [
    window[kind] === storage,
    self[kind] === storage,
    globalThis[kind] === storage,
    new Function(`return ${kind}`)() === storage,
    Object.assign({}, { all: window[kind] }).all === storage,
  ],
  'an assignment to window changes nothing': (storage, kind) => [
    outcomeOf(() => new Function(`window.${kind} = 1`)()),
    outcomeOf(() => new Function(`'use strict'; window.${kind} = 1`)()),
    Reflect.set(window, kind, 1),
    window[kind] === storage,
  ],
  'a script can replace the accessor, delete it and put it back': (storage, kind) => {
    const original = accessorOf(kind);
    Object.defineProperty(window, kind, { configurable: true, value: 'replaced' });
    const replaced = window[kind];
    const isDeleted = delete window[kind];
    const missing = [typeof window[kind], kind in window];
    Object.defineProperty(window, kind, original);
    return [replaced, isDeleted, missing, window[kind] === storage, accessorOf(kind)];
  },
  'Storage and its prototype': () => [ownProperties(Storage), ownProperties(Storage.prototype)],
  'StorageEvent and its prototype': () => [
    ownProperties(StorageEvent),
    ownProperties(StorageEvent.prototype),
    ownProperties(new StorageEvent('storage')),
  ],
  'QuotaExceededError, where there is one': () => [
    typeof QuotaExceededError,
    typeof QuotaExceededError === 'function' && ownProperties(QuotaExceededError.prototype),
    DOMException.QUOTA_EXCEEDED_ERR,
    DOMException.SECURITY_ERR,
  ],
  'Storage cannot be made': () => [
    outcomeOf(() => new Storage()),
    outcomeOf(() => Storage()),
    outcomeOf(() => Reflect.construct(Object, [], Storage).getItem('k')),
  ],
  'methods and length want a Storage': () =>
    ['getItem', 'setItem', 'removeItem', 'clear', 'key'].map((name) =>
      [{}, null, Storage.prototype, window].map((self) =>
        outcomeOf(() => Storage.prototype[name].call(self, 'k', 'v')),
      ),
    ),
  'length of the prototype throws': () => [
    outcomeOf(() => Storage.prototype.length),
    outcomeOf(() => Reflect.get(Storage.prototype, 'length', {})),
  ],
  'class, prototype and texts': (storage) => [
    Object.getPrototypeOf(storage) === Storage.prototype,
    storage instanceof Storage,
    storage.constructor === Storage,
    String(storage),
    Object.prototype.toString.call(storage),
    JSON.stringify(storage),
    Object.isExtensible(storage),
    Object.isFrozen(storage),
    typeof storage,
  ],
  'the two storages are two': (storage, kind) => {
    const other = window[kind === 'localStorage' ? 'sessionStorage' : 'localStorage'];
    storage.setItem('k', 'v');
    return [other === storage, other.getItem('k')];
  },
  'a storage can be neither cloned nor posted': (storage) => [
    outcomeOf(() => structuredClone(storage)),
    outcomeOf(() => new MessageChannel().port1.postMessage(storage)),
  ],
  'functions of a storage read as native, by any way': () =>
    [Storage.prototype.setItem, addEventListener, Function.prototype.toString, StorageEvent].map(
      (one) => [one, String(one), `${one}`, one + ''],
    ),
  'a script can wrap a method and take it back': (storage) => {
    const { setItem } = Storage.prototype;
    const seen = [];
    Storage.prototype.setItem = function (...args) {
      seen.push(args);
      return setItem.apply(this, args);
    };
    try {
      storage.setItem('k', 'v');
      storage.named = 'w';
    } finally {
      Storage.prototype.setItem = setItem;
    }
    return [seen, storage.setItem === setItem];
  },
};
