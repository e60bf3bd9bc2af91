// SPDX-License-Identifier: MIT
// The state that every test starts from.
import { checkMember } from './checks.js';
import { TestCall } from './test-call.js';

/**
 * @typedef {object} InitialState
 * @property {'documented' | 'library'} [fidelity]  what secret calls follow: Trello's
 *   documentation or its library; default: documented
 * @property {string | null} [member]  who is signed in; null: nobody
 * @property {Partial<Record<import('./power-up.js').Scope,
 *   Partial<Record<import('./power-up.js').Visibility, Record<string, any>>>>>} [data]  plugin data at
 *   the start
 */

/**
 * Removes all data and settings, then applies the given ones.
 *
 * @param {import('./command-line.js').CommandLine} commandLine
 * @param {InitialState} state
 */
export async function resetTo(commandLine, { fidelity = 'documented', member }) {
  const call = new TestCall(commandLine, 'powerup-secrets');
  checkMember(call, member ?? undefined);
  await call.run(['reset']);
  if (fidelity !== 'documented') {
    await call.run(['fidelity', fidelity]);
  }
  if (member === null) {
    await call.run(['sign-out']);
  } else if (member !== undefined) {
    await call.run(['sign-in', '--member', member]);
  }
}

/**
 * @param {import('./trello.js').Trello} trello
 * @param {InitialState['data']} data
 */
export async function writeData(trello, data = {}) {
  for (const [scope, byVisibility] of Object.entries(data)) {
    for (const [visibility, values] of Object.entries(byVisibility)) {
      for (const [name, value] of Object.entries(values)) {
        await trello.setPluginData(
          /** @type {'board'} */ (scope),
          /** @type {'shared'} */ (visibility),
          name,
          value,
        );
      }
    }
  }
}
