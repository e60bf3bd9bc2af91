// SPDX-License-Identifier: MIT
import { boundCall, lostCalls, sizeOfCall } from '../recorded-call.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').RecordedCall} RecordedCall */

/** The most calls that the host accepts in one request, and about their size in UTF-16 code units. */
const CALLS_MAX = 1000;
const SIZE_MAX = 256 * 1024;

/** The size of the calls that may be under way to the host. */
const UNSENT_MAX = 8 * 1024 * 1024;

/** Every page is flushed before its calls are read, so this only limits how often a busy page makes the
 * host write. Buffered calls are lost when the browser is killed. */
const BUFFER_MS = 250;

/** Buffers the recorded calls of a page, so that one message carries many. */
export class CallBuffer {
  /** @type {RecordedCall[]} */
  #calls = [];
  #size = 0;
  /** Of those that were sent, and not answered yet. */
  #sentSize = 0;
  /** How many could not be sent. */
  #lost = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<unknown>} */
  #sent = Promise.resolve();
  #page;
  #send;

  /**
   * @param {string} page  the document's id
   * @param {(calls: RecordedCall[]) => Promise<Answer>} send
   */
  constructor(page, send) {
    this.#page = page;
    this.#send = send;
  }

  /** @param {RecordedCall} call  as the page gave it */
  add(call) {
    const bound = { ...boundCall(call), page: this.#page };
    const size = sizeOfCall(bound);
    if (this.#sentSize + this.#size + size > UNSENT_MAX) {
      this.#lost++;
      return;
    }
    if (this.#size + size > SIZE_MAX) {
      void this.flush();
    }
    this.#calls.push(bound);
    this.#size += size;
    if (this.#calls.length === CALLS_MAX - 1) {
      void this.flush(); // with room for what was lost
    }
    this.#timer ??= setTimeout(() => this.flush(), BUFFER_MS);
  }

  /** @returns {RecordedCall[]}  those that were not sent yet; they are not kept */
  take() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#size = 0;
    const calls = this.#calls.splice(0);
    if (this.#lost > 0) {
      calls.push({ ...lostCalls(this.#lost), page: this.#page });
      this.#lost = 0;
    }
    return calls;
  }

  /** @returns {Promise<unknown>}  fulfilled when the host has everything that was added */
  flush() {
    const size = this.#size;
    const calls = this.take();
    if (calls.length > 0) {
      this.#sentSize += size;
      const sent = this.#send(calls).then(({ ok }) => {
        this.#sentSize -= size;
        this.#lost += ok ? 0 : calls.length;
      });
      this.#sent = Promise.all([this.#sent, sent]);
    }
    return this.#sent;
  }
}
