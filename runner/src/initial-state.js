// SPDX-License-Identifier: MIT
// What every test starts from.

/**
 * @typedef {object} Scene
 * @property {'documented' | 'library'} [fidelity]  how exactly secret calls are as in Trello; default:
 *   documented
 * @property {string | null} [member]  who is signed in; null: nobody
 * @property {Partial<Record<'board' | 'card' | 'member' | 'organization',
 *   {shared?: Record<string, any>, private?: Record<string, any>}>>} [data]  plugin data that is there
 */

/**
 * Forgets everything and sets the scene.
 *
 * @param {import('./command-line.js').CommandLine} commandLine
 * @param {Scene} scene
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
 * @param {Scene['data']} data
 */
export async function putData(trello, data = {}) {
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
