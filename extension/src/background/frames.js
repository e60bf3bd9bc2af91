// SPDX-License-Identifier: MIT

/** @typedef {import('../bridge/frame.js').Outcome} Outcome */
/** @typedef {import('../messages.js').Invocation} Invocation */
/** @typedef {import('../messages.js').Scenes} Scenes */

/**
 * @typedef {object} Frame
 * @property {chrome.runtime.Port} port
 * @property {Map<number, (outcome: Outcome) => void>} pending  what was asked and is not answered
 * @property {Promise<Outcome> | undefined} applied  of the last scenes
 */

/** @type {Outcome} */
const GONE = { gone: true };

/** How long an open page may take to open its port. Some never do, such as an error page. */
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
 * frame's document, so nobody waits for a page that went away; and it reaches the pages of a test
 * driver's own browser contexts, which chrome.tabs lists and then does not find.
 */
export class Frames {
  /** @type {Set<Frame>} */
  #frames = new Set();
  #lastId = 0;
  #arrivals = new EventTarget();
  /** What was applied last. @type {Scenes | undefined} */
  #scenes;

  /** @param {chrome.runtime.Port} port  that a bridge has just opened */
  add(port) {
    /** @type {Frame} */
    const frame = { port, pending: new Map(), applied: undefined };
    this.#frames.add(frame);
    port.onMessage.addListener(({ id, call, ...outcome }) => {
      if (call === undefined) {
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
    // The scene may have changed since the document's scripts were chosen.
    if (this.#scenes === undefined) {
      port.postMessage({});
    } else {
      frame.applied = this.#ask(frame, 'apply', [this.#scenes]);
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

  /** Waits for the ports of pages that are open and have just been loaded. */
  async #allHere() {
    const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*'], discarded: false });
    const late = new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS, 'late'));
    const isHere = (/** @type {chrome.tabs.Tab} */ { id }) =>
      [...this.#frames].some(
        ({ port: { sender } }) => sender?.frameId === 0 && sender.tab?.id === id,
      );
    while (!tabs.every(isHere)) {
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

  /** @param {Scenes} scenes  for the frames that are here and those to come */
  async apply(scenes) {
    this.#scenes = scenes;
    for (const frame of this.#frames) {
      frame.applied = this.#ask(frame, 'apply', [scenes]);
    }
    await this.#allHere();
    const applied = [...this.#frames].map((frame) => frame.applied ?? GONE);
    throwFirstError(await Promise.all(applied));
  }

  /**
   * Asks the page of an origin that has a handler for it.
   *
   * @param {string} origin
   * @param {Invocation} invocation
   * @returns {Promise<any>}  null when there is no such page
   */
  async invoke(origin, invocation) {
    await this.#allHere();
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
    await this.#allHere();
    const frames = [...this.#frames];
    const outcomes = await this.#askAll('describe');
    return outcomes.flatMap(({ result }, i) =>
      result ? [{ ...result, tab: frames[i].port.sender?.tab?.id }] : [],
    );
  }

  /**
   * Has the other pages of an origin render.
   *
   * @param {unknown} origin
   */
  render(origin) {
    void this.#askAll('render', origin);
  }
}
