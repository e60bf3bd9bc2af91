// SPDX-License-Identifier: MIT
// What a frame's bridge does for the background, which asks through the frame's port.

/** @typedef {import('../messages.js').Back} Back */
/** @typedef {import('../messages.js').Invocation} Invocation */

/**
 * The scene of this document: its origin's own settings go before those of all.
 *
 * @param {import('../messages.js').Scenes} all
 * @returns {any}
 */
export function sceneIn({ origins, faults }) {
  const settings = (/** @type {string} */ origin) =>
    origins.find((row) => row.origin === origin)?.settings;
  const scene = {
    fidelity: 'documented',
    storage: 'enabled',
    member: '5f0000000000000000000001',
    ...settings(''),
    ...settings(window.origin),
  };
  return {
    ...scene,
    member: scene.member || null,
    faults,
  };
}

/**
 * @param {object} options
 * @param {(message: Back) => Promise<any>} options.ask  the page script
 * @param {(message: Back) => void} options.post
 * @param {() => Promise<boolean>} options.isPowerUp
 * @param {() => Promise<unknown>} options.flush  the journal
 * @param {import('./mirror.js').Mirror} options.mirror
 */
export function createFrame({ ask, post, isPowerUp, flush, mirror }) {
  /** @param {any} scene  of this document */
  async function change(scene) {
    await ask({ scene });
    if (await isPowerUp()) {
      await flush();
      await mirror.compare();
      post({ event: 'render' });
    }
  }
  const methods = {
    /** @param {import('../messages.js').Scenes} scenes */
    apply: (scenes) => change(sceneIn(scenes)),
    /**
     * @param {string} origin
     * @param {Invocation} invocation
     * @returns {Promise<any>}  null when this is not the page
     */
    async invoke(origin, invocation) {
      if (origin !== window.origin || !(await isPowerUp())) {
        return null;
      }
      const answer = await ask({ invoke: invocation });
      return answer.response?.code === 'unsupported command' ? null : answer;
    },
    /** @param {string} origin  of the pages that are meant */
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
