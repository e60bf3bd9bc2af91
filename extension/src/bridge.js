// SPDX-License-Identifier: MIT
// The extension's side of a frame (isolated world). It carries messages and knows nothing of them.
import { HANDSHAKE, ownError } from './messages.js';

/** @typedef {import('./messages.js').Answer} Answer */

const { port1, port2 } = new MessageChannel();

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

port1.onmessage = async ({ data: { id, call } }) => {
  /** @type {Answer} */
  let answer;
  try {
    answer = (await chrome.runtime.sendMessage(call)) ?? noBackground('no answer');
  } catch (error) {
    answer = noBackground(error);
  }
  port1.postMessage({ id, answer });
};

// The page script listens already; the event exists for this one moment and is never repeated.
window.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [port2] }));
