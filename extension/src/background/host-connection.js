// SPDX-License-Identifier: MIT
import { ownError } from '../messages.js';
import { explainDisconnect } from './host-errors.js';

/** @typedef {import('../messages.js').Answer} Answer */

/** The protocol of docs/protocol.md that this extension speaks. */
const PROTOCOL = 1;

/** How long a host may take to answer hello: longer than it waits for a database that another program
 * has locked. Nothing else has a limit, as Trello's calls have none. */
const HELLO_TIMEOUT_MS = 45_000;

const PART_LOST = "a part of the host's reply was lost.";

/** A host that fails before it has answered hello is restarted with a delay, however often pages call. */
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MAX_MS = 2_000;

/**
 * @typedef {object} Pending
 * @property {(answer: Answer) => void} resolve
 * @property {string[]} parts  of a reply that is too large for one message
 */

/**
 * One long-lived port to the native host. It connects with the first request, and after the host was
 * lost, with the next one. A request never rejects: failures are answers, too.
 */
export class HostConnection {
  /** @type {chrome.runtime.Port | undefined} */
  #port;
  /** The hello of the host on #port: undefined when it succeeded.
   * @type {Promise<Answer | undefined> | undefined} */
  #hello;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  #ready = false;
  /** @type {{ms: number, until: number, answer: Answer | undefined}} */
  #backOff = { ms: 0, until: 0, answer: undefined };
  #options;

