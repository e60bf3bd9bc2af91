// SPDX-License-Identifier: MIT
// Emulates Trello: answers the requests that the library would send to its parent frame.
import { asOperational, promised, resultOf } from './errors.js';
import { recordable } from './calls.js';
import { methodsOf } from './methods.js';

/** Requests that show something. They are recorded with their arguments and answered with null. */
const SHOWN = new Set(methodsOf('shown').map(({ command }) => command));

/**
 * @param {any} context
 * @param {string} name
 */
function id(context, name) {
  const value = context?.[name];
  return value === undefined || value === null ? undefined : `${value}`;
}

/** @param {any} context */
function member(context) {
  const value = id(context, 'member');
  return value === 'notLoggedIn' ? undefined : value;
}

/**
 * @param {object} options
 * @param {any} options.Promise  the promise class of the library
 * @param {import('./channel.js').Channel} options.channel
 * @param {() => Promise<import('./settings.js').Settings>} options.confirmedSettings
 * @param {import('./calls.js').Calls} options.calls
 * @param {import('./faults.js').Faults} options.applyFault
 */
export function createTrello({
  Promise: LibraryPromise,
  channel,
  confirmedSettings,
  calls,
  applyFault,
}) {
  /** @param {any} params */
  async function data({ context, idCard }) {
    await applyFault('get', true);
    return resultOf(
      await channel.ask('getPluginData', {
        member: member(context),
        board: id(context, 'board'),
        card: idCard ?? id(context, 'card'),
        organization: id(context, 'organization'),
      }),
    );
  }

  /**
   * @param {any} params
   * @param {string | null} [base]  the text that this one is based on
   * @returns {Promise<{written: boolean}>}
   */
  async function set({ context, scope, visibility, data: text, idCard }, base) {
    await applyFault('set', true);
    const owner = scope === 'member' ? member(context) : (idCard ?? id(context, scope));
    if (owner === undefined) {
      throw asOperational(new Error(`there is no ${scope} in the context (Command: set)`));
    }
    const { fidelity } = await confirmedSettings();
    return resultOf(
      await channel.ask('setPluginData', {
        scope,
        owner,
        visibility,
        member: member(context),
        text,
        // The library overwrites concurrent changes; the documentation mentions no such loss.
        base: fidelity === 'documented' ? base : undefined,
      }),
    );
  }

  /** @param {string} command */
  async function answer(command) {
    const set = resultOf(await channel.ask('answer', { method: command }));
    if (set === null) {
      throw new Error(
        `powerup-secrets does not know what Trello answers to "${command}"; set it with: powerup-secrets answer ${command} '{…}'`,
      );
    }
    return JSON.parse(set.json);
  }

  /**
   * @param {string} command
   * @param {any[]} args  copied, without functions
   */
  async function respond(command, args) {
    const params = args[0] ?? {};
    if (command === 'data') {
      return data(params);
    }
    if (command === 'set') {
      await set(params);
      return null;
    }
    const { context, ...rest } = params;
    calls.add(command, {
      ...(member(context) && { member: member(context) }),
      arguments: recordable(rest),
    });
    await applyFault(command, true);
    return SHOWN.has(command) ? null : answer(command);
  }

  return {
    set: (/** @type {any} */ params, /** @type {string | null} */ base) =>
      promised(LibraryPromise, () => set(params, base)),
    /**
     * @param {string} command
     * @param {any[]} args
     */
    request: (command, args) => promised(LibraryPromise, () => respond(command, args)),
  };
}

/** @typedef {ReturnType<typeof createTrello>} Trello */
