// SPDX-License-Identifier: MIT
// The page's end of the private port. What the page can replace later is captured now, at
// document_start, so that it can neither read along nor speak for us.
import { HANDSHAKE } from '../messages.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').Call} PageCall */

const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;
const readData = /** @type {() => any} */ (
  Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get
);

/**
 * Waits for the bridge, which runs right after this script, and gives the way to call through it.
 *
 * @returns {(call: PageCall, answered: (answer: Answer) => void) => void}
 */
export function openChannel() {
  /** @type {MessagePort | undefined} */
  let port;
  let lastId = 0;
  /** @type {Record<number, (answer: Answer) => void>} */
  const pending = Object.create(null);

  window.addEventListener(
    HANDSHAKE,
    (event) => {
      event.stopImmediatePropagation();
      port = /** @type {MessageEvent} */ (event).ports[0];
      port.onmessage = (message) => {
        const { id, answer } = apply(readData, message, []);
        const answered = pending[id];
        delete pending[id];
        answered(answer);
      };
    },
    { capture: true, once: true },
  );

  return (call, answered) => {
    if (port === undefined) {
      throw new Error('powerup-secrets: this page is not connected to the extension; reload it.');
    }
    const id = ++lastId;
    pending[id] = answered;
    apply(postMessage, port, [{ id, call }]);
  };
}
