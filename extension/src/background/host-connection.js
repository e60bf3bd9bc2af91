// SPDX-License-Identifier: MIT
import { ownError, REQUEST_SIZE_MAX, tooLarge } from '../messages.js';
import { Questions } from '../questions.js';
import { explainDisconnect } from './host-errors.js';

/** @typedef {import('../messages.js').Answer} Answer */

/** @typedef {Pick<chrome.runtime.Port, 'postMessage' | 'onMessage' | 'onDisconnect' | 'disconnect'>} HostPort  to
 *   a host that was started for it; its onDisconnect says why in the port's `error`, where it is known */

/** The protocol of docs/protocol.md that this extension speaks. */
const PROTOCOL = 1;

/** How long a host may take to answer hello: longer than it waits for a database that another program
 * has locked. Nothing else has a limit, as Trello's calls have none. */
const HELLO_TIMEOUT_MS = 45_000;

const PART_LOST = "a part of the host's reply was lost.";

/** A host that fails before it has answered hello is restarted with a delay, however often pages call. */
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MAX_MS = 2_000;

/** @param {string} reason @returns {Answer} */
const failed = (reason) => ({ ok: false, error: ownError(reason) });

/** @param {any} reply  of the host @returns {Answer} */
const answerOf = ({ ok, result, itemsRevision, error }) =>
  ok
    ? { ok: true, result, ...(itemsRevision !== undefined && { itemsRevision }) }
    : { ok: false, error: error.code === 'library_error' ? error : ownError(error.message) };

/**
 * One long-lived port to the native host. It connects with the first request, and after the host was
 * lost, with the next one. A request never rejects: failures are answers, too.
 */
export class HostConnection {
  /** @type {HostPort | undefined} */
  #port;
  /** The hello of the host on #port: undefined when it succeeded.
   * @type {Promise<Answer | undefined> | undefined} */
  #hello;
  /** @type {Questions<Answer>} */
  #requests = new Questions();
  /** The parts of a reply that is too large for one message. @type {{id: number, texts: string[]} | undefined} */
  #parts;
  #ready = false;
  /** Bytes. A host ends its connection, or skips the message, when it is larger. */
  #requestSizeMax = REQUEST_SIZE_MAX;
  /** @type {{ms: number, until: number, answer: Answer | undefined}} */
  #backOff = { ms: 0, until: 0, answer: undefined };
  #options;

  /**
   * @param {object} options
   * @param {() => HostPort} options.connectHost
   * @param {() => string | undefined} [options.lastError]  why a port was disconnected
   * @param {string} options.extensionVersion
   * @param {string} options.browser  name and version, for the host
   * @param {(event: any) => void} [options.onEvent]  for events of the host
   * @param {() => void} [options.onReady]  a host has answered hello
   * @param {() => void} [options.onLost]  a host that had answered hello is gone
   * @param {boolean} [options.serves]  whether hosts serve pages: they are sent hello first
   * @param {() => number} [options.now]
   */
  constructor(options) {
    this.#options = {
      now: () => performance.now(),
      onEvent: () => {},
      onReady: () => {},
      onLost: () => {},
      serves: true,
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

  /** Ends the host; the next request starts another. */
  close() {
    const port = this.#port;
    this.#port = undefined;
    this.#hello = undefined;
    this.#ready = false;
    port?.disconnect();
    this.#endAll('the background was closed.');
  }

  /** @returns {Promise<Answer | undefined>} */
  async #connect() {
    let port;
    try {
      port = this.#options.connectHost();
    } catch (error) {
      await undefined; // so that the caller has stored this promise before #hello is cleared
      this.#hello = undefined;
      return failed(/** @type {Error} */ (error).message);
    }
    this.#port = port;
    port.onMessage.addListener((message) => {
      if (port === this.#port) {
        this.#receive(message);
      }
    });
    port.onDisconnect.addListener(() => {
      // Chromium gives the reason in runtime.lastError, Firefox in port.error.
      const reason = /** @type {any} */ (port).error?.message ?? this.#options.lastError?.();
      this.#lose(port, explainDisconnect(reason));
    });
    if (!this.#options.serves) {
      return undefined;
    }
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
      this.#requestSizeMax = /** @type {any} */ (answer).result.requestSizeMax ?? REQUEST_SIZE_MAX;
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
    return this.#requests
      .ask((id) => {
        if (this.#port === undefined) {
          throw new Error('the native host is gone. The next call starts it again.');
        }
        const request = { id, op, ...members };
        const refusal = tooLarge(request, this.#requestSizeMax);
        if (refusal !== undefined) {
          throw new Error(refusal);
        }
        this.#port.postMessage(request);
      })
      .catch(({ message }) => failed(message));
  }

  /** @param {any} message */
  #receive(message) {
    if (message.event !== undefined) {
      this.#options.onEvent(message);
      return;
    }
    // The parts of a reply are consecutive: what comes instead of the next one shows that it was lost.
    if (this.#parts !== undefined && this.#parts.id !== message.id) {
      this.#requests.answer(this.#parts.id, failed(PART_LOST));
      this.#parts = undefined;
    }
    if (message.id === null) {
      // The host could not read the id of a request, which may be any of them.
      this.#endAll(`the host could not read a request: ${message.error?.message}`);
    } else if (message.part !== undefined) {
      this.#receivePart(message);
    } else if (!this.#requests.answer(message.id, answerOf(message))) {
      console.error('powerup-secrets: the host answered an unknown request', message.error);
    }
  }

  /** @param {{id: number, part: number, last: boolean, text: string}} message */
  #receivePart({ id, part, last, text }) {
    const parts = (this.#parts ??= { id, texts: [] });
    if (part !== parts.texts.length) {
      this.#parts = undefined;
      this.#requests.answer(id, failed(PART_LOST));
      return;
    }
    parts.texts.push(text);
    if (!last) {
      return;
    }
    this.#parts = undefined;
    try {
      this.#receive(JSON.parse(parts.texts.join('')));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.#requests.answer(id, failed(`the host's reply cannot be read: ${message}`));
    }
  }

  /** @param {string} reason */
  #endAll(reason) {
    this.#parts = undefined;
    this.#requests.answerAll(failed(reason));
  }

  /**
   * @param {HostPort} port
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
