// SPDX-License-Identifier: MIT
// The members of t, by what they do. methods.json is the one list: the page's code is made from it, and
// tests compare the runner's types, the host and the documents with it.
import table from '../../methods.json' with { type: 'json' };

/**
 * - secret: the secret calls
 * - data: plugin data, with the name of the fault that they meet
 * - local: answered in the page
 * - property: not made from this table
 * - shown: shows something in Trello; sends a command, whose answer is null
 * - read: reads Trello's data, by the fields that it is called with; sends a command
 * - answered: sends a command that the tester sets an answer for, as for read
 * - missing: not emulated, with the reason
 *
 * @typedef {'secret' | 'data' | 'local' | 'property' | 'shown' | 'read' | 'answered' | 'missing'} Kind
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {Kind} kind
 * @property {string} [command]  of the request to Trello; its fault and its answer are set under `name`
 * @property {string} [fault]  the name of its fault, where that is another
 * @property {boolean} [connector]  whether the object that TrelloPowerUp.initialize returns has it
 * @property {string} [reason]
 */

export const METHODS = /** @type {Row[]} */ (table);

/** @param {Kind} kind */
export const methodsOf = (kind) => METHODS.filter((row) => row.kind === kind);
