// SPDX-License-Identifier: MIT
// One origin of one browser, and a host: the frames run the real bridge, channel and secret calls;
// what travels between page, bridge and host is delivered when the test says so.
import { MemoryIndexedDb, MemoryStorage } from './browser-storage.js';
import { Channel, Port, PortEvent } from './message-channel.js';

/** @typedef {{frame: Frame, ask: any, answer?: any}} Request */

/** Slots by a digit. @param {number} digit */
export const slotOf = (digit) => `${digit}`.repeat(64);

/** What runs at once has run, and no message was delivered. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

/** @type {OriginFixture} */
let fixture;
/** A document's window. */
function openWindow() {
  const opened = Object.assign(new EventTarget(), {
    crypto: globalThis.crypto,
    origin: 'https://a.example',
    document: {},
  });
  Object.defineProperty(opened, 'localStorage', { get: () => fixture.localStorage() });
  Object.assign(globalThis, { window: opened, document: new EventTarget() });
}

/** A bridge's port to the background, through which the fixture answers its requests. */
export class BackgroundPort {
  /** @type {(message: any) => void} */
  #listener = () => {};
  /** @type {() => void} */
  #end = () => {};
  /** @type {(outcome: any) => void} */
  #answered = () => {};
  /** Whether the extension was reloaded or removed. */
  static isGone = false;
  /** The one that was opened last. @type {BackgroundPort} */
  static last;
  /** Whether a background answers. */
  static isGreeting = true;
  /** What the page has said of itself. @type {any[]} */
  said = [];
  isOpen = true;

