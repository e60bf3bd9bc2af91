// SPDX-License-Identifier: MIT
// Pages that replace window.localStorage: as source to be run in the page.
import { browserName } from '../e2e/stage.js';
import { messageIn } from '../support/browser-messages.js';
import { callsOf } from './cases.js';

/** Which call reaches which method. @type {Record<string, string>} */
const CALLERS = { setItem: 'storeSecret', getItem: 'loadSecret', removeItem: 'clearSecret' };

/**
 * An expression for the error that a case got through its replaced localStorage, which the library
 * passes on as it is.
 *
 * @param {import('./cases.js').Case} recorded
 * @param {string} [method]  default: any
 */
function errorOf(recorded, method) {
  const error = callsOf(recorded).find(
    (call) => call.expect.reject !== undefined && (method ?? call.method) === call.method,
  )?.expect.reject;
  const message = JSON.stringify(messageIn(browserName, error?.message ?? 'thrown'));
  return error?.class === 'DOMException'
    ? `new DOMException(${message}, ${JSON.stringify(error.name)})`
    : `new ${error?.class ?? 'Error'}(${message})`;
}

/** @param {string} body  of the getter */
const replaced = (body) =>
  `Object.defineProperty(window, 'localStorage', { configurable: true, get() { ${body} } }), null`;

/**
 * A localStorage that keeps nothing.
 *
 * @param {string} name  of one of its methods
 * @param {string} body  of that method
 */
const keepingNothing = (name, body) =>
  `{
    const storage = { length: 0, key: () => null, getItem: () => null, setItem() {}, removeItem() {} };
    storage.${name} = () => { ${body} };
    ${replaced('return storage')}
  }`;

/**
 * @param {import('./cases.js').Case} recorded
 * @param {string} note  names the replacement
 * @returns {string | undefined}
 */
export function overrideFor(recorded, note) {
  if (note === 'null' || note === 'undefined') {
    return replaced(`return ${note}`);
  }
  if (note.startsWith('getter_throws')) {
    return replaced(`throw ${errorOf(recorded)}`);
  }
  const [, name, does] =
    /^(setItem|getItem|removeItem)_(throws|null|undefined)(?:_.*)?$/.exec(note) ?? [];
  if (name === undefined) {
    return undefined;
  }
  return keepingNothing(
    name,
    does === 'throws' ? `throw ${errorOf(recorded, CALLERS[name])}` : `return ${does}`,
  );
}
