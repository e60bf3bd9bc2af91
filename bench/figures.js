// SPDX-License-Identifier: MIT
import { quantileSorted } from 'd3-array';

/**
 * One line of the table.
 *
 * @typedef {object} Figure
 * @property {string} part
 * @property {string} subject  what was measured
 * @property {number} runs  how many samples there are
 * @property {string} unit
 * @property {number} median
 * @property {number} p95
 * @property {string} [against]  what it is compared with
 * @property {number} [ratio]
 * @property {Target} [target]
 * @property {boolean} [holds]
 */

/**
 * @typedef {object} Target
 * @property {string} text  for people
 * @property {number} most  the maximum ratio, or the maximum median if there is no ratio
 */

/**
 * @param {number[]} samples
 * @param {number} [scale]  the figure's unit in units of the samples
 */
export function summary(samples, scale = 1) {
  const sorted = samples.toSorted((a, b) => a - b);
  if (sorted.length === 0 || sorted.some(Number.isNaN)) {
    throw new Error('there are no samples');
  }
  return {
    runs: sorted.length,
    median: (quantileSorted(sorted, 0.5) ?? NaN) / scale,
    p95: (quantileSorted(sorted, 0.95) ?? NaN) / scale,
  };
}

/** @param {number[]} samples */
export const median = (samples) => summary(samples).median;

/**
 * @param {Omit<Figure, 'holds'>} figure
 * @returns {Figure}
 */
export function judged(figure) {
  if (figure.target === undefined) {
    return figure;
  }
  return { ...figure, holds: (figure.ratio ?? figure.median) <= figure.target.most };
}

/** Nanoseconds, as the programs print them, in the unit of the table. */
export const MICROSECOND = 1_000;
export const MILLISECOND = 1_000_000;

/** @param {number} most */
export const timesAtMost = (most) => ({ text: `≤ ${most} ×`, most });
