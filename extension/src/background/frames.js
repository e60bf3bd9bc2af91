// SPDX-License-Identifier: MIT
import { Questions } from '../questions.js';

/** @typedef {import('../bridge/frame.js').FrameMethod} FrameMethod */
/** @typedef {import('../bridge/frame.js').Outcome} Outcome */
/** @typedef {import('../messages.js').Invocation} Invocation */
/** @typedef {import('../messages.js').AllSettings} AllSettings */
/** @typedef {import('../messages.js').Revisions} Revisions */

/**
 * @typedef {object} Scope  which frames a command is about, and how long it waits for them
 * @property {string[]} [origins]  none: all
 * @property {Promise<'late'>} [limit]  none: until all have answered
 */

/**
 * @typedef {object} Frame
 * @property {FramePort} port
 * @property {Who} who  the document, as of when it opened the port
 * @property {Questions<Outcome>} questions
 * @property {Promise<Outcome> | undefined} applied  the outcome of the last change of the settings
 */

/**
 * Who a frame's document is, by the browser's word.
 *
 * @typedef {object} Who
 * @property {string} page  the document's id
 * @property {import('./caller.js').Caller} caller
 * @property {string} address  without its hash
 * @property {number} [tab]
 * @property {boolean} isTop  it is the tab's page, and not a frame in it
 */

/** @typedef {Pick<chrome.runtime.Port, 'postMessage' | 'onMessage' | 'onDisconnect'>} FramePort  to a bridge */

/**
 * What the browser says of its tabs.
 *
 * @typedef {object} Tabs
 * @property {() => Promise<number[]>} withPages  those that show, or are about to show, a page of http or https
 * @property {(tab: number) => Promise<boolean>} isPage  whether it is one that can have a bridge, unlike an
 *   error page
 */

/** @type {Outcome} */
const GONE = { gone: true };
/** @type {Outcome} */
const LATE = { late: true };

/** After how long a page that has not opened its port may be one that never will, such as an error page. */
const ARRIVAL_MS = 1_000;

/** The command of a function that a page has passed to Trello; every page may have some. */
const CALLBACK = 'callback';

/** After how long a page that has not answered is one that may have kept the browser waiting. */
export const SILENT_MS = 500;

/** @param {Frame} frame @returns {string}  '' of one that has no storage */
const originOf = ({ who: { caller } }) => ('origin' in caller ? caller.origin : '');

/**
 * @param {string[]} [origins]  none: all
 * @returns {(frame: Frame) => boolean}
 */
const isIn = (origins) => (frame) => origins === undefined || origins.includes(originOf(frame));

/**
 * @param {number} ms
 * @param {AbortSignal} [signal]  by which nobody waits any more; the promise stays pending
 */
