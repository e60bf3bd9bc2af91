// SPDX-License-Identifier: MIT
// What a frame's bridge does at the background's request.
import defaults from '../../default-context.json' with { type: 'json' };

/** @typedef {import('../messages.js').AllSettings} AllSettings */
/** @typedef {import('../messages.js').BridgeMessage} BridgeMessage */
/** @typedef {import('../messages.js').Invocation} Invocation */

/**
 * The settings of this document. Those of its origin take precedence over those of all origins.
 *
 * @param {AllSettings} all
 * @returns {any}
 */
export function settingsIn({ origins, faults, filled = false }) {
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
    faults: faults.includes('') || faults.includes(window.origin),
    filled,
  };
}

/**
 * What the page is, as far as it has said.
 *
 * @typedef {object} PowerUp
 * @property {string[]} [handlers]  the names that it gave to TrelloPowerUp.initialize
 */

/**
 * @param {object} options
 * @param {(message: BridgeMessage) => Promise<any>} options.ask  the page script
 * @param {() => PowerUp | undefined} options.powerUp  undefined: it does not use TrelloPowerUp
 * @param {import('./call-buffer.js').CallBuffer} options.callBuffer
 * @param {import('./mirror.js').Mirror} options.mirror
 */
export function createFrame({ ask, powerUp, callBuffer, mirror }) {
  /** The revision of the plugin data that the page has seen. @type {number | undefined} */
  let seen;
  /** The settings that the page has, as text. */
  let applied = '';

  /** What the page has posted before is here when it has answered a ping. */
  const isPowerUp = async () => {
    await ask({ ping: true });
    return powerUp() !== undefined;
  };

  /**
   * Gives the page the settings, unless it has them.
   *
   * @param {AllSettings} all
   * @returns {Promise<boolean>}  whether it has answered, so that what it has posted before is here
   */
  async function applySettings(all) {
    const settings = settingsIn(all);
    const text = JSON.stringify(settings);
    if (text === applied) {
      return false;
    }
    await ask({ settings });
    applied = text;
    return true;
  }

  const methods = {
    /** Brings the page up to date. @param {AllSettings} all */
    async apply(all) {
      const revision = all.pluginData[window.origin] ?? 0;
      const isCurrent = mirror.isCurrent(all.itemsRevision);
      const hasAnswered = await applySettings(all);
      if (!hasAnswered && !(isCurrent && seen !== undefined && revision <= seen)) {
        await ask({ ping: true });
      }
      if (!isCurrent && powerUp() !== undefined) {
        await mirror.compare();
      }
      seen ??= revision; // that of the time when the page was loaded
      await methods.see(revision, true);
    },

    /**
     * Has the host keep the page's items.
     *
     * @param {number} [itemsRevision]  of the host
     * @returns {Promise<{calls: object[]}>}  the page's calls that it has not sent yet
     */
    async report(itemsRevision) {
      if (await isPowerUp()) {
        await mirror.report(itemsRevision);
      }
      return { calls: callBuffer.take() };
    },

    /**
     * The plugin data that the page can see have changed.
     *
     * @param {number} revision
     * @param {boolean} renders  whether the page should render
     */
    async see(revision, renders) {
      const isNew = seen === undefined || revision > seen; // what was read before may arrive later
      seen = isNew ? revision : seen;
      if (isNew && renders && powerUp() !== undefined) {
        await ask({ render: true });
      }
    },

    async render() {
      if (await isPowerUp()) {
        await ask({ render: true });
      }
    },

    /**
     * What this page can be invoked for.
     *
     * @returns {Promise<PowerUp | null>}  null when it is no Power-Up; any Power-Up may have callbacks
     */
    offer: async () => ((await isPowerUp()) ? (powerUp() ?? null) : null),

    /**
     * @param {Invocation} invocation  for a handler that it has, or a callback
     * @returns {Promise<any>}
     */
    invoke: (invocation) => ask({ invoke: invocation }),

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
        return { result: (await /** @type {any} */ (methods[method])(...args)) ?? null };
      } catch (error) {
        return { error: /** @type {Error} */ (error).message };
      }
    },
  };
}

/** @typedef {'apply' | 'report' | 'see' | 'render' | 'offer' | 'invoke' | 'describe'} FrameMethod */
/** @typedef {{result?: any, error?: string, gone?: true, late?: true}} Outcome  gone: the document went
 *   away; late: it has not answered in time */
