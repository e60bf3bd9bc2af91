// SPDX-License-Identifier: MIT
import { closest, distance } from 'fastest-levenshtein';

/**
 * What somebody who wrote a word most likely meant.
 *
 * @param {string} word
 * @param {readonly string[]} words
 * @returns {string | undefined}  undefined: none of them is near
 */
export function nearest(word, words) {
  const found = closest(word, words);
  return distance(word, found) <= Math.max(2, word.length / 3) ? found : undefined;
}
