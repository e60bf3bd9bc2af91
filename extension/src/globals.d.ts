// Put in by extension/build.mjs.
declare const EXTENSION_VERSION: string;
declare const NATIVE_HOST_NAME: string;

declare module 'bluebird/js/main/bluebird.js';
