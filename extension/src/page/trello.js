// SPDX-License-Identifier: MIT
// Emulates Trello: answers the requests that the library would send to its parent frame.
import { asOperational, promised, resultOf } from './errors.js';
import { METHODS, methodsOf } from './methods.js';

/** For what a page sends with t.request. @type {Map<string | undefined, string>} */
const METHOD_BY_COMMAND = new Map(METHODS.toReversed().map(({ name, command }) => [command, name]));

/** Methods whose answer the tester sets. */
const ANSWERED = new Set([...methodsOf('read'), ...methodsOf('answered')].map(({ name }) => name));

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

  /** @param {string} method */
  async function answer(method) {
    const set = resultOf(await channel.ask('answer', { method }));
    if (set !== null) {
      return JSON.parse(set.json);
    }
    const unknown = `powerup-secrets does not know what Trello answers to "${method}"`;
    if (!ANSWERED.has(method)) {
      throw new Error(`${unknown}, which no method of t sends.`);
    }
    const { runner } = resultOf(await channel.ask('getSettings'));
    const howToSet = runner
      ? `trello.answer('${method}', {…})`
      : `powerup-secrets answer ${method} '{…}'`;
    throw new Error(`${unknown}; set it with: ${howToSet}`);
  }

  /**
   * @param {string} command
   * @param {any[]} args  copied, without functions
   * @param {string} method  of t, that was called
   */
  async function respond(command, args, method) {
    const params = args[0] ?? {};
    if (command === 'data') {
      return data(params);
    }
    if (command === 'set') {
      await set(params);
      return null;
    }
    const { context, content, ...rest } = params;
    calls.add(method, {
      ...(member(context) && { member: member(context) }),
      arguments: { ...rest, ...content },
    });
    await applyFault(method, true);
    return SHOWN.has(command) ? null : answer(method);
  }

  return {
    set: (/** @type {any} */ params, /** @type {string | null} */ base) =>
      promised(LibraryPromise, () => set(params, base)),
    /**
     * @param {string} command
     * @param {any[]} args
     * @param {string} [method]  of t, that was called
     */
    request: (command, args, method = METHOD_BY_COMMAND.get(command) ?? command) =>
      promised(LibraryPromise, () => respond(command, args, method)),
  };
}

/** @typedef {ReturnType<typeof createTrello>} Trello */
