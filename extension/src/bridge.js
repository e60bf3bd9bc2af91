// SPDX-License-Identifier: MIT
// The extension's side of a frame (isolated world): carries messages, and keeps the frame's own
// localStorage and the host's items the same.
import { agreedStore } from './bridge/agreed-store.js';
import { Background } from './bridge/background.js';
import { Bursts } from './bridge/bursts.js';
import { createFrame } from './bridge/frame.js';
import { Journal } from './bridge/journal.js';
import { Mirror } from './bridge/mirror.js';
import { HANDSHAKE, ownError } from './messages.js';

/** @typedef {import('./messages.js').Answer} Answer */
/** @typedef {import('./messages.js').Call} Call */
/** @typedef {import('./messages.js').Toward} Toward */

const { port1, port2 } = new MessageChannel();
const post = (/** @type {import('./messages.js').Back} */ message) => port1.postMessage(message);

// The host answers in order, so the answer to a small question comes after those to all before.
const sendNow = (/** @type {Call} */ call) => background.call(call);
const bursts = new Bursts(sendNow, () => sendNow({ method: 'getSettings', members: {} }));
const send = (/** @type {Call} */ call) => bursts.send(call);

const mirror = new Mirror({
  storage: () => window.localStorage,
  agreed: agreedStore(),
  async synchronize(items) {
    const answer = await send({ method: 'synchronizeItems', members: { items } });
    if (!answer.ok) {
      throw answer.error;
    }
    return answer.result.items;
  },
});

const journal = new Journal((calls) => send({ method: 'recordCalls', members: { calls } }));
window.addEventListener('pagehide', () => journal.flush());

/** @param {Answer} answer */
const isNothing = (answer) => answer.ok && answer.result === null;

/**
 * @param {Call} call
 * @param {string} slot
 */
async function sendForSlot(call, slot) {
  await mirror.reconcile(slot);
  const changes = call.method === 'storeSecret' || call.method === 'clearSecret';
  if (changes) {
    mirror.begin(slot);
  }
  let answer = await send(call);
  if (call.method === 'loadSecret' && mirror.kept(slot) === null && !isNothing(answer)) {
    // Another browser under the same browser-profile name has stored it.
    await mirror.compare();
    answer = await send(call);
  }
  if (changes && answer.ok) {
    mirror.announce(slot, answer.result?.value ?? null);
  } else if (changes) {
    await mirror.settle(slot);
  }
  return { answer, kept: mirror.kept(slot) };
}

/**
 * @param {Toward} message
 * @returns {Promise<{answer: Answer, kept?: string | null}>}
 */
async function serve({ call, slot, settle }) {
  try {
    if (settle !== undefined) {
      await mirror.settle(settle);
      return { answer: { ok: true, result: null } };
    }
    if (call === undefined) {
      return { answer: { ok: false, error: ownError('there is no such message.') } };
    }
    return slot === undefined ? { answer: await send(call) } : await sendForSlot(call, slot);
  } catch (error) {
    const failure = error instanceof Error ? ownError(error.message) : error;
    return { answer: { ok: false, error: /** @type {any} */ (failure) } };
  }
}

/** Who waits for what the page script answers. @type {Map<number, (result: any) => void>} */
const asked = new Map();
let lastQuestion = 0;
let hasSaidPowerUp = false;

/**
 * @param {import('./messages.js').Back} message
 * @returns {Promise<any>}
 */
function ask(message) {
  return new Promise((resolve) => {
    const id = ++lastQuestion;
    asked.set(id, resolve);
    post({ ...message, id });
  });
}

/** Whether the page uses TrelloPowerUp. What it says of that may still be on its way to here while a
 * question of the background has come already; it comes before the answer to a ping. */
async function isPowerUp() {
  if (!hasSaidPowerUp) {
    await ask({ ping: true });
  }
  return hasSaidPowerUp;
}

port1.onmessage = async ({ data }) => {
  /** @type {Toward} */
  const message = data;
  const { id = 0 } = message;
  if (message.powerUp) {
    hasSaidPowerUp = true;
  } else if (message.journal !== undefined) {
    journal.add(message.journal);
  } else if ('result' in message) {
    asked.get(id)?.(message.result);
    asked.delete(id);
  } else {
    post({ id, ...(await serve(message)) });
  }
};

const frame = createFrame({
  ask,
  post,
  isPowerUp,
  flush: () => journal.flush(),
  mirror,
});
const background = new Background((method, args) => frame.run(method, args));
background.open();

// A page in the back/forward cache is out of reach. Firefox leaves its port open all the same.
window.addEventListener('pagehide', () => background.close('the page was left'));
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) {
    background.open();
  }
});

// The page script listens already; the event exists for this one moment and is never repeated.
window.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [port2] }));
