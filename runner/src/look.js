// SPDX-License-Identifier: MIT

/**
 * Runs in a page.
 *
 * @returns {string[]}  what anybody sees who looks at it: its document, its fields, and the plain values
 *   in its localStorage
 */
export function lookAtPage() {
  const text = document.documentElement?.outerHTML ?? '';
  const values = [...document.querySelectorAll('input, textarea')].map(
    (field) => /** @type {HTMLInputElement} */ (field).value,
  );
  /** @type {string[]} */
  let stored = [];
  try {
    stored = Object.entries(window.localStorage ?? {}).map((entry) => entry.join('='));
  } catch {
    // Blocked: nothing is in there.
  }
  return [
    `the page: ${text}`,
    ...values.map((value) => `a field of the page: ${value}`),
    ...stored.map((entry) => `localStorage: ${entry}`),
  ];
}
