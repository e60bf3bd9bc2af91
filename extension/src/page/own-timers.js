// SPDX-License-Identifier: MIT
// For what we schedule ourselves, whatever the page does to its timers. Part of what runs at
// document_start, because page.js imports it.
export const { setTimeout: ownSetTimeout } = window;
