// SPDX-License-Identifier: MIT
import { closest, distance } from 'fastest-levenshtein';

/** From how many characters on the beginning of a word stands for it. */
const WHOLE = 3;

/**
 * What somebody who wrote a word most likely meant.
 *
 * @param {string} word
 * @param {readonly string[]} words
 * @returns {string | undefined}  undefined: none of them is near
 */
export function nearest(word, words) {
  const found = closest(word, words);
  if (distance(word, found) <= Math.max(word.length, found.length) / 3) {
    return found;
  }
  return word.length >= WHOLE ? words.find((each) => each.startsWith(word)) : undefined;
}
