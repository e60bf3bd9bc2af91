// SPDX-License-Identifier: MIT
import { ownError } from '../messages.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').HostRequest} HostRequest */

/** How long to wait before connecting again to a background that could not be reached. */
const RECONNECT_MS = 1_000;

/**
 * @param {unknown} error
 * @returns {Answer}
 */
function notReached(error) {
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
 * The background, through a port that lives as long as this frame's document. Requests go both ways:
 * the page's to the host, and the background's to this frame. runtime.sendMessage would take twice as
 * long.
 */
export class Background {
  /** @type {chrome.runtime.Port | undefined} */
  #port;
  /** Requests without an answer yet. @type {Map<number, (answer: Answer) => void>} */
  #pending = new Map();
  #lastId = 0;
  #run;

  /** @param {(method: any, args: any) => Promise<import('./frame.js').Outcome>} run  in this frame */
  constructor(run) {
    this.#run = run;
  }

  /**
   * @param {HostRequest} request
   * @returns {Promise<Answer>}  also when the background ends meanwhile; never rejects
   */
  async request(request) {
    const port = this.#port;
    try {
      if (port === undefined) {
        // While the page is being unloaded, or the background restarts.
        return (await chrome.runtime.sendMessage(request)) ?? notReached('no answer');
      }
      const id = ++this.#lastId;
      port.postMessage({ id, request });
      return await new Promise((resolve) => this.#pending.set(id, resolve));
    } catch (error) {
      return notReached(error);
    }
  }

  open() {
    const port = chrome.runtime.connect();
    let connected = false;
    this.#port = port;
    port.onMessage.addListener(async ({ id, answer, method, args }) => {
      connected = true;
      if (answer !== undefined) {
        this.#pending.get(id)?.(answer);
        this.#pending.delete(id);
      } else if (method !== undefined) {
        const outcome = await this.#run(method, args);
        if (port === this.#port) {
          port.postMessage({ id, ...outcome });
        }
      }
    });
    port.onDisconnect.addListener(() => {
      void chrome.runtime.lastError; // the background ended, or was not running
      if (port !== this.#port) {
        return;
      }
      this.close('its background ended');
      // Without an id the extension was reloaded or removed, and this script is orphaned.
      if (chrome.runtime?.id !== undefined) {
        setTimeout(() => this.open(), connected ? 0 : RECONNECT_MS);
      }
    });
  }

  /** @param {string} reason  for the requests without an answer */
  close(reason) {
    this.#port?.disconnect();
    this.#port = undefined;
    for (const resolve of this.#pending.values()) {
      resolve(notReached(reason));
    }
    this.#pending.clear();
  }
}
