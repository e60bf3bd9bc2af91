// SPDX-License-Identifier: MIT
// The page's end of the private port. Everything that the page could replace later is captured at
// document_start, so that the page can neither eavesdrop nor impersonate us.
import { HANDSHAKE } from '../messages.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').Operation} Operation */
/** @typedef {{answer: Answer, kept?: string | null}} Served */

const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;
const { now } = Date;
const readData = /** @type {() => any} */ (
  Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get
);

/**
 * @typedef {object} Channel
 * @property {(operation: Operation, members?: Record<string, unknown>, slot?: string) =>
 *   Promise<Served>} ask  requests an operation of the host; never rejects
 * @property {(slot: string) => Promise<Served>} settle  brings one slot of the page's localStorage
 *   and the host's item in sync
 * @property {(call: Omit<import('../messages.js').RecordedCall, 'at'>) => void} record
 * @property {(listener: {render: () => void,
 *   invoke: (invocation: import('../messages.js').Invocation) => Promise<any>}) => void} listen
 * @property {(listener: (settings: import('./settings.js').Settings) => void) => void} onSettings  for
 *   changes of the settings
 */

/**
 * Waits for the bridge, which runs right after this script, and connects to it.
 *
 * @returns {Channel}
 */
export function openChannel() {
  /** @type {MessagePort | undefined} */
  let port;
  let lastId = 0;
  /** @type {Record<number, (served: Served) => void>} */
  const pending = Object.create(null);
  /** @type {Parameters<Channel['listen']>[0] | undefined} */
  let listener;
  /** @type {((settings: import('./settings.js').Settings) => void) | undefined} */
  let settingsListener;

  /** @param {import('../messages.js').PageMessage} message */
  function post(message) {
    if (port === undefined) {
      throw new Error('powerup-secrets: this page is not connected to the extension; reload it.');
    }
    apply(postMessage, port, [message]);
  }

  /** @param {import('../messages.js').PageMessage} message */
  function exchange(message) {
    return new Promise((/** @type {(served: Served) => void} */ resolve) => {
      const id = ++lastId;
      post({ ...message, id });
      pending[id] = resolve;
    });
  }

  /** @param {any} message */
  function receive(message) {
    if (message.event === 'render') {
      listener?.render();
    } else if (message.settings !== undefined) {
      settingsListener?.(message.settings);
      post({ id: message.id, result: null });
    } else if (message.ping) {
      post({ id: message.id, result: null });
    } else if (message.invoke !== undefined) {
      listener?.invoke(message.invoke).then((result) => post({ id: message.id, result }));
    } else {
      const served = pending[message.id];
      delete pending[message.id];
      served(message);
    }
  }

  window.addEventListener(
    HANDSHAKE,
    (event) => {
      event.stopImmediatePropagation();
      port = /** @type {MessageEvent} */ (event).ports[0];
      port.onmessage = (message) => receive(apply(readData, message, []));
    },
    { capture: true, once: true },
  );

  return {
    ask: (operation, members = {}, slot = undefined) =>
      exchange({ request: { operation, members }, slot }),
    settle: (slot) => exchange({ settle: slot }),
    record: (call) => post({ call: { ...call, at: now() } }),
    listen(chosen) {
      listener = chosen;
      post({ powerUp: true });
    },
    onSettings(chosen) {
      settingsListener = chosen;
    },
  };
}
