// SPDX-License-Identifier: MIT
// The handlers of TrelloPowerUp.initialize, and the callbacks that they return, called by name as
// Trello does.
import { MESSAGE_ERRORS } from './message-errors.js';

/**
 * @param {object} options
 * @param {any} options.Promise  the promise class of the library
 * @param {(own: Record<string, any>) => any} options.createT
 * @param {(value: any) => any} options.copy
 * @param {ReturnType<typeof import('./callbacks.js').createCallbackCache>} options.callbackCache
 * @param {() => any} options.defaultContext
 */
export function createHandlers({ Promise, createT, copy, callbackCache, defaultContext }) {
  /** @type {Record<string, Function>} */
  let handlers = {};
  /** Of TrelloPowerUp.initialize. @type {any} */
  let options;

  /**
   * @param {import('../messages.js').Invocation} invocation
   * @returns {Promise<{success: boolean, response: any}>}
   */
  async function invoke({ command, args: [given, ...rest] }) {
    const first = { context: defaultContext(), ...given };
    const args = [first, ...rest];
    const { PluginDisabled, InvalidContext } = MESSAGE_ERRORS;
    const t = createT({
      args,
      command,
      options,
      secret: undefined,
      source: window.parent,
      PluginDisabled,
      InvalidContext,
    });
    try {
      if (command === 'callback') {
        return { success: true, response: await callbackCache.callback(t, first, copy) };
      }
      if (!Object.hasOwn(handlers, command)) {
        // Trello sends only what a page registered, so this is no failure of the page.
        const message = `unsupported command: ${command}`;
        return { success: false, response: { code: 'unsupported command', message } };
      }
      const result = await Promise.try(() => handlers[command].call(t, t, ...args));
      return { success: true, response: copy(result) };
    } catch (error) {
      const { code, message } = /** @type {any} */ (error ?? {});
      if (code !== 'not handled') {
        console.warn(`The Power-Up failed to answer "${command}":`, error);
      }
      return { success: false, response: { code, message } };
    }
  }

  return {
    invoke,
    /**
     * @param {Record<string, Function>} given
     * @param {any} chosen  the options of TrelloPowerUp.initialize
     */
    register(given, chosen) {
      handlers = given;
      options = chosen;
    },
  };
}
