// SPDX-License-Identifier: MIT
// The recorded cases: what power-up.js 1.25.1 was seen to do in Chromium.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} RecordedError
 * @property {string} class
 * @property {string} name
 * @property {string} message
 * @property {boolean} [operational]  bluebird's mark; absent means that there is none
 *
 * @typedef {object} Expectation  has one of these
 * @property {any} [resolve]
 * @property {RecordedError} [reject]
 * @property {RecordedError} [throw]  at once, not a rejection
 * @property {any} [return]  at once, not a promise
 * @property {true} [pending]
 *
 * @typedef {object} RecordedCall
 * @property {string} method
 * @property {string[]} args  JavaScript source
 * @property {Expectation} expect
 * @property {(string | Expectation)[]} [anyOf]  each is right; a text is another message of the
 *   expected error
 *
 * @typedef {object} State
 * @property {Record<string, Record<string, any>>} items  by origin and slot
 * @property {Record<string, Record<string, any>>} pluginData  by scope and id
 *
 * @typedef {object} PluginDataText
 * @property {string} scope
 * @property {string} id
 * @property {string} visibility
 * @property {string | null} text  null removes it
 *
 * @typedef {{op: 'call', page: string} & RecordedCall} CallStep
 * @typedef {{op: 'callTogether', page: string, calls: (RecordedCall | {note: string})[]}} CallsStep
 * @typedef {{op: 'setPluginData', note: string | null} & PluginDataText} PluginDataStep
 * @typedef {{op: 'setItem', page: string, slot: string, value: string | null}} ItemStep
 * @typedef {{op: 'script', frame: string, note: string, result: any}} ScriptStep
 * @typedef {{op: 'expectState'} & State} StateStep
 * @typedef {CallStep | CallsStep | PluginDataStep | ItemStep | ScriptStep | StateStep} Step
 *
 * @typedef {object} Case
 * @property {string} id
 * @property {string} title
 * @property {Step[]} steps
 * @property {State} final
 * @property {Record<string, any>} [summary]
 */

/** @type {{meta: {library: string, members: Record<string, string>}, cases: Case[]}} */
export const { meta, cases } = JSON.parse(
  readFileSync(new URL('behaviour.json', import.meta.url), 'utf8'),
);

/**
 * The calls that a case makes one by one.
 *
 * @param {Case} recorded
 * @returns {CallStep[]}
 */
export function callsOf({ steps }) {
  return steps.filter((step) => step.op === 'call');
}
