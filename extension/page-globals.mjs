// SPDX-License-Identifier: MIT
// Where the page script and the libraries in it find what they use of the page's global scope. A page's
// script may declare almost any global name (`const Promise = TrelloPowerUp.Promise`); a look-up by name
// would then find that, or fail if the declaration has not run yet. So nothing is looked up by name after
// document_start, except `window` and `document`, which no script can declare. A test checks it.

/** Taken at document_start, before any script of the page. */
export const CAPTURED = [
  ...['Array', 'Date', 'Error', 'Function', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise'],
  ...['Proxy', 'RangeError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'TypeError'],
  ...['Uint8Array', 'WeakMap', 'WeakSet', 'decodeURIComponent', 'encodeURIComponent', 'isFinite'],
  ...[
    'parseInt',
    'CustomEvent',
    'DOMException',
    'EventTarget',
    'MessageEvent',
    'MessagePort',
    'MutationObserver',
  ],
  ...['Storage', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'chrome', 'navigator'],
  ...['performance', 'reportError'],
];

/** Looked up in `window` by each use, because Trello's library does and pages replace them, as fake
 * timers do. */
const LOOKED_UP = [
  ...['clearInterval', 'clearTimeout', 'setImmediate', 'setInterval', 'setTimeout'],
  ...['console', 'crypto'],
];

/** Options of esbuild. @type {Required<Pick<import('esbuild').BuildOptions, 'define' | 'banner' | 'footer'>>} */
export const pageGlobals = {
  define: {
    ...Object.fromEntries(LOOKED_UP.map((name) => [name, `window.${name}`])),
    global: 'window',
    globalThis: 'window',
    self: 'window',
    process: 'undefined', // by which bluebird detects Node.js
  },
  banner: { js: `(()=>{'use strict';const {${CAPTURED}}=window;` },
  footer: { js: '})();' },
};
