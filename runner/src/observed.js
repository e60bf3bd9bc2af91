// SPDX-License-Identifier: MIT

/**
 * Runs in a page.
 *
 * @returns {string[]}  what anybody can see in it: the document, the values of its fields, and the plain
 *   values in its localStorage
 */
export function observePage() {
  // The library's encrypted items: nobody can read them, but any short value may occur in them.
  const SECRET = /^[0-9a-f]{64}=[0-9a-f]{32};[0-9a-f]+$/;
  // What the extension itself puts there while localStorage is to be full.
  const FULL_ENTRY = 'powerup-secrets-full';
  const text = document.documentElement?.outerHTML ?? '';
  const values = [...document.querySelectorAll('input, textarea')].map(
    (field) => /** @type {HTMLInputElement} */ (field).value,
  );
  /** @type {string[]} */
  let stored = [];
  try {
    stored = Object.entries(window.localStorage ?? {})
      .filter(([name, value]) => name !== FULL_ENTRY && !SECRET.test(`${name}=${value}`))
      .map((entry) => entry.join('='));
  } catch {
    // Blocked: it holds nothing.
  }
  return [
    `the page: ${text}`,
    ...values.map((value) => `a field of the page: ${value}`),
    ...stored.map((entry) => `localStorage: ${entry}`),
  ];
}

/**
 * @param {string} url
 * @returns {string}  as a server sees it: without the hash, where Trello puts the context
 */
export const requestAddress = (url) => `the address of a request: ${url.split('#')[0]}`;
