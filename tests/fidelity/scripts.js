// SPDX-License-Identifier: MIT
// What the recorded notes say was done to a page, as source to be run in it; its value is compared
// with the recorded result, where there is one.

/** A localStorage that keeps nothing, with one method that fails. @param {string} method @param {string} message */
const failing = (method, message) => `Object.defineProperty(window, 'localStorage', {
  configurable: true,
  value: { length: 0, key: () => null, getItem: () => null, setItem() {}, removeItem() {},
    ${method}() { throw new Error('${message}') } },
}), null`;

/** @param {string} getter */
const replaced = (getter) =>
  `Object.defineProperty(window, 'localStorage', { configurable: true, get() { ${getter} } }), null`;

/** Fills what is left, to the last character. */
const FILL = `(() => {
  let length = 0;
  for (let step = 1 << 22; step >= 1; ) {
    try {
      localStorage.setItem('fill', 'x'.repeat(length + step));
      length += step;
    } catch {
      step >>= 1;
    }
  }
  return length;
})()`;

const USED = `Object.entries(localStorage).flat().join('').length`;

const UNFILL = `localStorage.removeItem('fill')`;

/** Waits for bluebird's report of a rejection that nobody handles. */
const UNHANDLED = `new Promise((resolve) => {
  const events = [];
  const { warn } = console;
  console.warn = (...args) => {
    events.push({ event: 'console.warn', text: args.join(' ') });
    console.warn = warn;
    resolve(JSON.stringify(events));
  };
  addEventListener('unhandledrejection', (event) => {
    const { reason } = event.detail;
    events.push({
      event: event.type, ctor: event.constructor.name, hasReason: event.reason !== undefined,
      detail: Object.keys(event.detail), reason: {
        name: reason.name, message: reason.message, ctor: reason.constructor.name,
        isError: reason instanceof Error, isDOMException: reason instanceof DOMException,
        code: reason.code ?? null, isOperational: reason.isOperational === true },
    });
  });
  TrelloPowerUp.iframe().loadSecret('token');
})`;

/**
 * @type {Record<string, string>}
 */
const BY_NOTE = {
  null: replaced('return null'),
  undefined: replaced('return undefined'),
  getter_throws_securityerror: replaced(
    `throw new DOMException("Failed to read the 'localStorage' property from 'Window': Access is denied for this document.", 'SecurityError')`,
  ),
  getter_throws: replaced(`throw new Error('getter')`),
  setItem_throws: failing('setItem', 'set'),
  getItem_throws: failing('getItem', 'get'),
  removeItem_throws: failing('removeItem', 'rm'),
  'fill localStorage until even 1 more character is refused': FILL,
  fill: `${FILL}, null`,
  'fill removed': `${UNFILL}, null`,
  'characters in use; fill removed': `(() => { const used = ${USED}; ${UNFILL}; return used })()`,
  args: `JSON.stringify(TrelloPowerUp.iframe().args.slice(1))`,
  'secure?': `JSON.stringify({ isSecureContext, subtle: typeof crypto.subtle })`,
  env: `JSON.stringify({ origin, isSecureContext, subtle: typeof crypto.subtle })`,
  'events after an unhandled rejection': UNHANDLED,
};

/** What of the state was recorded differs by case. @type {Record<string, string>} */
const STATE = {
  'env.bad_hash': `{ locale, secret: typeof t.secret }`,
  'env.hash_not_encoded': `{ locale, secret: t.secret, ctx: t.getContext() }`,
};

/**
 * @param {string} id  of the case
 * @param {string} note
 * @returns {string}
 */
export function scriptFor(id, note) {
  if (note === 'state') {
    const state = STATE[id] ?? `{ args: t.args, locale, secret: typeof t.secret }`;
    return `(() => { const t = TrelloPowerUp.iframe(); return JSON.stringify(${state}) })()`;
  }
  const script = BY_NOTE[note];
  if (script === undefined) {
    throw new Error(`nobody has written down what was done for the note "${note}"`);
  }
  return script;
}

/**
 * The recorded result without what belongs to the recording alone: the names of its fill, and the
 * library's minified stack.
 *
 * @param {string} note
 * @param {any} result
 */
export function comparable(note, result) {
  if (note.startsWith('fill localStorage')) {
    return 'filled';
  }
  if (note.startsWith('events after')) {
    return JSON.parse(result).map((/** @type {any} */ event) =>
      event.text === undefined ? event : { ...event, text: event.text.split('\n')[0] },
    );
  }
  return result;
}
