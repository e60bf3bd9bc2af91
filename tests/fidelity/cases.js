// SPDX-License-Identifier: MIT
// The recorded cases: what power-up.js 1.25.1 was seen to do in Chromium.
import { readFileSync } from 'node:fs';

/**
 * @typedef {{class: string, name: string, message: string, operational?: boolean}} RecordedError
 *
 * @typedef {object} Expectation  one of these
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
 * @property {string[]} [anyOf]  messages, each of which is right
 * @property {string} [note]
 *
 * @typedef {object} State
 * @property {Record<string, Record<string, any>>} items  by origin and slot
 * @property {Record<string, Record<string, any>>} pluginData  by scope and id
 *
 * @typedef {{op: string, page: string, frame: string, note: string | null, result: any,
 *   calls: RecordedCall[], scope: string, id: string, visibility: string, text: string | null,
 *   slot: string, value: string | null} & RecordedCall & State} Step
 *
 * @typedef {object} Case
 * @property {string} id
 * @property {string} title
 * @property {Step[]} steps
 * @property {State} final
 * @property {Record<string, any>} [summary]
 */

/** @type {Case[]} */
export const cases = JSON.parse(
  readFileSync(new URL('behaviour.json', import.meta.url), 'utf8'),
).cases;

/** Cases that cannot be played, with the reason. @type {Record<string, string>} */
export const NOT_APPLICABLE = {
  'pd.set_after_failure': 'the parent frame answers with errors; nothing can make it do so yet',
  'env.no_hash': 'a page without a hash gets a default context, so that a plain page works',
};
