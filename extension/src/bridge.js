// SPDX-License-Identifier: MIT
// The extension's side of a frame (isolated world): carries messages, and keeps the frame's own
// localStorage and the host's items the same.
import { agreedStore } from './bridge/agreed-store.js';
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

/**
 * @param {unknown} error
 * @returns {Answer}
 */
function noBackground(error) {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    error: ownError(
      `the call did not reach the extension (${reason}). If the extension was reloaded or ` +
        'removed, reload this page.',
    ),
  };
}

/**
 * @param {Call} call
 * @returns {Promise<Answer>}
 */
async function sendNow(call) {
  try {
    return (await chrome.runtime.sendMessage(call)) ?? noBackground('no answer');
  } catch (error) {
    return noBackground(error);
  }
}

// The host answers in order, so the answer to a small question comes after those to all before.
const bursts = new Bursts(sendNow, () => sendNow({ method: 'scene', members: {} }));
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

const journal = new Journal((calls) => send({ method: 'record', members: { calls } }));
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
let isPowerUp = false;

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

port1.onmessage = async ({ data }) => {
  /** @type {Toward} */
  const message = data;
  const { id = 0 } = message;
  if (message.powerUp) {
    isPowerUp = true;
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
  isPowerUp: () => isPowerUp,
  flush: () => journal.flush(),
  mirror,
});
/** How long to wait after a background that could not be reached. */
const RECONNECT_MS = 1_000;

/** @type {chrome.runtime.Port | undefined} */
let background;

/** The background reaches this frame through a port, for as long as its document lives. */
function connect() {
  const port = chrome.runtime.connect();
  let greeted = false;
  background = port;
  port.onMessage.addListener(async ({ id, method, args }) => {
    greeted = true;
    const outcome = method === undefined ? undefined : await frame.run(method, args);
    if (outcome !== undefined && port === background) {
      port.postMessage({ id, ...outcome });
    }
  });
  port.onDisconnect.addListener(() => {
    void chrome.runtime.lastError; // the background ended, or was not there
    if (port !== background) {
      return;
    }
    background = undefined;
    // Without an id the extension was reloaded or removed, and this script stays behind.
    if (chrome.runtime?.id !== undefined) {
      setTimeout(connect, greeted ? 0 : RECONNECT_MS);
    }
  });
}
connect();

// A page in the back/forward cache is out of reach. Firefox leaves its port open all the same.
window.addEventListener('pagehide', () => {
  background?.disconnect();
  background = undefined;
});
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) {
    connect();
  }
});

// The page script listens already; the event exists for this one moment and is never repeated.
window.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [port2] }));
