// SPDX-License-Identifier: MIT
// The names of t's calls and of capabilities. Written by runner/build.mjs from extension/methods.json and
// extension/capabilities.json.

export const SECRET_METHODS = /** @type {const} */ (['storeSecret', 'loadSecret', 'clearSecret']);
const DATA_METHODS = /** @type {const} */ (['get', 'getAll', 'set', 'remove']);
const DATA_FAULTS = /** @type {const} */ (['get', 'set']);
const SHOWN_METHODS = /** @type {const} */ ([
  'popup',
  'closePopup',
  'hide',
  'back',
  'modal',
  'updateModal',
  'closeModal',
  'boardBar',
  'closeBoardBar',
  'hideBoardBar',
  'overlay',
  'closeOverlay',
  'hideOverlay',
  'alert',
  'hideAlert',
  'sizeTo',
  'navigate',
  'showCard',
  'hideCard',
  'attach',
  'confetti',
]);

/** Calls of t that an answer can be set for. */
export const ANSWERED_METHODS = /** @type {const} */ ([
  'board',
  'card',
  'cards',
  'list',
  'lists',
  'member',
  'organization',
  'jwt',
  'requestToken',
  'authorizationCodeExchange',
  'refreshTokens',
]);

/** Calls of t that can fail, wait or never be answered. */
export const FAULTY_METHODS = /** @type {const} */ ([
  ...SECRET_METHODS,
  ...DATA_FAULTS,
  ...SHOWN_METHODS,
  ...ANSWERED_METHODS,
]);

/** Calls of t that have no fault of their own, and the one that they share. @type {Record<string, string>} */
export const SHARED_FAULTS = { getAll: 'get', remove: 'set' };

/** Calls of t that are recorded. */
export const RECORDED_METHODS = /** @type {const} */ ([
  ...SECRET_METHODS,
  ...DATA_METHODS,
  ...SHOWN_METHODS,
  ...ANSWERED_METHODS,
]);

/** What Trello asks a Power-Up for: names given to TrelloPowerUp.initialize. */
export const CAPABILITIES = /** @type {const} */ ([
  'attachment-sections',
  'attachment-thumbnail',
  'authorization-status',
  'board-buttons',
  'card-back-section',
  'card-badges',
  'card-buttons',
  'card-detail-badges',
  'card-from-url',
  'format-url',
  'list-actions',
  'list-sorters',
  'on-disable',
  'on-enable',
  'remove-data',
  'save-attachment',
  'show-authorization',
  'show-settings',
]);

/** @typedef {typeof ANSWERED_METHODS[number]} AnsweredMethod */
/** @typedef {typeof FAULTY_METHODS[number]} FaultyMethod */
/** @typedef {typeof RECORDED_METHODS[number]} RecordedMethod */
/** @typedef {typeof CAPABILITIES[number]} Capability */
