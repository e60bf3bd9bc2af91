// Put in by extension/build.mjs.
declare const EXTENSION_VERSION: string;
declare const NATIVE_HOST_NAME: string;

declare module 'bluebird/js/main/bluebird.js';
/** The browser that this copy of the extension is built for. */
declare const BROWSER: 'chromium' | 'firefox';
