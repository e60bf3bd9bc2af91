// SPDX-License-Identifier: MIT
// How long tests wait for what has to come: far longer than it takes on a machine that is busy with
// other things, so that no verdict depends on how fast a machine is. Only what hangs meets this limit.

export const PATIENCE_SECONDS = 300;
export const PATIENCE_MS = PATIENCE_SECONDS * 1000;

/**
 * A short timeout that a working program still meets: many times as long as it takes now.
 *
 * @param {() => Promise<unknown>} answering
 * @param {number} [least]  seconds
 * @returns {Promise<string>}  seconds, for --timeout
 */
export async function shortTime(answering, least = 0.5) {
  const from = performance.now();
  await answering();
  return Math.max(least, ((performance.now() - from) / 1000) * 20).toFixed(1);
}
