// SPDX-License-Identifier: MIT
// For what we schedule and listen to ourselves, whatever the page makes of these names. Part of what runs
// at document_start, because page.js imports it.
export const { setTimeout: ownSetTimeout } = window;
export const ownAddEventListener = /** @type {typeof window.addEventListener} */ (
  window.addEventListener.bind(window)
);
