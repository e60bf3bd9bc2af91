// SPDX-License-Identifier: MIT
// What a frame's bridge does at the background's request.
import defaults from '../../default-context.json' with { type: 'json' };

/** @typedef {import('../messages.js').BridgeMessage} BridgeMessage */
/** @typedef {import('../messages.js').Invocation} Invocation */

/**
 * The settings of this document. Those of its origin take precedence over those of all origins.
 *
 * @param {import('../messages.js').AllSettings} all
 * @returns {any}
 */
export function settingsIn({ origins, faults }) {
  const settingsFor = (/** @type {string} */ origin) =>
    origins.find((row) => row.origin === origin)?.settings;
  const settings = {
    fidelity: 'documented',
    storage: 'enabled',
    member: defaults.member,
    ...settingsFor(''),
    ...settingsFor(window.origin),
  };
  return {
    ...settings,
    member: settings.member || null,
    faults,
  };
}

/**
 * @param {object} options
 * @param {(message: BridgeMessage) => Promise<any>} options.ask  the page script
 * @param {(message: BridgeMessage) => void} options.post
 * @param {() => Promise<boolean>} options.isPowerUp
 * @param {() => Promise<unknown>} options.flush  sends the calls that are recorded so far
 * @param {import('./mirror.js').Mirror} options.mirror
 */
export function createFrame({ ask, post, isPowerUp, flush, mirror }) {
  /** @param {any} settings  of this document */
  async function change(settings) {
    await ask({ settings });
    if (await isPowerUp()) {
      await flush();
      await mirror.compare();
      post({ event: 'render' });
    }
  }
  const methods = {
    /** @param {import('../messages.js').AllSettings} settings */
    apply: (settings) => change(settingsIn(settings)),
    /**
     * @param {string} origin
     * @param {Invocation} invocation
     * @returns {Promise<any>}  null when this page does not handle it
     */
    async invoke(origin, invocation) {
      if (origin !== window.origin || !(await isPowerUp())) {
        return null;
      }
      const answer = await ask({ invoke: invocation });
      return answer.response?.code === 'unsupported command' ? null : answer;
    },
    /** @param {string} origin  whose pages should render */
    async render(origin) {
      if (origin === window.origin && (await isPowerUp())) {
        post({ event: 'render' });
      }
    },
    describe: async () =>
      (await isPowerUp())
        ? { origin: window.origin, url: window.location.href.split('#')[0] }
        : null,
  };
  return {
    /**
     * @param {FrameMethod} method
     * @param {any[]} args
     * @returns {Promise<Outcome>}
     */
    async run(method, args) {
      try {
        return { result: await /** @type {any} */ (methods[method])(...args) };
      } catch (error) {
        return { error: /** @type {Error} */ (error).message };
      }
    },
  };
}

/** @typedef {'apply' | 'invoke' | 'describe' | 'render'} FrameMethod */
/** @typedef {{result?: any, error?: string, gone?: true}} Outcome  gone: the document went away */
