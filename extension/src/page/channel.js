// SPDX-License-Identifier: MIT
// The page's end of the private port. Everything that the page could replace later is captured at
// document_start, so that the page can neither eavesdrop nor impersonate us.
import { HANDSHAKE } from '../messages.js';
import { Questions } from '../questions.js';
import { boundCall } from '../recorded-call.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').Operation} Operation */
/** @typedef {{answer: Answer, kept?: string | null}} Served */
/** @typedef {import('../messages.js').BridgeMessage} BridgeMessage */
/** @typedef {import('../messages.js').PageMessage} PageMessage */
/** @typedef {import('../messages.js').RecordedCall} RecordedCall */

/**
 * @param {{prototype: any}} type
 * @param {string} name
 * @returns {any}  the browser's own accessor
 */
const accessor = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name);

const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;
const { now } = Date;
const readData = accessor(MessageEvent, 'data').get;
const readPorts = accessor(MessageEvent, 'ports').get;
const listenTo = accessor(MessagePort, 'onmessage').set;

/**
 * What the bridge asks of a page.
 *
 * @typedef {object} Listener
 * @property {() => void} render
 * @property {(invocation: import('../messages.js').Invocation) => Promise<any>} invoke
 */

/**
 * @typedef {object} Channel
 * @property {(operation: Operation, members?: Record<string, unknown>, slot?: string) =>
 *   Promise<Served>} ask  requests an operation of the host; never rejects
 * @property {(slot: string) => Promise<Served>} settle  brings one slot of the page's localStorage
 *   and the host's item in sync
 * @property {(call: Omit<RecordedCall, 'at'>) => void} record
 * @property {(listener: Listener) => void} listen
 * @property {(handlers?: string[]) => void} started  the page has become a Power-Up: it has called
 *   TrelloPowerUp.iframe or, with the names of these handlers, TrelloPowerUp.initialize
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
  /** @type {Questions<Served>} */
  const questions = new Questions();
  /** @type {Listener | undefined} */
  let listener;
  /** @type {((settings: import('./settings.js').Settings) => void) | undefined} */
  let settingsListener;

  /** @param {PageMessage} message */
  function post(message) {
    if (port === undefined) {
      throw new Error('powerup-secrets: this page is not connected to the extension; reload it.');
    }
    apply(postMessage, port, [message]);
  }

  /** @param {PageMessage} message */
  const exchange = (message) => questions.ask((id) => post({ ...message, id }));

  /** @param {RecordedCall} call */
  function record(call) {
    const bound = boundCall(call);
    try {
      post({ call: bound });
    } catch (error) {
      // A page may pass what cannot be cloned; that it made the call is known nevertheless.
      const { message } = /** @type {Error} */ (error);
      post({ call: { ...bound, detail: { arguments: { text: `not recorded: ${message}` } } } });
    }
  }

  /** @param {BridgeMessage} message */
  async function resultFor({ settings, render, invoke }) {
    if (settings !== undefined) {
      settingsListener?.(settings);
    } else if (render) {
      listener?.render();
    } else if (invoke !== undefined) {
      return listener?.invoke(invoke);
    }
    return undefined; // a ping has none
  }

  /** @param {any} message */
  async function receive(message) {
    const { id } = message;
    if (message.answer !== undefined) {
      questions.answer(id, message);
      return;
    }
    // Whatever the page has done to its world, the bridge gets an answer.
    try {
      post({ id, result: (await resultFor(message)) ?? null });
    } catch (error) {
      post({ id, result: null, error: /** @type {Error} */ (error).message });
    }
  }

  /** @param {Event} event  which may be the load of something in the document, where no bridge came */
  function connect(event) {
    if (event instanceof MessageEvent) {
      event.stopImmediatePropagation();
      document.removeEventListener(HANDSHAKE, connect, { capture: true });
      [port] = apply(readPorts, event, []);
      apply(listenTo, port, [
        (/** @type {any} */ message) => void receive(apply(readData, message, [])),
      ]);
    }
  }
  document.addEventListener(HANDSHAKE, connect, { capture: true });

  return {
    ask: (operation, members = {}, slot = undefined) =>
      exchange({ request: { operation, members }, slot }),
    settle: (slot) => exchange({ settle: slot }),
    record: (call) => record({ ...call, at: now() }),
    listen(chosen) {
      listener = chosen;
    },
    started: (handlers) => post({ powerUp: { handlers } }),
    onSettings(chosen) {
      settingsListener = chosen;
    },
  };
}
