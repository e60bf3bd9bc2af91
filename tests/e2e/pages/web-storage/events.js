// SPDX-License-Identifier: MIT
// Storage events: what a same-origin frame hears of this document's changes, and this document of the
// frame's.

const FRAME = '/web-storage/document.html';

let rounds = 0;

/** What a listener can see of an event. @param {StorageEvent} event @param {Window} target */
function contentOf(event, target) {
  const { type, key, oldValue, newValue, url, storageArea, isTrusted, bubbles, cancelable } = event;
  return [
    type,
    key,
    oldValue,
    newValue,
    url,
    [target.localStorage, target.sessionStorage].indexOf(storageArea),
    [isTrusted, bubbles, cancelable, event.composed, event.eventPhase],
    [event.target === target, event.constructor === target.StorageEvent],
    Object.hasOwn(event, 'isTrusted'),
  ];
}

/** The marks that are waited for. @type {Map<string, (heard: any[]) => void>} */
const waiting = new Map();

/**
 * Collects the storage events of a window.
 *
 * @param {Window} target
 * @returns {(mark: string) => Promise<any[]>}  the events of a storage, up to one that tells of an entry
 *   with that name
 */
function hear(target) {
  const heard = { localStorage: [], sessionStorage: [] };
  target.addEventListener('storage', (event) => {
    // Nothing says which of two storages' events come first.
    const kind = event.storageArea === target.sessionStorage ? 'sessionStorage' : 'localStorage';
    const resolve = waiting.get(event.key);
    if (resolve === undefined) {
      heard[kind].push(contentOf(event, target));
    } else {
      waiting.delete(event.key);
      resolve(heard[kind].splice(0));
    }
  });
  return (mark) => new Promise((resolve) => waiting.set(mark, resolve));
}

/** @type {ReturnType<typeof listen>} */
let listening;

async function listen() {
  const element = document.createElement('iframe');
  element.src = FRAME;
  await new Promise((resolve) => {
    element.addEventListener('load', resolve, { once: true });
    document.body.append(element);
  });
  return {
    frame: element.contentWindow,
    inFrame: hear(element.contentWindow),
    here: hear(window),
  };
}

/**
 * What both documents hear while one of them, or another document, does something.
 *
 * @param {string} kind
 * @param {(storage: Storage, frame: Window) => unknown} act
 */
async function heardDuring(kind, act) {
  const { frame, inFrame, here } = await (listening ??= listen());
  /** Writes an entry in each document, of which the other one hears last. */
  const mark = async (name) => {
    const heard = Promise.all([inFrame(`${name} here`), here(`${name} there`)]);
    window[kind].setItem(`${name} here`, '1');
    frame[kind].setItem(`${name} there`, '1');
    const [there, own] = await heard;
    return { there, own };
  };
  await mark(`begin ${++rounds}`);
  await act(window[kind], frame);
  const heard = await mark(`end ${rounds}`);
  return JSON.parse(JSON.stringify(heard).replaceAll(location.origin, 'ORIGIN'));
}

/** What this document does. @type {Record<string, (storage: Storage) => unknown>} */
const CHANGES = {
  'a new entry': (storage) => storage.setItem('k', 'v'),
  'another value': (storage) => {
    storage.setItem('k', 'v');
    storage.setItem('k', 'w');
  },
  'the same value again': (storage) => {
    storage.setItem('k', 'v');
    storage.setItem('k', 'v');
  },
  'an empty name and value': (storage) => storage.setItem('', ''),
  'an assignment': (storage) => (storage.k = 1),
  defineProperty: (storage) => Object.defineProperty(storage, 'k', { value: 'v' }),
  'an entry that is removed': (storage) => {
    storage.setItem('k', 'v');
    storage.removeItem('k');
  },
  'an entry that is deleted': (storage) => {
    storage.k = 'v';
    delete storage.k;
  },
  'nothing is removed': (storage) => {
    storage.removeItem('none');
    delete storage.none;
  },
  clear: (storage) => {
    storage.setItem('k', 'v');
    storage.clear();
  },
  'clear of nothing': (storage) => {
    storage.clear();
    storage.clear();
  },
  'a write that is refused': (storage) => {
    try {
      storage.setItem('k', 'x'.repeat(5_242_881));
    } catch {
      storage.setItem('refused', 'yes');
    }
  },
};

/** Another document that writes. */
const WRITERS = {
  'the frame': (_storage, frame) => frame,
  'a blank frame': () => document.body.appendChild(document.createElement('iframe')).contentWindow,
  'the frame’s frame': (_storage, frame) =>
    frame.document.body.appendChild(frame.document.createElement('iframe')).contentWindow,
};

const cases = [
  ...Object.entries(CHANGES).map(([name, act]) => [
    `events of ${name}`,
    (_storage, kind) => heardDuring(kind, act),
  ]),
  ...Object.entries(WRITERS).map(([name, find]) => [
    `events of what ${name} writes`,
    (_storage, kind) =>
      heardDuring(kind, (storage, frame) => {
        const writer = find(storage, frame);
        writer[kind].setItem('k', 'v');
        writer[kind].k = 'w';
        writer[kind].removeItem('k');
        writer.frameElement?.src || writer.frameElement?.remove();
      }),
  ]),
];

/** @type {Record<string, (storage: Storage, kind: string) => unknown>} */
export const EVENTS = {
  ...Object.fromEntries(cases),
  'the handler of window and body is called': async (_storage, kind) => {
    const seen = [];
    window.onstorage = ({ key }) => seen.push(key?.replace(/\d+/, ''));
    const isBody = document.body.onstorage === window.onstorage;
    await heardDuring(kind, (_here, frame) => frame[kind].setItem('k', 'v'));
    window.onstorage = null;
    return [isBody, seen.filter((key) => !key.startsWith('begin'))];
  },
  'an event of one’s own': (storage) => {
    const event = new StorageEvent('storage', { key: 'k', newValue: 'v', storageArea: storage });
    const init = document.createEvent('StorageEvent');
    init.initStorageEvent('storage', true, true, 'k', null, 'v', 'url', storage);
    return [event, init].map((one) => [
      ...[one.key, one.oldValue, one.newValue, one.url, one.storageArea === storage, one.isTrusted],
      ...[one.bubbles, one.cancelable],
    ]);
  },
};
