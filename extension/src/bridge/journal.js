// SPDX-License-Identifier: MIT

/** What the host takes in one request. */
const ENTRIES_MAX = 1000;

/** Who reads the calls has every page flush first, so this only keeps a page that calls and calls from
 * making the host write as often. It is lost when the browser is killed. */
const GATHER_MS = 250;

/** Gathers what a page did, so that one message carries many entries. */
export class Journal {
  /** @type {import('../messages.js').JournalEntry[]} */
  #entries = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<unknown>} */
  #sent = Promise.resolve();
  #send;

  /** @param {(entries: import('../messages.js').JournalEntry[]) => Promise<unknown>} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {import('../messages.js').JournalEntry} entry */
  add(entry) {
    this.#entries.push(entry);
    if (this.#entries.length === ENTRIES_MAX) {
      this.flush();
    }
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** @returns {Promise<unknown>}  fulfilled when everything that was added has arrived */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#entries.length > 0) {
      const entries = this.#entries;
      this.#entries = [];
      this.#sent = Promise.all([this.#sent, this.#send(entries)]);
    }
    return this.#sent;
  }
}
