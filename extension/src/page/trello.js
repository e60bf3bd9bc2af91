// SPDX-License-Identifier: MIT
// What stands in for Trello itself: it answers the requests that the library would send to its
// parent frame.
import { asOperational, promised, resultOf } from './errors.js';
import { recordable } from './calls.js';

/** Requests whose answer nobody uses; they are recorded with what they were given. */
const RECORDED = new Set([
  'alert',
  'attach-to-card',
  'board-bar',
  'close-board-bar',
  'close-modal',
  'close-overlay',
  'close-popup',
  'confetti',
  'hideAlert',
  'hideCard',
  'modal',
  'navigate',
  'overlay',
  'pop-popup',
  'popup',
  'resize',
  'showCard',
  'update-modal',
]);

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
 * @param {import('./faults.js').Faults} options.meetFault
 */
export function createTrello({
  Promise: LibraryPromise,
  channel,
  confirmedSettings,
  calls,
  meetFault,
}) {
  /** @param {any} params */
  async function data({ context, idCard }) {
    await meetFault('get', true);
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
   * @param {string | null} [base]  the text that this one was made from
   * @returns {Promise<{written: boolean}>}
   */
  async function set({ context, scope, visibility, data: text, idCard }, base) {
    await meetFault('set', true);
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
        // The library writes over whatever came between; the documentation knows of no such loss.
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
    await meetFault(command, true);
    return RECORDED.has(command) ? null : answer(command);
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
