// SPDX-License-Identifier: MIT
// The extension's side of a frame (isolated world): passes messages on, and keeps the frame's
// localStorage and the host's items in sync.
import { agreedStore } from './bridge/agreed-store.js';
import { Background } from './bridge/background.js';
import { Bursts } from './bridge/bursts.js';
import { createFrame } from './bridge/frame.js';
import { CallBuffer } from './bridge/call-buffer.js';
import { Mirror } from './bridge/mirror.js';
import { HANDSHAKE, ownError } from './messages.js';
import { Questions } from './questions.js';

/** @typedef {import('./messages.js').Answer} Answer */
/** @typedef {import('./messages.js').HostRequest} HostRequest */
/** @typedef {import('./messages.js').PageMessage} PageMessage */

/** Names this document, for as long as it lives. */
const page = crypto.getRandomValues(new Uint32Array(2)).join('-');

const { port1, port2 } = new MessageChannel();
const post = (/** @type {import('./messages.js').BridgeMessage} */ message) =>
  port1.postMessage(message);

// The host answers in order, so the answer to this small request comes after all earlier ones.
const sendNow = (/** @type {HostRequest} */ request) => background.request(request);
const bursts = new Bursts(sendNow, () => sendNow({ operation: 'getSettings', members: {} }));
const send = (/** @type {HostRequest} */ request) => bursts.send(request);

const mirror = new Mirror({
  storage: () => window.localStorage,
  agreed: agreedStore(),
  async synchronize(items) {
    const answer = await send({ operation: 'synchronizeItems', members: { items } });
    if (!answer.ok) {
      throw answer.error;
    }
    return { items: answer.result.items, itemsRevision: answer.itemsRevision ?? 0 };
  },
});

const callBuffer = new CallBuffer(page, (calls) =>
  send({ operation: 'recordCalls', members: { calls } }),
);
window.addEventListener('pagehide', () => callBuffer.flush());

/** @param {Answer} answer */
const isNothing = (answer) => answer.ok && answer.result === null;

/**
 * @param {HostRequest} request
 * @param {string} slot
 */
async function sendForSlot(request, slot) {
  await mirror.reconcile(slot);
  const changes = request.operation === 'storeSecret' || request.operation === 'clearSecret';
  if (changes) {
    mirror.begin(slot);
  }
  let answer = await send(request);
  if (request.operation === 'loadSecret' && mirror.kept(slot) === null && !isNothing(answer)) {
    // Another browser under the same browser-profile name has stored it.
    await mirror.compare();
    answer = await send(request);
  }
  if (answer.ok && changes && answer.itemsRevision !== undefined) {
    mirror.changed(answer.itemsRevision);
  }
  if (changes && answer.ok) {
    mirror.announce(slot, answer.result?.value ?? null);
  } else if (changes) {
    await mirror.settle(slot);
  }
  return { answer, kept: mirror.kept(slot) };
}

/**
 * @param {PageMessage} message
 * @returns {Promise<{answer: Answer, kept?: string | null}>}
 */
async function serve({ request, slot, settle }) {
  try {
    if (settle !== undefined) {
      await mirror.settle(settle);
      return { answer: { ok: true, result: null } };
    }
    if (request === undefined) {
      return {
        answer: { ok: false, error: ownError('the extension does not know this message.') },
      };
    }
    return slot === undefined ? { answer: await send(request) } : await sendForSlot(request, slot);
  } catch (error) {
    const failure = error instanceof Error ? ownError(error.message) : error;
    return { answer: { ok: false, error: /** @type {any} */ (failure) } };
  }
}

/** To the page script. @type {Questions<PageMessage>} */
const questions = new Questions();
/** @type {import('./bridge/frame.js').PowerUp | undefined} */
let powerUp;

/**
 * @param {import('./messages.js').BridgeMessage} message
 * @returns {Promise<any>}  rejects with what went wrong in the page
 */
async function ask(message) {
  const { result, error } = await questions.ask((id) => post({ ...message, id }));
  if (error !== undefined) {
    throw new Error(error);
  }
  return result;
}

port1.onmessage = async ({ data }) => {
  /** @type {PageMessage} */
  const message = data;
  const { id = 0 } = message;
  if (message.powerUp !== undefined) {
    // A page may call TrelloPowerUp.iframe as well.
    powerUp = { handlers: message.powerUp.handlers ?? powerUp?.handlers };
    background.announce();
  } else if (message.call !== undefined) {
    callBuffer.add(message.call);
  } else if ('result' in message) {
    questions.answer(id, message);
  } else {
    post({ id, ...(await serve(message)) });
  }
};

const frame = createFrame({ ask, powerUp: () => powerUp, callBuffer, mirror });
const background = new Background(page, (method, args) => frame.run(method, args));
background.open();

// A page in the back/forward cache cannot be reached, but Firefox leaves its port open.
window.addEventListener('pagehide', () => background.close());
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) {
    background.open();
  }
});

// The page script is already listening; this event is dispatched only once.
document.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [port2] }));
