// SPDX-License-Identifier: MIT
// What a Power-Up named gets into messages, and so onto terminals, only as text that is seen.

/** What the command line shows as escapes: controls, and what is invisible or reorders other text. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Of it, what does something to a terminal or to other text. Invisible characters belong to many texts. */
const ACTING = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** @param {string} character */
const escaped = (character) =>
  '\n\t'.includes(character)
    ? character
    : character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('');

/** @param {string} message  of the runner, with what it quotes; its lines and tabs stay */
export const visible = (message) => message.replace(HIDDEN, escaped);

/** @param {string} message  of the Power-Up itself, which tests compare */
export const harmless = (message) => message.replace(ACTING, escaped);
