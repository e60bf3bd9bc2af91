// SPDX-License-Identifier: MIT
// The state that every test starts from.

/**
 * @typedef {object} InitialState
 * @property {'documented' | 'library'} [fidelity]  what secret calls follow: Trello's
 *   documentation or its library; default: documented
 * @property {string | null} [member]  who is signed in; null: nobody
 * @property {Partial<Record<'board' | 'card' | 'member' | 'organization',
 *   {shared?: Record<string, any>, private?: Record<string, any>}>>} [data]  plugin data at the
 *   start
 */

/**
 * Removes all data and settings, then applies the given ones.
 *
 * @param {import('./command-line.js').CommandLine} commandLine
 * @param {InitialState} state
 */
export async function resetTo(commandLine, { fidelity = 'documented', member }) {
  await commandLine.run(['reset']);
  if (fidelity !== 'documented') {
    await commandLine.run(['fidelity', fidelity]);
  }
  if (member === null) {
    await commandLine.run(['sign-out']);
  } else if (member !== undefined) {
    await commandLine.run(['sign-in', '--member', member]);
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
