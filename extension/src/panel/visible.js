// SPDX-License-Identifier: MIT
/** Controls, and what is invisible or reorders other text: what the command line shows as escapes, too. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * @param {string} text  of a page
 * @returns {string}  in which everything is seen for what it is
 */
export const visible = (text) =>
  text.replace(HIDDEN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
