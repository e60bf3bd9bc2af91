// SPDX-License-Identifier: MIT
// What the notes say was done to a page, as source to be run in it. Its value is compared with the
// recorded one, where that is not the recording's own.
import { overrideFor } from './storage-overrides.js';

/** What a recorded JSON text can tell about a page, by name. @type {Record<string, string>} */
const READINGS = {
  args: 't.args',
  ctx: 't.getContext()',
  isSecureContext: 'isSecureContext',
  locale: 'locale',
  origin: 'origin',
  secret: 't.secret',
  subtle: 'typeof crypto.subtle',
};

const TYPES = ['undefined', 'object', 'string'];

/** @param {any} recorded  parsed */
function readingsOf(recorded) {
  const parts = Object.entries(recorded).map(([name, value]) =>
    ['ctx', 'secret'].includes(name) && TYPES.includes(value)
      ? `${name}: typeof ${READINGS[name]}`
      : `${name}: ${READINGS[name]}`,
  );
  return `{ const t = TrelloPowerUp.iframe(); JSON.stringify({ ${parts.join(', ')} }) }`;
}

/** Fills what is left, to the last character. */
const FILL = `{
  let length = 0;
  for (let step = 1 << 22; step >= 1; ) {
    try {
      localStorage.setItem('fill', 'x'.repeat(length + step));
      length += step;
    } catch {
      step >>= 1;
    }
  }
}`;

const USED = `Object.entries(localStorage).flat().join('').length`;

const UNFILL = `localStorage.removeItem('fill')`;

/** Waits for bluebird's report of a rejection that nobody handles. */
const UNHANDLED = `new Promise((resolve) => {
  const events = [];
  const { warn } = console;
  let unhandled;
  console.warn = (...args) => {
    // bluebird prints the stack, which begins with name and message in Chromium alone.
    const text = args.join(' ').replace(unhandled.stack, () => unhandled + '\\n');
    events.push({ event: 'console.warn', text });
    console.warn = warn;
    resolve(JSON.stringify(events));
  };
  addEventListener('unhandledrejection', (event) => {
    const { reason } = event.detail;
    unhandled = reason;
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

/** @type {Record<string, string>} */
const BY_NOTE = {
  'fill localStorage until even 1 more character is refused': FILL,
  fill: `${FILL} null`,
  'fill removed': `${UNFILL}, null`,
  'characters in use; fill removed': `{ const used = ${USED}; ${UNFILL}; used }`,
  args: `JSON.stringify(TrelloPowerUp.iframe().args.slice(1))`,
  'events after an unhandled rejection': UNHANDLED,
};

/** @param {any} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {import('./cases.js').Case} recorded
 * @param {import('./cases.js').ScriptStep} step
 * @returns {string}
 */
export function scriptFor(recorded, { note, result }) {
  const known = BY_NOTE[note] ?? overrideFor(recorded, note);
  if (known !== undefined) {
    return known;
  }
  const names = Object.keys(parsed(result) ?? {});
  if (names.length > 0 && names.every((name) => Object.hasOwn(READINGS, name))) {
    return readingsOf(parsed(result));
  }
  throw new Error(`nobody has written down what was done for the note "${note}"`);
}

/**
 * @param {string} note
 * @param {any} result
 * @returns {any}  what of a result can be compared
 */
export function comparable(note, result) {
  if (note.startsWith('fill ')) {
    return undefined; // which names the recording filled is its own
  }
  const value = parsed(result) ?? result;
  if (note.startsWith('events after')) {
    // The first line of a warning is the message, the others are the stack.
    return value.map((/** @type {any} */ event) =>
      event.text === undefined ? event : { ...event, text: event.text.split('\n')[0] },
    );
  }
  return value;
}
