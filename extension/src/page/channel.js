// SPDX-License-Identifier: MIT
// The page's end of the private port. What the page can replace later is captured now, at
// document_start, so that it can neither read along nor speak for us.
import { HANDSHAKE } from '../messages.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').Method} Method */
/** @typedef {{answer: Answer, kept?: string | null}} Served */

const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;
const { now } = Date;
const readData = /** @type {() => any} */ (
  Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get
);

/**
 * @typedef {object} Channel
 * @property {(method: Method, members?: Record<string, unknown>, slot?: string) =>
 *   Promise<Served>} ask  an operation of the host; never rejects
 * @property {(slot: string) => Promise<Served>} settle  brings one slot of the page's localStorage
 *   and the host's item together
 * @property {(entry: Omit<import('../messages.js').JournalEntry, 'at'>) => void} note  for the
 *   record of what the page did
 * @property {(listener: {render: () => void,
 *   invoke: (invocation: import('../messages.js').Invocation) => Promise<any>}) => void} listen
 * @property {(listener: (scene: import('./scene.js').Scene) => void) => void} onScene  the scene
 *   has changed
 */

/**
 * Waits for the bridge, which runs right after this script, and gives the way to speak to it.
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
  /** @type {((scene: import('./scene.js').Scene) => void) | undefined} */
  let sceneListener;

  /** @param {import('../messages.js').Toward} message */
  function post(message) {
    if (port === undefined) {
      throw new Error('powerup-secrets: this page is not connected to the extension; reload it.');
    }
    apply(postMessage, port, [message]);
  }

  /** @param {import('../messages.js').Toward} message */
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
    } else if (message.scene !== undefined) {
      sceneListener?.(message.scene);
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
    ask: (method, members = {}, slot = undefined) => exchange({ call: { method, members }, slot }),
    settle: (slot) => exchange({ settle: slot }),
    note: (entry) => post({ journal: { ...entry, at: now() } }),
    listen(chosen) {
      listener = chosen;
      post({ powerUp: true });
    },
    onScene(chosen) {
      sceneListener = chosen;
    },
  };
}
