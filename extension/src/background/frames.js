// SPDX-License-Identifier: MIT

/** @typedef {import('../bridge/frame.js').Outcome} Outcome */
/** @typedef {import('../messages.js').Invocation} Invocation */
/** @typedef {import('../messages.js').AllSettings} AllSettings */

/**
 * @typedef {object} Frame
 * @property {chrome.runtime.Port} port
 * @property {Map<number, (outcome: Outcome) => void>} pending  questions without an answer yet
 * @property {Promise<Outcome> | undefined} applied  the outcome of the last change of the settings
 */

/** @type {Outcome} */
const GONE = { gone: true };

/** How long a page may take to open its port. Some, such as an error page, never do. */
const ARRIVAL_MS = 1_000;

/** @param {Outcome[]} outcomes */
function throwFirstError(outcomes) {
  const failed = outcomes.find(({ error }) => error !== undefined);
  if (failed !== undefined) {
    throw new Error(failed.error);
  }
}

/**
 * Every frame of every tab, reached through the port that its bridge opened. The port closes with the
 * frame's document, so nobody waits for a page that is gone; and it reaches pages in the browser
 * contexts of a test driver, which chrome.tabs lists but cannot message.
 */
export class Frames {
  /** @type {Set<Frame>} */
  #frames = new Set();
  #lastId = 0;
  #arrivals = new EventTarget();
  /** Those applied last. @type {AllSettings | undefined} */
  #settings;

  /** @param {chrome.runtime.Port} port  that a bridge has just opened */
  add(port) {
    /** @type {Frame} */
    const frame = { port, pending: new Map(), applied: undefined };
    this.#frames.add(frame);
    port.onMessage.addListener(({ id, request, ...outcome }) => {
      if (request === undefined) {
        frame.pending.get(id)?.(outcome);
        frame.pending.delete(id);
      }
    });
    port.onDisconnect.addListener(() => {
      void chrome.runtime.lastError; // a page in the back/forward cache is no error
      this.#frames.delete(frame);
      for (const resolve of frame.pending.values()) {
        resolve(GONE);
      }
    });
    // The settings may have changed since the document's scripts were chosen.
    if (this.#settings === undefined) {
      port.postMessage({});
    } else {
      frame.applied = this.#ask(frame, 'apply', [this.#settings]);
    }
    this.#arrivals.dispatchEvent(new Event('arrival'));
  }

  /**
   * @param {Frame} frame
   * @param {import('../bridge/frame.js').FrameMethod} method
   * @param {any[]} args
   * @returns {Promise<Outcome>}
   */
  #ask({ port, pending }, method, args) {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      pending.set(id, resolve);
      port.postMessage({ id, method, args });
    });
  }

  /** Waits for the ports of pages that have just been loaded. */
  async #waitForAll() {
    const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*'], discarded: false });
    const late = new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS, 'late'));
    const hasPort = (/** @type {chrome.tabs.Tab} */ { id }) =>
      [...this.#frames].some(
        ({ port: { sender } }) => sender?.frameId === 0 && sender.tab?.id === id,
      );
    while (!tabs.every(hasPort)) {
      const next = new Promise((resolve) =>
        this.#arrivals.addEventListener('arrival', resolve, { once: true }),
      );
      if ((await Promise.race([next, late])) === 'late') {
        break;
      }
    }
  }

  /**
   * @param {import('../bridge/frame.js').FrameMethod} method
   * @param {...any} args
   * @returns {Promise<Outcome[]>}
   */
  #askAll(method, ...args) {
    return Promise.all([...this.#frames].map((frame) => this.#ask(frame, method, args)));
  }

  /** @param {AllSettings} settings  for all frames, present and future */
  async apply(settings) {
    this.#settings = settings;
    for (const frame of this.#frames) {
      frame.applied = this.#ask(frame, 'apply', [settings]);
    }
    await this.#waitForAll();
    const applied = [...this.#frames].map((frame) => frame.applied ?? GONE);
    throwFirstError(await Promise.all(applied));
  }

  /**
   * Invokes a handler or callback in the page of an origin that has it.
   *
   * @param {string} origin
   * @param {Invocation} invocation
   * @returns {Promise<any>}  null when there is no such page
   */
  async invoke(origin, invocation) {
    await this.#waitForAll();
    const outcomes = await this.#askAll('invoke', origin, invocation);
    const answer = outcomes.find(({ result }) => result !== undefined && result !== null);
    if (answer !== undefined) {
      return answer.result;
    }
    throwFirstError(outcomes);
    if (outcomes.some(({ gone }) => gone)) {
      throw new Error(`a page went away before it answered "${invocation.command}".`);
    }
    return null;
  }

  /**
   * The pages with a Power-Up.
   *
   * @returns {Promise<{origin: string, url: string, tab: number | undefined}[]>}
   */
  async describe() {
    await this.#waitForAll();
    const frames = [...this.#frames];
    const outcomes = await this.#askAll('describe');
    return outcomes.flatMap(({ result }, i) =>
      result ? [{ ...result, tab: frames[i].port.sender?.tab?.id }] : [],
    );
  }

  /**
   * Makes the pages of an origin render.
   *
   * @param {unknown} origin
   */
  render(origin) {
    void this.#askAll('render', origin);
  }
}
