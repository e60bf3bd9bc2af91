// SPDX-License-Identifier: MIT
// Between the bridges of all frames and the one native host: adds who is calling.
import { callerOf, isContentScript } from './background/caller.js';
import { answerEvent, apply } from './background/events.js';
import { Frames } from './background/frames.js';
import { HostConnection } from './background/host-connection.js';
import { answerPanel, isPanel } from './background/panel.js';
import { OPERATIONS, ownError } from './messages.js';

/** @typedef {import('./messages.js').Answer} Answer */

const frames = new Frames();
chrome.runtime.onConnect.addListener((port) => {
  if (isContentScript(port.sender)) {
    answerRequests(port);
    frames.add(port);
  } else {
    port.disconnect();
  }
});

const host = new HostConnection({
  connectNative: () => chrome.runtime.connectNative(NATIVE_HOST_NAME),
  lastError: () => chrome.runtime.lastError?.message,
  extensionVersion: EXTENSION_VERSION,
  browser: navigator.userAgent,
  onReady() {
    readyAt = performance.now();
    apply(host, frames).catch(warn);
  },
  onLost: () => restart(),
  onEvent: (event) => void answerEvent(host, frames, event),
});

/** @param {Error} error */
function warn(error) {
  console.warn(`powerup-secrets: the settings could not be applied: ${error.message}`);
}

/** How long to wait before the host is started again. Grows while hosts end soon after they start. */
const RESTART_FIRST_MS = 1_000;
const RESTART_MAX_MS = 60_000;
let restartMs = RESTART_FIRST_MS;
let readyAt = 0;

function restart() {
  restartMs =
    performance.now() - readyAt > RESTART_MAX_MS
      ? RESTART_FIRST_MS
      : Math.min(restartMs * 2, RESTART_MAX_MS);
  setTimeout(() => void host.start(), restartMs);
}

// The command line reaches a browser through its host, so the host runs as long as the browser.
void host.start();

/**
 * @param {any} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<Answer>}
 */
async function answer(message, sender) {
  if (isPanel(sender)) {
    return answerPanel(host, frames, message?.panel);
  }
  /** @type {import('./messages.js').Operation} */
  const operation = message?.operation;
  if (!Object.hasOwn(OPERATIONS, operation)) {
    return { ok: false, error: ownError('the extension does not know this request.') };
  }
  /** @type {Record<string, unknown>} */
  const caller = callerOf(sender);
  if (typeof caller.error === 'string') {
    return { ok: false, error: ownError(caller.error) };
  }
  const { caller: added, members } = OPERATIONS[operation];
  const given = message.members ?? {};
  const request = Object.fromEntries([
    ...members.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
    ...added.filter((name) => caller[name] !== undefined).map((name) => [name, caller[name]]),
  ]);
  const result = await host.request(operation, request);
  if (result.ok && (result.result?.written || result.result?.madeKey)) {
    frames.render(caller.origin);
  }
  return result;
}

/**
 * @param {any} message
 * @param {any} sender
 * @returns {Promise<Answer>}
 */
const answerSafely = (message, sender) =>
  answer(message, sender).catch((error) => ({
    ok: false,
    error: ownError(`the extension failed: ${error.message}`),
  }));

/** @param {chrome.runtime.Port} port  that a bridge has just opened */
function answerRequests(port) {
  let open = true;
  port.onDisconnect.addListener(() => (open = false));
  port.onMessage.addListener(async ({ id, request }) => {
    if (request !== undefined) {
      const given = await answerSafely(request, port.sender);
      if (open) {
        port.postMessage({ id, answer: given });
      }
    }
  });
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  void answerSafely(message, sender).then(respond);
  return true; // respond is called later
});
