// SPDX-License-Identifier: MIT
// Between the bridges of all frames and the one native host: adds who is calling, and does what the
// command line asks. How host, frames and settings are reached is its caller's.
import { OPERATIONS, ownError } from '../messages.js';
import { Events } from './events.js';
import { Frames, passed } from './frames.js';
import { HostConnection } from './host-connection.js';
import { answerPanel } from './panel.js';

/** @typedef {import('./frames.js').Frame} Frame */
/** @typedef {import('../messages.js').Answer} Answer */

/** A host that was lost is started again at once, so that the command line reaches this browser. Only
 * while hosts end soon after they start, or do not start, the time in between grows. */
const RESTART_FIRST_MS = 100;
const RESTART_MAX_MS = 60_000;
const GOOD_MS = 1_000;

const UNKNOWN = ownError('the extension does not know this request.');

/**
 * @typedef {object} Edges
 * @property {() => import('./host-connection.js').HostPort} connectHost  starts a host
 * @property {() => string | undefined} [lastError]  why the host's port was disconnected, where the port
 *   itself does not say
 * @property {import('./frames.js').Tabs} tabs
 * @property {import('./events.js').SettingsAtStart} settingsAtStart
 * @property {string} extensionVersion
 * @property {string} browser  name and version, for the host
 */

/** @param {any} error @returns {Answer} */
const failed = (error) => ({
  ok: false,
  error: ownError(`the extension failed: ${error.message}`),
});

export class Background {
  #frames;
  #host;
  /** @type {() => HostConnection} */
  #commandHost;
  #events;
  #restartMs = 0;
  #readyAt = 0;
  #closed = new AbortController();

  /** @param {Edges} edges */
  constructor({ connectHost, lastError, tabs, settingsAtStart, extensionVersion, browser }) {
    this.#frames = new Frames(tabs);
    const edges = {
      connectHost: () => {
        this.#closed.signal.throwIfAborted();
        return connectHost();
      },
      lastError,
      extensionVersion,
      browser,
    };
    this.#commandHost = () => new HostConnection({ ...edges, serves: false });
    this.#host = new HostConnection({
      ...edges,
      onReady: () => {
        this.#readyAt = performance.now();
        this.#events
          .apply({})
          .catch(({ message }) =>
            console.warn(`powerup-secrets: the settings could not be applied: ${message}`),
          );
      },
      onLost: () => void this.#restart(),
      onEvent: (event) => void this.#events.answer(event),
    });
    this.#events = new Events(this.#host, this.#frames, settingsAtStart, this.#closed.signal);
  }

  /** Starts the host: the command line reaches a browser through it, so it runs as long as the browser. */
  start() {
    return this.#host.start();
  }

  /** Ends the host, which is not started again, and all waiting for pages. */
  close() {
    this.#closed.abort(new Error('the background was closed.'));
    this.#host.close();
  }

  async #restart() {
    this.#restartMs = performance.now() - this.#readyAt > GOOD_MS ? 0 : this.#restartMs;
    do {
      await passed(this.#restartMs, this.#closed.signal);
      this.#restartMs = Math.min(this.#restartMs * 2 || RESTART_FIRST_MS, RESTART_MAX_MS);
    } while (!(await this.#host.start()));
  }

  /**
   * @param {import('./frames.js').FramePort} port  that a bridge has just opened
   * @param {import('./frames.js').Who} who
   */
  addFrame(port, who) {
    const frame = this.#frames.add(port, who);
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
      const given = await this.#answer(frame, request).catch(failed);
      if (open) {
        respond(id, given);
      }
      if (given.ok && given.result?.pluginData) {
        this.#frames.see(given.result.pluginData, frame);
      }
    });
  }

  /** @param {any} asked  by the toolbar panel @returns {Promise<Answer>} */
  answerPanel(asked) {
    return answerPanel(this.#host, this.#commandHost, this.#frames, asked).catch(failed);
  }

  /**
   * @param {Frame} frame  that asks
   * @param {any} request
   * @returns {Promise<Answer>}
   */
  async #answer({ who }, request) {
    /** @type {import('../messages.js').Operation} */
    const operation = request?.operation;
    if (!Object.hasOwn(OPERATIONS, operation)) {
      return { ok: false, error: UNKNOWN };
    }
    if ('error' in who.caller) {
      return { ok: false, error: ownError(who.caller.error) };
    }
    /** @type {Record<string, unknown>} */
    const caller = who.caller;
    const { caller: added, members } = OPERATIONS[operation];
    const given = request.members ?? {};
    const operands = Object.fromEntries([
      ...members.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
      ...added.filter((name) => caller[name] !== undefined).map((name) => [name, caller[name]]),
    ]);
    return this.#host.request(operation, operands);
  }
}