  /**
   * @param {object} options
   * @param {() => chrome.runtime.Port} options.connectNative
   * @param {() => string | undefined} options.lastError  why a port was disconnected
   * @param {string} options.extensionVersion
   * @param {string} options.browser  name and version, for the host
   * @param {(event: any) => void} [options.onEvent]  for events of the host
   * @param {() => void} [options.onReady]  a host has answered hello
   * @param {() => void} [options.onLost]  a host that had answered hello is gone
   * @param {() => number} [options.now]
   */
  constructor(options) {
    this.#options = {
      now: () => performance.now(),
      onEvent: () => {},
      onReady: () => {},
      onLost: () => {},
      ...options,
    };
  }

  /**
   * @param {string} op  an operation of the host
   * @param {Record<string, unknown>} members
   * @returns {Promise<Answer>}
   */
  async request(op, members) {
    // A second time when the host was lost after its hello and before anything was sent to it.
    for (let attempt = 0; attempt < 2; attempt++) {
      if (this.#hello === undefined && this.#options.now() < this.#backOff.until) {
        return /** @type {Answer} */ (this.#backOff.answer);
      }
      this.#hello ??= this.#connect();
      const failure = await this.#hello;
      if (failure !== undefined) {
        return failure;
      }
      if (this.#port !== undefined) {
        break;
      }
    }
    return this.#post(op, members);
  }

  /**
   * Starts the host, unless it is running, so that it can be reached before a page calls.
   *
   * @returns {Promise<boolean>}  whether it runs
   */
  async start() {
    if (this.#hello === undefined && this.#options.now() < this.#backOff.until) {
      return false;
    }
    this.#hello ??= this.#connect();
    return (await this.#hello) === undefined;
  }

  /** @returns {Promise<Answer | undefined>} */
  async #connect() {
    let port;
    try {
      port = this.#options.connectNative();
    } catch (error) {
      await undefined; // so that the caller has stored this promise before #hello is cleared
      this.#hello = undefined;
      return { ok: false, error: ownError(/** @type {Error} */ (error).message) };
    }
    this.#port = port;
    port.onMessage.addListener((message) => {
      if (port === this.#port) {
        this.#receive(message);
      }
    });
    port.onDisconnect.addListener(() => {
      // Chromium gives the reason in runtime.lastError, Firefox in port.error.
      const reason = /** @type {any} */ (port).error?.message ?? this.#options.lastError();
      this.#lose(port, explainDisconnect(reason));
    });
    const timer = setTimeout(() => {
      this.#lose(port, 'the native host does not answer. Kill its process, and call again.');
      port.disconnect();
    }, HELLO_TIMEOUT_MS);
    const { extensionVersion, browser } = this.#options;
    const answer = await this.#post('hello', {
      protocol: PROTOCOL,
      extension: extensionVersion,
      browser,
    });
    clearTimeout(timer);
    const failure = answer.ok ? protocolMismatch(answer.result) : answer;
    if (failure === undefined) {
      this.#backOff = { ms: 0, until: 0, answer: undefined };
      this.#ready = true;
      this.#options.onReady();
      return undefined;
    }
    const ms = Math.min(this.#backOff.ms * 2 || BACK_OFF_FIRST_MS, BACK_OFF_MAX_MS);
    this.#backOff = { ms, until: this.#options.now() + ms, answer: failure };
    if (this.#port === port) {
      this.#port = undefined;
      this.#hello = undefined;
      port.disconnect();
    }
    return failure;
  }

  /**
   * @param {string} op
   * @param {Record<string, unknown>} members
   * @returns {Promise<Answer>}
   */
  #post(op, members) {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#pending.set(id, { resolve, parts: [] });
      try {
        if (this.#port === undefined) {
          throw new Error('the native host is gone. The next call starts it again.');
        }
        this.#port.postMessage({ id, op, ...members });
      } catch (error) {
        this.#pending.delete(id);
        resolve({ ok: false, error: ownError(/** @type {Error} */ (error).message) });
      }
    });
  }

  /** @param {any} message */
  #receive(message) {
    if (message.event !== undefined) {
      this.#options.onEvent(message);
      return;
    }
    // The parts of a reply are consecutive: what comes instead of the next one shows that it was lost.
    for (const [id, { parts }] of this.#pending) {
      if (parts.length > 0 && id !== message.id) {
        this.#end(id, PART_LOST);
      }
    }
    if (message.id === null) {
      // The host could not read the id of a request, which may be any of them.
      this.#endAll(`the host could not read a request: ${message.error?.message}`);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) {
      console.error('powerup-secrets: the host answered an unknown request', message.error);
      return;
    }
    if (message.part !== undefined) {
      this.#receivePart(message, pending);
      return;
    }
    this.#pending.delete(message.id);
    pending.resolve(
      message.ok
        ? { ok: true, result: message.result }
        : {
            ok: false,
            error:
              message.error.code === 'library_error'
                ? message.error
                : ownError(message.error.message),
          },
    );
  }

  /**
   * @param {{id: number, part: number, last: boolean, text: string}} message
   * @param {Pending} pending
   */
  #receivePart({ id, part, last, text }, { parts }) {
    if (part !== parts.length) {
      this.#end(id, PART_LOST);
      return;
    }
    parts.push(text);
    if (!last) {
      return;
    }
    try {
      this.#receive(JSON.parse(parts.join('')));
    } catch (error) {
      this.#end(id, `the host's reply cannot be read: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * Ends a request without its reply.
   *
   * @param {number} id
   * @param {string} reason
   */
  #end(id, reason) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.resolve({ ok: false, error: ownError(reason) });
  }

  /** @param {string} reason */
  #endAll(reason) {
    for (const id of [...this.#pending.keys()]) {
      this.#end(id, reason);
    }
  }

  /**
   * @param {chrome.runtime.Port} port
   * @param {string} reason
   */
  #lose(port, reason) {
    if (this.#port !== port) {
      return; // already replaced
    }
    console.warn(`powerup-secrets: connection to the host lost: ${reason}`);
    this.#port = undefined;
    this.#hello = undefined;
    if (this.#ready) {
      this.#ready = false;
      this.#options.onLost();
    }
    this.#endAll(reason);
  }
}

/**
 * @param {any} hello  the host's answer
 * @returns {Answer | undefined}
 */
function protocolMismatch(hello) {
  if (hello?.protocol === PROTOCOL) {
    return undefined;
  }
  const older = hello?.protocol > PROTOCOL ? 'extension' : 'host';
  return {
    ok: false,
    error: ownError(
      `the host speaks protocol ${hello?.protocol} and the extension ${PROTOCOL}; update the ${older}.`,
    ),
  };
}