  onMessage = { addListener: (/** @type {any} */ listener) => void (this.#listener = listener) };
  onDisconnect = { addListener: (/** @type {any} */ listener) => void (this.#end = listener) };

  constructor() {
    if (BackgroundPort.isGone) {
      throw new Error('Extension context invalidated.');
    }
    BackgroundPort.last = this;
    if (BackgroundPort.isGreeting) {
      queueMicrotask(() => this.#listener({}));
    }
  }

  postMessage(/** @type {any} */ { id, request, powerUp, ...outcome }) {
    if (BackgroundPort.isGone) {
      throw new Error('Extension context invalidated.');
    }
    if (powerUp) {
      this.said.push('powerUp');
    } else if (request === undefined) {
      this.#answered(outcome);
    } else {
      fixture.send(request).then((answer) => this.#listener({ id, answer }));
    }
  }

  disconnect() {
    this.isOpen = false;
  }

  /** Something that the background asks. @param {string} method @param {any[]} args */
  ask(method, ...args) {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#listener({ id: 1, method, args });
    });
  }

  /** The background ends. */
  end() {
    this.#end();
  }
}

openWindow();
Object.assign(globalThis, {
  Storage: MemoryStorage,
  MessagePort: Port,
  MessageEvent: PortEvent,
  MessageChannel: Channel,
  chrome: {
    runtime: {
      connect: () => new BackgroundPort(),
    },
  },
});
const { openChannel } = await import('../../extension/src/page/channel.js');
const { documented } = await import('../../extension/src/page/secrets-documented.js');
const { library } = await import('../../extension/src/page/secrets-library.js');
const implementations = { documented, library };
let frames = 0;

/** One document with the extension's scripts. */
export class Frame {
  /** @type {any} */
  #channel;
  /** @type {any} */
  #background;
  alive = true;
  bridge = new Port();
  page = new Port();

  async open() {
    openWindow();
    this.#channel = openChannel();
    Channel.made = ({ port1, port2 }) => Object.assign(this, { bridge: port1, page: port2 });
    await import(`../../extension/src/bridge.js?frame=${++frames}`);
    this.#background = BackgroundPort.last;
    return this;
  }

  /** Something that the background asks. @param {string} method @param {any[]} args */
  ask(method, ...args) {
    return this.#background.ask(method, ...args);
  }

  /** @param {string} slot */
  settle(slot) {
    return this.#channel.settle(slot);
  }

  /** The page uses TrelloPowerUp. @param {any} listener */
  listen(listener) {
    this.#channel.listen(listener);
    this.#channel.started(listener.handlers);
  }

  /** A call that the page reports. @param {any} call */
  record(call) {
    this.#channel.record(call);
  }

  /**
   * A secret call of the page.
   *
   * @param {keyof typeof implementations} fidelity
   * @param {'store' | 'load' | 'clear'} method
   * @param {string} slot
   * @returns {Promise<any>}
   */
  call(fidelity, method, slot) {
    const pluginData = { get: async () => 'aa', set: async () => undefined };
    const env = { channel: this.#channel, pluginData, keyMade() {} };
    return implementations[fidelity][method](env, { member: 'm', key: slot }, slot, 'secret');
  }
}

export class OriginFixture {
  storage = new MemoryStorage();
  database = new MemoryIndexedDb();
  /** What the host keeps. @type {Map<string, string>} */
  host = new Map();
  /** How often that has changed. */
  itemsRevision = 0;
  /** What is on its way to the host, and the answers on their way back. */
  toHost = /** @type {Request[]} */ ([]);
  answers = /** @type {Request[]} */ ([]);
  /** @type {Frame[]} */
  frames = [];
  storageIsBlocked = false;
  hostFails = false;
  /** The operations that the host was asked for. @type {string[]} */
  served = [];
  /** Whether it is the page that changes the storage right now. */
  pageIsAtWork = false;
  #values = 0;
  /** @type {any} */
  #atWork;

  constructor() {
    fixture = this;
    Object.assign(globalThis, { indexedDB: this.database });
  }

  localStorage() {
    if (this.storageIsBlocked) {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    }
    return this.storage;
  }

  /** A value that was never there. */
  fresh() {
    return `value ${++this.#values}`;
  }

  async addFrame() {
    const frame = await new Frame().open();
    this.frames.push(frame);
    return frame;
  }

  /** The frame is gone: nothing reaches it, and it does nothing any more. @param {Frame} frame */
  removeFrame(frame) {
    frame.alive = false;
    this.frames = this.frames.filter((each) => each !== frame);
  }

  /** Something that the page does. @param {() => any} act */
  async pageDoes(act) {
    this.pageIsAtWork = true;
    act();
    await idle();
    this.pageIsAtWork = false;
  }

  /** @param {any} request */
  send(request) {
    return new Promise((resolve) => {
      this.toHost.push({ frame: this.#atWork, ask: { request, resolve } });
    });
  }

  /** Delivers the next message to a frame's bridge. @param {Frame} frame */
  async deliverToBridge(frame) {
    this.#atWork = frame;
    if (frame.bridge.inbox.length > 0) {
      frame.bridge.onmessage(new PortEvent('message', { data: frame.bridge.inbox.shift() }));
    }
    await idle();
  }

  /** Delivers the next message to a frame's page. @param {Frame} frame */
  async deliverToPage(frame) {
    const { inbox } = frame.page;
    if (inbox.length > 0) {
      await this.pageDoes(() => {
        frame.page.onmessage(new PortEvent('message', { data: inbox.shift() }));
      });
    }
  }

  /** The host serves the next request. */
  hostServes() {
    const next = this.toHost.shift();
    if (next !== undefined) {
      const { operation, members } = next.ask.request;
      this.served.push(operation);
      next.answer = this.hostFails
        ? { ok: false, error: { class: 'Error', message: 'the host failed' } }
        : this.#answer(operation, members);
      this.answers.push(next);
    }
  }

  /** The host's next answer arrives at the bridge that asked. */
  async deliverAnswer() {
    const request = this.answers.shift();
    if (request?.frame.alive) {
      this.#atWork = request.frame;
      request.ask.resolve(request.answer);
      await idle();
    }
  }

  /** Somebody else changes an item at the host. @param {string} slot @param {string | null} value */
  hostChanges(slot, value) {
    this.itemsRevision++;
    value === null ? this.host.delete(slot) : this.host.set(slot, value);
  }

  /** @param {string} operation @param {any} members */
  #answer(operation, members) {
    const before = JSON.stringify([...this.host]);
    const result = this.#serve(operation, members);
    const hasChanged = JSON.stringify([...this.host]) !== before;
    this.itemsRevision += hasChanged ? 1 : 0;
    const isTold = hasChanged || operation === 'synchronizeItems';
    return { ok: true, result, ...(isTold && { itemsRevision: this.itemsRevision }) };
  }

  /**
   * The command line reads: pages report what they have changed, and the host keeps it.
   *
   * @returns {Promise<void>}
   */
  async report() {
    for (const frame of [...this.frames]) {
      await this.ended(frame.ask('report', this.itemsRevision));
    }
  }

  /** The command line has changed something: pages are brought up to date. */
  async apply() {
    const { itemsRevision } = this;
    for (const frame of [...this.frames]) {
      await this.ended(
        frame.ask('apply', { origins: [], faults: [], pluginData: {}, itemsRevision }),
      );
    }
  }

  /** @param {string} operation @param {any} members */
  #serve(operation, { key, items, value }) {
    switch (operation) {
      case 'synchronizeItems':
        return { items: this.#compare(items) };
      case 'storeSecret':
        this.host.set(key, this.fresh());
        return { key, value: this.host.get(key), madeKey: false };
      case 'clearSecret':
        this.host.delete(key);
        return null;
      case 'encryptSecret':
        return { key, value: this.fresh(), aescbc: 'aa' };
      case 'loadSecret':
        return this.#decrypted(value ?? this.host.get(key));
      default:
        return this.#decrypted(value); // decryptSecret
    }
  }

  /** @param {string | undefined} value */
  #decrypted(value) {
    return value === undefined ? null : `secret in ${value}`;
  }

  /** The three-way comparison of docs/protocol.md. @param {any[]} items */
  #compare(items) {
    const listed = new Set(items.map(({ slot }) => slot));
    /** @type {{slot: string, value: string | null}[]} */
    const news = [...this.host].map(([slot, value]) => ({ slot, value }));
    const changes = news.filter(({ slot }) => !listed.has(slot));
    for (const { slot, base, local } of items) {
      const held = this.host.get(slot) ?? null;
      if (local !== base && held === base) {
        local === null ? this.host.delete(slot) : this.host.set(slot, local);
      } else if (held !== local) {
        changes.push({ slot, value: held });
      }
    }
    return changes;
  }

  /** Has a frame compare everything: it reads a slot that differs, whatever it remembers. */
  async compareAll() {
    this.served = [];
    const slot = slotOf(9);
    await this.pageDoes(() => {
      this.storage.setItem(slot, this.fresh());
      [0, 1, 2, 3].map(slotOf).forEach((each) => this.frames[0].settle(each));
      this.frames[0].settle(slot);
    });
    await this.settle();
    if (!this.served.includes('synchronizeItems')) {
      throw new Error('Nothing was compared.');
    }
  }

  /**
   * Delivers everything until a promise is settled.
   *
   * @template T
   * @param {Promise<T>} promise
   */
  async ended(promise) {
    let isPending = true;
    const settled = () => (isPending = false);
    promise.then(settled, settled);
    while (isPending) {
      await this.settle();
      await idle();
    }
    return promise;
  }

  /** Delivers everything, in turns, until nothing is under way. */
  async settle() {
    for (let turns = 0; turns < 500; turns++) {
      if (this.#isQuiet()) {
        return;
      }
      for (const frame of this.frames) {
        await this.deliverToBridge(frame);
        await this.deliverToPage(frame);
      }
      this.hostServes();
      await this.deliverAnswer();
    }
    throw new Error('This never ends.');
  }

  #isQuiet() {
    return (
      this.toHost.length + this.answers.length === 0 &&
      this.frames.every(({ bridge, page }) => bridge.inbox.length + page.inbox.length === 0)
    );
  }
}
