// SPDX-License-Identifier: MIT
// The summary that is printed at the end, on one screen.

/** @typedef {import('./junit.mjs').Result} Result */
/** @typedef {{name: string, results: (Result & {job: string})[], seconds: number}} Outcome  of a row */

/** Lines printed of each failure; the rest is in the log of its part. */
const FAILURE_LINES = 8;

/** @param {Result[]} results */
export function counts(results) {
  const of = (/** @type {string} */ wanted) =>
    results.filter(({ outcome }) => outcome === wanted).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

/** @param {Outcome} outcome */
export function line({ name, results, seconds }) {
  const { passed, failed, skipped } = counts(results);
  const numbers = [passed, failed, skipped, seconds.toFixed(0)].map((n) => `${n}`.padStart(8));
  return `${name.padEnd(32)}${numbers.join('')}`;
}

export const HEAD = `${'part'.padEnd(32)}  passed  failed skipped seconds`;

/** @param {string} message */
function trimmed(message) {
  const lines = message.split('\n').filter((text) => text.trim() && !/^\s+at .*node:/.test(text));
  const rest = lines.length > FAILURE_LINES ? ['…'] : [];
  return [...lines.slice(0, FAILURE_LINES), ...rest].map((text) => `    ${text.slice(0, 160)}`);
}

/** @param {Outcome[]} outcomes */
const failures = (outcomes) =>
  outcomes.flatMap(({ name, results }) =>
    results
      .filter(({ outcome }) => outcome === 'failed')
      .flatMap((one) => [`failed: ${name}: ${one.job}: ${one.name}`, ...trimmed(one.message)]),
  );

/** How many tests were skipped because only the other browser can run them, by reason. @param {Outcome[]} outcomes */
function onlyInOne(outcomes) {
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const { message } of outcomes.flatMap(({ results }) => results)) {
    if (/^in [a-z]+ only: /.test(message)) {
      reasons.set(message, (reasons.get(message) ?? 0) + 1);
    }
  }
  return [...reasons].map(([reason, count]) => `${count} ${reason}`);
}

/** One line for every skipped test. @param {Outcome[]} outcomes */
export const skippedTests = (outcomes) =>
  outcomes.flatMap(({ name, results }) =>
    results
      .filter(({ outcome }) => outcome === 'skipped')
      .map((one) => `${name}: ${one.job}: ${one.name} (${one.message})\n`),
  );

/** @param {Outcome[]} outcomes @returns {string[]}  lines; the last one counts all tests */
export function summary(outcomes) {
  const { passed, failed, skipped } = counts(outcomes.flatMap(({ results }) => results));
  return [
    HEAD,
    ...outcomes.map(line),
    ...failures(outcomes),
    ...onlyInOne(outcomes),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ];
}
