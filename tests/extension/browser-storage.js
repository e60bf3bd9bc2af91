// SPDX-License-Identifier: MIT
// What a browser keeps for an origin, in memory: localStorage, and as much of IndexedDB as
// idb-keyval asks for.

/** A browser's localStorage. */
export class MemoryStorage {
  /** @type {Map<string, string>} */
  #entries = new Map();
  /** Whether a value is refused. */
  full = false;
  /** Told of each change. @type {(name: string) => void} */
  changed = () => {};

  get length() {
    return this.#entries.size;
  }
  /** @param {number} index */
  key(index) {
    return [...this.#entries.keys()][index] ?? null;
  }
  /** @param {string} name */
  getItem(name) {
    return this.#entries.get(`${name}`) ?? null;
  }
  /** @param {string} name @param {string} value */
  setItem(name, value) {
    if (this.full) {
      throw new DOMException(`Setting the value of '${name}' exceeded the quota.`, 'QuotaError');
    }
    this.#entries.set(`${name}`, `${value}`);
    this.changed(name);
  }
  /** @param {string} name */
  removeItem(name) {
    this.#entries.delete(`${name}`);
    this.changed(name);
  }
  clear() {
    const names = [...this.#entries.keys()];
    this.#entries.clear();
    names.forEach((name) => this.changed(name));
  }
}

/** The global indexedDB of an origin, with one object store. */
export class MemoryIndexedDb {
  /** @type {Map<string, any>} */
  entries = new Map();
  failsReading = false;
  failsWriting = false;
  /** Transactions that wait for {@link release}; undefined: none has to wait.
   * @type {(() => void)[] | undefined} */
  held;

  #exists = false;

  async databases() {
    return this.#exists ? [{ name: 'powerup-secrets' }] : [];
  }

  /** Ends the transactions that were held. */
  release() {
    const held = this.held ?? [];
    this.held = undefined;
    held.forEach((end) => end());
  }

  open() {
    this.#exists = true;
    return this.#request(() => ({ transaction: () => this.#transaction() }));
  }

  /** @param {() => any} run */
  #request(run) {
    /** @type {any} */
    const request = {};
    queueMicrotask(() => {
      try {
        request.result = run();
        request.onsuccess?.();
      } catch (error) {
        request.error = error;
        request.onerror?.();
      }
    });
    return request;
  }

  /** @param {() => any} read */
  #read(read) {
    return this.#request(() => {
      if (this.failsReading) {
        throw new DOMException('Internal error.', 'UnknownError');
      }
      return read();
    });
  }

  #transaction() {
    /** @type {any} */
    const transaction = {};
    /** @param {() => void} write */
    const commit = (write) => {
      const failed = this.failsWriting;
      if (!failed) {
        write();
      }
      const end = () => {
        transaction.error = failed ? new DOMException('No room.', 'QuotaError') : null;
        failed ? transaction.onabort() : transaction.oncomplete();
      };
      this.held === undefined ? queueMicrotask(end) : this.held.push(end);
    };
    transaction.objectStore = () => ({
      transaction,
      getAllKeys: () => this.#read(() => [...this.entries.keys()]),
      getAll: () => this.#read(() => [...this.entries.values()]),
      put: (/** @type {any} */ value, /** @type {string} */ name) =>
        commit(() => this.entries.set(name, value)),
      delete: (/** @type {string} */ name) => commit(() => this.entries.delete(name)),
    });
    return transaction;
  }
}
