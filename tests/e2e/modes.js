// SPDX-License-Identifier: MIT

/** @typedef {import('puppeteer-core').Page | import('puppeteer-core').Frame} Where */

/**
 * What a document meets in its localStorage now.
 *
 * @param {Where} where
 * @returns {Promise<string | undefined>}  the storage mode that this is
 */
export function modeOf(where) {
  return where.evaluate(() => {
    try {
      if (window.localStorage === null) {
        return 'missing';
      }
      window.localStorage.setItem('probe', '1');
      window.localStorage.removeItem('probe');
      return 'enabled';
    } catch (error) {
      return { SecurityError: 'denied', QuotaExceededError: 'full' }[
        /** @type {Error} */ (error).name
      ];
    }
  });
}