export const passed = (ms, signal) =>
  new Promise((/** @type {(value: 'late') => void} */ resolve) => {
    if (!signal?.aborted) {
      const timer = setTimeout(() => resolve('late'), ms);
      signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
  });

/** @type {Promise<'late'>} */
const NEVER = new Promise(() => {});

/**
 * @param {Frame[]} asked
 * @param {Outcome[]} outcomes
 */
function throwFailures(asked, outcomes) {
  const messages = outcomes.flatMap(({ error, late }, i) => {
    const { address } = asked[i].who;
    if (late) {
      return `${address} does not answer: a script of the page runs for long, a dialog of it (alert, confirm, prompt) is open, or a debugger has stopped it`;
    }
    return error === undefined ? [] : `${address}: ${error}`;
  });
  if (messages.length > 0) {
    throw new Error(messages.join('; '));
  }
}

/**
 * Revisions only grow, and what was read before may arrive later.
 *
 * @param {Revisions} some
 * @param {Revisions} others
 * @returns {Revisions}
 */
function newest(some, others) {
  const found = { ...some };
  for (const [origin, revision] of Object.entries(others)) {
    found[origin] = Math.max(revision, found[origin] ?? 0);
  }
  return found;
}

/**
 * Every frame of every tab, reached through the port that its bridge opened. The port closes with the
 * frame's document, so nobody waits for a page that is gone; and it reaches pages in the browser
 * contexts of a test driver, which chrome.tabs lists but cannot message.
 */
export class Frames {
  /** @type {Set<Frame>} */
  #frames = new Set();
  /** Events 'change': a frame has come, or its page has become a Power-Up. */
  #changes = new EventTarget();
  /** Those applied last. @type {AllSettings | undefined} */
  #settings;
  #tabs;

  /** @param {Tabs} tabs */
  constructor(tabs) {
    this.#tabs = tabs;
  }

  /**
   * @param {FramePort} port  that a bridge has just opened
   * @param {Who} who
   * @returns {Frame}
   */
  add(port, who) {
    /** @type {Frame} */
    const frame = { port, who, questions: new Questions(), applied: undefined };
    this.#frames.add(frame);
    port.onMessage.addListener(({ id, request, powerUp, ...outcome }) => {
      if (powerUp) {
        this.#changes.dispatchEvent(new Event('change'));
      } else if (request === undefined) {
        frame.questions.answer(id, outcome);
      }
    });
    port.onDisconnect.addListener(() => {
      this.#frames.delete(frame);
      frame.questions.answerAll(GONE);
    });
    port.postMessage({}); // says that the background has started
    // The settings may have changed since the document's scripts were chosen.
    if (this.#settings !== undefined) {
      frame.applied = this.#ask(frame, 'apply', [this.#settings]);
    }
    this.#changes.dispatchEvent(new Event('change'));
    return frame;
  }

  /**
   * @param {Frame} frame
   * @param {FrameMethod} method
   * @param {any[]} args
   * @returns {Promise<Outcome>}
   */
  #ask({ port, questions }, method, args) {
    return questions.ask((id) => port.postMessage({ id, method, args }));
  }

  /** @param {string[]} [origins]  none: all */
  #of(origins) {
    return [...this.#frames].filter(isIn(origins));
  }

  /**
   * Waits for the ports of pages that have just been loaded.
   *
   * @param {Promise<'late'>} limit
   */
  async #waitForAll(limit) {
    const tabs = await this.#tabs.withPages();
    /** @param {number} tab */
    const hasPort = (tab) => [...this.#frames].some(({ who }) => who.isTop && who.tab === tab);
    let waited = tabs.filter((tab) => !hasPort(tab));
    let until = waited.length > 0 ? passed(ARRIVAL_MS) : limit;
    while (waited.length > 0) {
      const next = new Promise((resolve) =>
        this.#changes.addEventListener('change', resolve, { once: true }),
      );
      if ((await Promise.race([next, until])) === 'late') {
        if (until === limit) {
          return;
        }
        until = limit;
        const pages = await Promise.all(
          waited.map((tab) => Promise.race([this.#tabs.isPage(tab), limit])),
        );
        waited = waited.filter((_tab, i) => pages[i] === true);
      }
      waited = waited.filter((tab) => !hasPort(tab));
    }
  }

  /**
   * @param {Frame[]} asked
   * @param {(frame: Frame) => Promise<Outcome>} answer
   * @param {Promise<'late'>} limit
   * @returns {Promise<Outcome[]>}
   */
  #outcomes(asked, answer, limit) {
    const late = limit.then(() => LATE);
    return Promise.all(asked.map((frame) => Promise.race([answer(frame), late])));
  }

  /**
   * Asks frames, those that are there at once, and those that are about to come when they have.
   *
   * @param {(frame: Frame) => boolean} isAsked
   * @param {(frame: Frame) => Promise<Outcome>} ask
   * @param {Promise<'late'>} limit
   * @returns {Promise<{asked: Frame[], outcomes: Outcome[]}>}
   */
  async #askAll(isAsked, ask, limit) {
    /** @type {Map<Frame, Promise<Outcome>>} */
    const answers = new Map();
    const askNew = () => {
      for (const frame of this.#frames) {
        if (!answers.has(frame) && isAsked(frame)) {
          const answer = ask(frame);
          answer.catch(() => {}); // thrown below, when all have come
          answers.set(frame, answer);
        }
      }
    };
    askNew();
    await this.#waitForAll(limit);
    askNew();
    const asked = [...answers.keys()];
    const outcomes = await this.#outcomes(
      asked,
      (frame) => /** @type {Promise<Outcome>} */ (answers.get(frame)),
      limit,
    );
    return { asked, outcomes };
  }

  /**
   * @param {AllSettings} settings  for all frames, present and future
   * @param {Scope} [scope]  those for which something else has changed beside the settings
   */
  async apply(settings, { origins, limit = NEVER } = {}) {
    const before = this.#settings?.pluginData ?? {};
    const current = { ...settings, pluginData: newest(before, settings.pluginData) };
    this.#settings = current;
    /** @param {Frame} frame */
    const isConcerned = (frame) => {
      const origin = originOf(frame);
      return (
        origins === undefined ||
        origins.includes(origin) ||
        current.pluginData[origin] !== before[origin]
      );
    };
    const present = new Set(this.#frames);
    /** @param {Frame} frame */
    const ask = (frame) => {
      if (present.has(frame)) {
        frame.applied = this.#ask(frame, 'apply', [current]);
      }
      return frame.applied ?? Promise.resolve(GONE); // those that come were asked by add()
    };
    const { asked, outcomes } = await this.#askAll(isConcerned, ask, limit);
    throwFailures(asked, outcomes);
  }

  /**
   * What pages have not reported yet.
   *
   * @param {Scope & {itemsRevision?: number}} scope  itemsRevision: the host's
   * @param {(frame: Frame, report: {calls: object[]}) => Promise<void>} keep
   */
  async report({ origins, itemsRevision, limit = NEVER }, keep) {
    /** @param {Frame} frame */
    const answer = async (frame) => {
      const outcome = await this.#ask(frame, 'report', [itemsRevision]);
      if (outcome.result) {
        await keep(frame, outcome.result);
      }
      return outcome;
    };
    const { asked, outcomes } = await this.#askAll(isIn(origins), answer, limit);
    throwFailures(asked, outcomes);
  }

  /** Makes pages render. @param {Scope} scope */
  async render({ origins, limit = NEVER }) {
    const answer = (/** @type {Frame} */ frame) => this.#ask(frame, 'render', []);
    const { asked, outcomes } = await this.#askAll(isIn(origins), answer, limit);
    throwFailures(asked, outcomes);
  }

  /**
   * The plugin data of some origins have changed.
   *
   * @param {Revisions} pluginData
   * @param {Frame} [writer]  the page that has changed them
   */
  see(pluginData, writer) {
    if (this.#settings !== undefined) {
      this.#settings.pluginData = newest(this.#settings.pluginData, pluginData);
    }
    for (const frame of this.#of(Object.keys(pluginData))) {
      const origin = originOf(frame);
      const renders = frame !== writer || this.#setting(origin, 'renderWriter') !== 'off';
      void this.#ask(frame, 'see', [pluginData[origin], renders]);
    }
  }

  /**
   * @param {string} origin
   * @param {string} name
   */
  #setting(origin, name) {
    const of = (/** @type {string} */ one) =>
      this.#settings?.origins.find((row) => row.origin === one)?.settings[name];
    return of(origin) ?? of('');
  }

  /**
   * Invokes a handler or callback in one page of an origin: the newest that has the handler.
   *
   * @param {Scope & {origin: string, page?: string, waits?: boolean, invocation: Invocation}} options
   *   page: the only one; waits: for a page that is about to call TrelloPowerUp.initialize, unless one
   *   has called it
   * @returns {Promise<any>}  null: no such page with a Power-Up is open; {handlers}: the names that there
   *   are; else the page's answer, with its id as `page`
   */
  async invoke({ origin, page, waits = false, invocation, limit = NEVER }) {
    await this.#waitForAll(limit);
    for (;;) {
      const change = new Promise((resolve) =>
        this.#changes.addEventListener('change', resolve, { once: true }),
      );
      const asked = this.#of([origin]).filter(
        (frame) => page === undefined || frame.who.page === page,
      );
      const { able, handlers, isOpen } = await this.#offers(
        asked.reverse(),
        invocation.command,
        limit,
      );
      if (able.length > 0) {
        return this.#invokeIn(able, invocation, limit);
      }
      if (handlers !== undefined || !waits || (await Promise.race([change, limit])) === 'late') {
        return isOpen ? { handlers: handlers ?? [] } : null;
      }
    }
  }

  /**
   * @param {Frame[]} asked
   * @param {string} command
   * @param {Promise<'late'>} limit
   * @returns {Promise<{able: Frame[], handlers?: string[], isOpen?: boolean}>}  able: those that can be
   *   invoked; handlers: the names that there are, undefined where no page has called
   *   TrelloPowerUp.initialize; isOpen: whether one of the pages has a Power-Up
   */
  async #offers(asked, command, limit) {
    /** @param {import('../bridge/frame.js').PowerUp | null | undefined} offer */
    const isAble = (offer) =>
      offer != null && (command === CALLBACK || (offer.handlers ?? []).includes(command));
    /** @type {(value: 'late') => void} */
    let oneIsAble = () => {};
    const enough = new Promise((/** @type {(value: 'late') => void} */ resolve) => {
      // One that does not answer holds up the others only for a moment.
      oneIsAble = () => void passed(SILENT_MS).then(resolve);
    });
    const answer = async (/** @type {Frame} */ frame) => {
      const outcome = await this.#ask(frame, 'offer', []);
      if (isAble(outcome.result)) {
        oneIsAble('late');
      }
      return outcome;
    };
    const outcomes = await this.#outcomes(asked, answer, Promise.race([limit, enough]));
    const able = asked.filter((_frame, i) => isAble(outcomes[i].result));
    if (able.length > 0) {
      return { able };
    }
    throwFailures(asked, outcomes);
    const known = outcomes.flatMap(({ result }) => result?.handlers ?? []);
    const isKnown = outcomes.some(({ result }) => result?.handlers !== undefined);
    const isOpen = outcomes.some(({ result }) => result != null);
    return { able, isOpen, ...(isKnown && { handlers: [...new Set(known)] }) };
  }

  /**
   * @param {Frame[]} able  of which one is invoked; a callback is that of the first that has it
   * @param {Invocation} invocation
   * @param {Promise<'late'>} limit
   */
  async #invokeIn(able, invocation, limit) {
    const { command } = invocation;
    /** @type {any} */
    let last = null;
    for (const frame of able) {
      const { result, error, gone, late } = await Promise.race([
        this.#ask(frame, 'invoke', [invocation]),
        limit.then(() => LATE),
      ]);
      if (gone) {
        throw new Error(`a page went away before it answered "${command}": ${frame.who.address}`);
      }
      if (late || error !== undefined) {
        throw new Error(
          `${frame.who.address}: ${late ? `"${command}" has not settled in time` : error}`,
        );
      }
      last = { ...result, page: frame.who.page };
      if (command !== CALLBACK || last.response?.code !== 'not handled') {
        break;
      }
    }
    return last;
  }

  /**
   * The pages that do not answer now.
   *
   * @returns {Promise<string[]>}  their addresses
   */
  async silent() {
    const asked = [...this.#frames];
    const answer = (/** @type {Frame} */ frame) => this.#ask(frame, 'describe', []);
    const outcomes = await this.#outcomes(asked, answer, passed(SILENT_MS));
    return asked.filter((_frame, i) => outcomes[i].late).map(({ who }) => who.address);
  }

  /**
   * The pages with a Power-Up; those that do not answer in time may be ones.
   *
   * @param {Scope} [scope]
   * @returns {Promise<{origin: string, url: string, tab: number | undefined, answers: boolean}[]>}
   */
  async describe({ limit = NEVER } = {}) {
    const answer = (/** @type {Frame} */ frame) => this.#ask(frame, 'describe', []);
    const { asked, outcomes } = await this.#askAll(isIn(), answer, limit);
    return outcomes.flatMap(({ result, late }, i) => {
      const { address, tab } = asked[i].who;
      if (late) {
        return { origin: originOf(asked[i]) || 'null', url: address, tab, answers: false };
      }
      return result ? { ...result, tab, answers: true } : [];
    });
  }
}
