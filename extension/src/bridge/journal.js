// SPDX-License-Identifier: MIT

/** What the host takes in one request. */
const ENTRIES_MAX = 1000;

/** Long enough to gather what one action of a page causes, short enough to go unnoticed. */
const GATHER_MS = 20;

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
