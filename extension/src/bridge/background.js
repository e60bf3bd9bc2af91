// SPDX-License-Identifier: MIT
import { ownError, REQUEST_SIZE_MAX, tooLarge } from '../messages.js';
import { Questions } from '../questions.js';

/** @typedef {import('../messages.js').Answer} Answer */
/** @typedef {import('../messages.js').HostRequest} HostRequest */

/** How long to wait before connecting again after a background has ended. A worker that starts again
 * before Puppeteer has detached from the one that it closed waits for a debugger for ever. */
const REOPEN_MS = 1_000;

/** How long a background may take to greet a port before another one is opened. Doubles each time. */
const GREETING_FIRST_MS = 1_000;
const GREETING_MAX_MS = 16_000;

/** How long a request waits for a background. */
const UNREACHED_MS = 60_000;

/**
 * @param {string} reason
 * @returns {Answer}
 */
function notReached(reason) {
  return {
    ok: false,
    error: ownError(
      `the call did not reach the extension (${reason}). If the extension was reloaded or ` +
        'removed, reload this page.',
    ),
  };
}

/**
 * The background, through a port that lives as long as this frame's document, because the port says
 * who calls. Requests go both ways: the page's to the host, and the background's to this frame.
 */
export class Background {
  /** @type {chrome.runtime.Port | undefined} */
  #port;
  /** Whether the background has answered on this port: it has started, and gets what is sent to it. */
  #isGreeted = false;
  /** Requests that are sent when it has. @type {Set<(answer?: Answer) => void>} */
  #waiting = new Set();
  /** @type {Questions<Answer>} */
  #requests = new Questions();
  #greetingMs = GREETING_FIRST_MS;
  /** The document that the user has left. @type {Document | undefined} */
  #left;
  #page;
  #run;

  /**
   * @param {string} page  names this document
   * @param {(method: any, args: any) => Promise<import('./frame.js').Outcome>} run  in this frame
   */
  constructor(page, run) {
    this.#page = page;
    this.#run = run;
  }

  /**
   * @param {HostRequest} request
   * @returns {Promise<Answer>}  also when the background ends meanwhile; never rejects
   */
  async request(request) {
    if (this.#left !== undefined && this.#left !== window.document) {
      this.open(); // Firefox keeps this window for the document that replaces the initial about:blank
    }
    const failure = this.#isGreeted ? undefined : await this.#greeting();
    if (failure !== undefined) {
      return failure;
    }
    const refusal = tooLarge(request, REQUEST_SIZE_MAX);
    if (refusal !== undefined) {
      return { ok: false, error: ownError(refusal) };
    }
    const port = /** @type {chrome.runtime.Port} */ (this.#port);
    return this.#requests
      .ask((id) => port.postMessage({ id, request }))
      .catch((error) => notReached(error.message));
  }

  /** @returns {Promise<Answer | undefined>}  why the background cannot be reached */
  #greeting() {
    if (this.#left !== undefined) {
      return Promise.resolve(notReached('the user has left the page'));
    }
    return new Promise((resolve) => {
      /** @param {Answer} [answer] */
      const done = (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(answer);
      };
      const timer = setTimeout(() => done(notReached('it does not start')), UNREACHED_MS);
      this.#waiting.add(done);
    });
  }

  open() {
    this.#left = undefined;
    /** @type {chrome.runtime.Port} */
    let port;
    try {
      port = chrome.runtime.connect({ name: this.#page });
    } catch (error) {
      this.#end(/** @type {Error} */ (error).message);
      return;
    }
    this.#port = port;
    const timer = setTimeout(() => {
      this.#greetingMs = Math.min(2 * this.#greetingMs, GREETING_MAX_MS);
      port.disconnect();
      this.open();
    }, this.#greetingMs);
    port.onMessage.addListener((message) => {
      clearTimeout(timer);
      if (port === this.#port) {
        this.#greeted();
        void this.#receive(port, message);
      }
    });
    port.onDisconnect.addListener(() => {
      void chrome.runtime.lastError; // the background ended, or was not running
      clearTimeout(timer);
      if (port === this.#port) {
        this.#lose('its background ended');
        setTimeout(() => this.#left ?? this.open(), REOPEN_MS);
      }
    });
  }

  /** Says that the page has become a Power-Up; somebody may wait for that. */
  announce() {
    if (this.#isGreeted) {
      this.#port?.postMessage({ powerUp: true });
    }
  }

  #greeted() {
    this.#isGreeted = true;
    this.#greetingMs = GREETING_FIRST_MS;
    for (const done of [...this.#waiting]) {
      done();
    }
  }

  /**
   * @param {chrome.runtime.Port} port
   * @param {any} message
   */
  async #receive(port, { id, answer, method, args }) {
    if (answer !== undefined) {
      this.#requests.answer(id, answer);
    } else if (method !== undefined) {
      const outcome = await this.#run(method, args);
      if (port === this.#port) {
        const refusal = tooLarge(outcome, REQUEST_SIZE_MAX);
        port.postMessage({ id, ...(refusal === undefined ? outcome : { error: refusal }) });
      }
    }
  }

  /** @param {string} reason  for the requests without an answer */
  #lose(reason) {
    this.#port = undefined;
    this.#isGreeted = false;
    this.#requests.answerAll(notReached(reason));
  }

  /** Nothing can be reached any more. @param {string} reason */
  #end(reason) {
    this.#lose(reason);
    this.#left = window.document;
    for (const done of [...this.#waiting]) {
      done(notReached(reason));
    }
  }

  /** The user leaves the page: what it calls from now on would be taken for calls of the next one. */
  close() {
    this.#port?.disconnect();
    this.#end('the user has left the page');
  }
}
