// SPDX-License-Identifier: MIT
import Bluebird from 'bluebird/js/main/bluebird.js';
import { PluginData } from '../../extension/src/page/plugin-data.js';

/**
 * The plugin data of one `t`, with a Trello that keeps texts and compares before it writes.
 *
 * @param {Record<string, Record<string, any>>} [trello]  the texts by scope and visibility
 * @param {{held?: boolean}} [options]  whether reads are answered only when the test says so
 */
export function openPluginData(trello = {}, { held = false } = {}) {
  const asked = /** @type {{command: string, params: any}[]} */ ([]);
  const written = /** @type {{params: any, base: any}[]} */ ([]);
  const waiting = /** @type {(() => void)[]} */ ([]);
  const meanwhile = /** @type {(() => void)[]} */ ([]);
  let failing = 0;

  /** @param {string} command */
  function checkFailure(command) {
    if (failing > 0) {
      failing--;
      throw new Error(`no (Command: ${command})`);
    }
  }

  const data = new PluginData({
    t: {
      requestWithContext(/** @type {string} */ command, /** @type {any} */ params) {
        asked.push({ command, params });
        return new Bluebird((/** @type {any} */ resolve, /** @type {any} */ reject) => {
          const answer = () => {
            try {
              checkFailure(command);
              resolve(structuredClone(trello));
            } catch (error) {
              reject(error);
            }
          };
          held ? waiting.push(answer) : answer();
        });
      },
    },
    write: (params, base) =>
      Bluebird.try(() => {
        const { scope, visibility, data: text } = /** @type {any} */ (params);
        written.push({ params, base });
        checkFailure('set');
        meanwhile.shift()?.();
        const kept = trello[scope]?.[visibility] ?? null;
        if (kept !== base) {
          return { written: false };
        }
        trello[scope] = { ...trello[scope], [visibility]: text };
        return { written: true };
      }),
  });

  return {
    /** @type {any} */
    data,
    trello,
    asked,
    written,
    /** What happens between reading and the next writes. */
    meanwhile,
    /** Lets that many requests fail. @param {number} count */
    fail: (count) => (failing = count),
    /** Answers what waits, and lets the answers have their effect. */
    async answer() {
      waiting.splice(0).forEach((each) => each());
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}
