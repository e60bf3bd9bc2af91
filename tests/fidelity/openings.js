// SPDX-License-Identifier: MIT
// How the pages of a case were opened, as the case's id and title tell it.
import { runInNewContext } from 'node:vm';
import { hashOf } from '../e2e/stage.js';
import { meta } from './cases.js';

/** @typedef {import('./cases.js').Case} Case */

export const MEMBER = meta.members.M1;

const CONTEXT = {
  member: MEMBER,
  organization: '5f00000000000000000000d1',
  board: '5f00000000000000000000b1',
  card: '5f00000000000000000000c1',
  permissions: { organization: 'write', board: 'write', card: 'write' },
};

const OTHER_PLACE = {
  organization: '5f00000000000000000000d2',
  board: '5f00000000000000000000b2',
  card: '5f00000000000000000000c2',
};

/** What titles say in words instead of JavaScript. @type {Record<string, any>} */
const IN_WORDS = { missing: undefined, 'is the empty string': '', 'is null': null };

/** @param {string} words */
const literal = (words) =>
  Object.hasOwn(IN_WORDS, words)
    ? IN_WORDS[words]
    : runInNewContext(`(${words.replace(/^is /, '')})`);

/**
 * "context.member 0 (counts as signed in)", "context null".
 *
 * @param {string} title
 * @returns {any}
 */
function contextIn(title) {
  const found = /^context(\.member)? (.+?)(?: \(.*\))?$/.exec(title);
  if (found === null) {
    throw new Error(`"${title}" does not tell the context`);
  }
  const value = literal(found[2]);
  return found[1] === undefined ? value : { ...CONTEXT, member: value };
}

/**
 * The arguments in the hash. The recorded `t.args` beyond the first show them; an array is flattened
 * there.
 *
 * @param {Case} recorded
 */
function argsOf({ id, steps }) {
  const shown = steps.find((step) => step.op === 'script' && step.note === 'args');
  if (shown !== undefined) {
    const args = JSON.parse(/** @type {import('./cases.js').ScriptStep} */ (shown).result);
    return id === 'env.args_array' ? args : id === 'env.args_missing' ? undefined : args[0];
  }
  const object = { a: 1, u: null, n: { x: 2 } };
  return { 'env.args_object': object, 'env.args_array': [object], 'env.args_null': null }[id];
}

/**
 * Of two members in a case, the first opened its first page.
 *
 * @param {Case} recorded
 * @param {string} page
 */
function memberOf({ title }, page) {
  const two = /\b(two|other|another|second) members?\b|\bM2\b/.test(title);
  return two && page !== 'A#0' ? meta.members.M2 : MEMBER;
}

/**
 * @param {Case} recorded
 * @param {string} page  'A#0' is frame 0 of origin A
 * @returns {string}  the URL hash
 */
export function hashFor(recorded, page) {
  const { id, title } = recorded;
  const opening = { secret: 's', context: { ...CONTEXT }, locale: 'en' };
  if (id.startsWith('nomember.')) {
    return hashOf({ ...opening, context: contextIn(title) });
  }
  if (id.startsWith('env.args_')) {
    return hashOf({ ...opening, args: argsOf(recorded) });
  }
  if (id === 'env.bad_hash') {
    return '#not JSON';
  }
  if (id === 'env.hash_not_encoded') {
    const context = { member: MEMBER, board: CONTEXT.board };
    return `#${JSON.stringify({ secret: 's', context, locale: 'de' })}`;
  }
  if (id === 'basic.context_change' && page !== 'A#0') {
    return hashOf({ ...opening, context: { ...CONTEXT, ...OTHER_PLACE } });
  }
  return hashOf({ ...opening, context: { ...CONTEXT, member: memberOf(recorded, page) } });
}

/**
 * @param {Case} recorded
 * @returns {string | undefined}  the sandbox attribute of the frame that the case plays in
 */
export function sandboxOf({ title }) {
  return /\biframe sandbox="([^"]*)"/.exec(title)?.[1];
}

/**
 * @param {Case} recorded
 * @param {string} origin  takes the place of the recording's own server
 * @returns {object | undefined}  Chromium's preferences below "profile", for a browser of its own
 */
export function preferencesOf({ title }, origin) {
  const found = /^Chromium preferences: (\{.*\})/.exec(title);
  if (found === null) {
    return undefined;
  }
  const { hostname, port } = new URL(origin);
  return JSON.parse(
    found[1].replace(
      /\b(?:127\.0\.0\.1|localhost)\b(:\d+)?/g,
      (_, withPort) => hostname + (withPort ? `:${port}` : ''),
    ),
  );
}

/**
 * @param {Case} recorded
 * @returns {Record<string, unknown>}  what in Firefox does the same as Chromium's preferences
 */
export function firefoxPreferencesOf({ title }) {
  const blocksAll = title.includes('"default_content_setting_values":{"cookies":2}');
  const blocksThirdParties = title.includes('"cookie_controls_mode":1');
  // 2: all site data are blocked; 5: third parties have theirs for each top-level site.
  return { 'network.cookie.cookieBehavior': blocksAll ? 2 : blocksThirdParties ? 5 : 0 };
}
