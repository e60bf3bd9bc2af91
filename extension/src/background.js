// SPDX-License-Identifier: MIT
// Between the bridges of all frames and the one native host: adds who is calling.
import { isContentScript } from './background/caller.js';
import { answerEvent, apply } from './background/events.js';
import { Frames } from './background/frames.js';
import { HostConnection } from './background/host-connection.js';
import { answerPanel, isPanel } from './background/panel.js';
import { OPERATIONS, ownError } from './messages.js';

/** @typedef {import('./background/frames.js').Frame} Frame */
/** @typedef {import('./messages.js').Answer} Answer */

const frames = new Frames();
chrome.runtime.onConnect.addListener((port) => {
  if (isContentScript(port.sender)) {
    answerRequests(frames.add(port));
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
    apply(host, frames, {}).catch(warn);
  },
  onLost: () => restart(),
  onEvent: (event) => void answerEvent(host, frames, event),
});

/** @param {Error} error */
function warn(error) {
  console.warn(`powerup-secrets: the settings could not be applied: ${error.message}`);
}

/** A host that was lost is started again at once, so that the command line reaches this browser. Only
 * while hosts end soon after they start, or do not start, the time in between grows. */
const RESTART_FIRST_MS = 100;
const RESTART_MAX_MS = 60_000;
const GOOD_MS = 1_000;
let restartMs = 0;
let readyAt = 0;

async function restart() {
  restartMs = performance.now() - readyAt > GOOD_MS ? 0 : restartMs;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, restartMs));
    restartMs = Math.min(restartMs * 2 || RESTART_FIRST_MS, RESTART_MAX_MS);
    if (await host.start()) {
      return;
    }
  }
}

// The command line reaches a browser through its host, so the host runs as long as the browser.
void host.start();

const UNKNOWN = ownError('the extension does not know this request.');

/**
 * @param {Frame} frame  that asks
 * @param {any} request
 * @returns {Promise<Answer>}
 */
async function answer(frame, request) {
  /** @type {import('./messages.js').Operation} */
  const operation = request?.operation;
  if (!Object.hasOwn(OPERATIONS, operation)) {
    return { ok: false, error: UNKNOWN };
  }
  if ('error' in frame.caller) {
    return { ok: false, error: ownError(frame.caller.error) };
  }
  /** @type {Record<string, unknown>} */
  const caller = frame.caller;
  const { caller: added, members } = OPERATIONS[operation];
  const given = request.members ?? {};
  const operands = Object.fromEntries([
    ...members.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
    ...added.filter((name) => caller[name] !== undefined).map((name) => [name, caller[name]]),
  ]);
  return host.request(operation, operands);
}

/** @param {any} error @returns {Answer} */
const failed = (error) => ({
  ok: false,
  error: ownError(`the extension failed: ${error.message}`),
});

/** @param {Frame} frame  that has just come */
function answerRequests(frame) {
  const { port } = frame;
  let open = true;
  port.onDisconnect.addListener(() => (open = false));

  /** @param {number} id @param {Answer} given */
  function respond(id, given) {
    try {
      port.postMessage({ id, answer: given });
    } catch (error) {
      port.postMessage({ id, answer: failed(error) }); // too large for one message
    }
  }

  port.onMessage.addListener(async ({ id, request }) => {
    if (request === undefined) {
      return;
    }
    const given = await answer(frame, request).catch(failed);
    if (open) {
      respond(id, given);
    }
    if (given.ok && given.result?.pluginData) {
      frames.see(given.result.pluginData, frame);
    }
  });
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  if (!isPanel(sender)) {
    respond({ ok: false, error: UNKNOWN }); // who calls is known of ports alone
    return undefined;
  }
  void answerPanel(host, frames, message?.panel).catch(failed).then(respond);
  return true; // respond is called later
});
