// SPDX-License-Identifier: MIT

/** The most calls that the host accepts in one request. */
const CALLS_MAX = 1000;

/** Every page is flushed before its calls are read, so this only limits how often a busy page makes the
 * host write. Buffered calls are lost when the browser is killed. */
const BUFFER_MS = 250;

/** Buffers the recorded calls of a page, so that one message carries many. */
export class CallBuffer {
  /** @type {import('../messages.js').RecordedCall[]} */
  #calls = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<unknown>} */
  #sent = Promise.resolve();
  #send;

  /** @param {(calls: import('../messages.js').RecordedCall[]) => Promise<unknown>} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {import('../messages.js').RecordedCall} call */
  add(call) {
    this.#calls.push(call);
    if (this.#calls.length === CALLS_MAX) {
      this.flush();
    }
    this.#timer ??= setTimeout(() => this.flush(), BUFFER_MS);
  }

  /** @returns {import('../messages.js').RecordedCall[]}  those that were not sent yet; they are not kept */
  take() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#calls.splice(0);
  }

  /** @returns {Promise<unknown>}  fulfilled when the host has everything that was added */
  flush() {
    const calls = this.take();
    if (calls.length > 0) {
      this.#sent = Promise.all([this.#sent, this.#send(calls)]);
    }
    return this.#sent;
  }
}
