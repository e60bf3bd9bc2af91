// SPDX-License-Identifier: MIT

/**
 * Runs in a page.
 *
 * @returns {string[]}  what anybody sees who looks at it: its document, its fields, and the plain values
 *   in its localStorage
 */
export function lookAtPage() {
  // What the library keeps of a secret: nobody can read it, and any short value is somewhere in it.
  const SECRET = /^[0-9a-f]{64}=[0-9a-f]{32};[0-9a-f]+$/;
  const text = document.documentElement?.outerHTML ?? '';
  const values = [...document.querySelectorAll('input, textarea')].map(
    (field) => /** @type {HTMLInputElement} */ (field).value,
  );
  /** @type {string[]} */
  let stored = [];
  try {
    stored = Object.entries(window.localStorage ?? {})
      .filter((entry) => !SECRET.test(entry.join('=')))
      .map((entry) => entry.join('='));
  } catch {
    // Blocked: nothing is in there.
  }
  return [
    `the page: ${text}`,
    ...values.map((value) => `a field of the page: ${value}`),
    ...stored.map((entry) => `localStorage: ${entry}`),
  ];
}

/**
 * @param {string} url
 * @returns {string}  what a server is told of it: the hash, where Trello puts the context, stays here
 */
export const addressOf = (url) => `the address of a request: ${url.split('#')[0]}`;
