// SPDX-License-Identifier: MIT
// What a frame's bridge does for the background: begun by scripting.executeScript, which reaches every
// frame in the order of the calls, and ended by a message, for its channel closes with the document.

/** @typedef {import('../messages.js').Back} Back */
/** @typedef {import('../messages.js').Invocation} Invocation */

/**
 * The scene of this document: its origin's own settings go before those of all.
 *
 * @param {import('../messages.js').Scenes} all
 * @returns {any}
 */
export function sceneIn({ scenes, faults }) {
  const settings = (/** @type {string} */ origin) =>
    scenes.find((row) => row.origin === origin)?.settings;
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
 * @param {() => boolean} options.isPowerUp
 * @param {() => Promise<unknown>} options.flush  the journal
 * @param {import('./mirror.js').Mirror} options.mirror
 */
export function createFrame({ ask, post, isPowerUp, flush, mirror }) {
  /** @param {any} scene  of this document */
  async function change(scene) {
    await ask({ scene });
    if (isPowerUp()) {
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
      if (!isPowerUp() || origin !== window.origin) {
        return null;
      }
      const answer = await ask({ invoke: invocation });
      return answer.response?.code === 'unsupported command' ? null : answer;
    },
    describe: () =>
      isPowerUp() ? { origin: window.origin, url: window.location.href.split('#')[0] } : null,
  };
  /** What was begun and not asked for yet, by ticket. @type {Map<string, Promise<Outcome>>} */
  const begun = new Map();
  return {
    change,
    /**
     * Begins, at once, what the background asks.
     *
     * @param {string} ticket
     * @param {FrameMethod} name
     * @param {any[]} args
     */
    begin(ticket, name, args) {
      const work = async () => /** @type {any} */ (methods[name])(...args);
      begun.set(
        ticket,
        work().then(
          (result) => ({ result }),
          (error) => ({ error: error.message }),
        ),
      );
    },
    /**
     * @param {string} ticket
     * @returns {Promise<Outcome>}
     */
    end(ticket) {
      const outcome = begun.get(ticket) ?? Promise.resolve({ gone: true });
      begun.delete(ticket);
      return outcome;
    },
  };
}

/** @typedef {'apply' | 'invoke' | 'describe'} FrameMethod */
/** @typedef {{result?: any, error?: string, gone?: true}} Outcome  gone: the document is another */
