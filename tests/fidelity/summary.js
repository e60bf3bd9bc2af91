// SPDX-License-Identifier: MIT
// What a recording sums up beside its steps. How many messages went to the parent frame is not
// compared: there is none here.
import assert from 'node:assert/strict';
import { callTogether } from './in-page.js';

/** @typedef {import('./playback.js').Playback} Playback */

/** @param {Playback} playback */
const storedKey = (playback) =>
  playback
    .pluginData()
    .map(({ text }) => JSON.parse(text).aescbc)
    .find(Boolean);

/**
 * @param {Playback} playback
 * @param {import('./cases.js').RecordedCall} call
 * @param {import('./in-page.js').Outcome} outcome
 */
export function checkAfterFailedStore(playback, { method }, { reject }) {
  const { summary = {} } = playback.recorded;
  if ('aesKeyAfterFailedStore' in summary && method === 'storeSecret' && reject !== undefined) {
    assert.equal(storedKey(playback) ?? null, summary.aesKeyAfterFailedStore);
  }
}

/**
 * Loads what the calls k0, k1, … have stored.
 *
 * @param {Playback} playback
 * @param {Record<string, any>} summary
 */
async function compareLoads(playback, { storesResolved, indexesThatLoad, loadErrors }) {
  const calls = Array.from({ length: storesResolved }, (_, number) => ({
    method: 'loadSecret',
    args: [`'k${number}'`],
  }));
  const outcomes = await callTogether(await playback.frame('A#0'), calls);
  const loaded = [...outcomes.keys()].filter((number) => outcomes[number].resolve === `v${number}`);
  assert.deepEqual(loaded, indexesThatLoad);
  // Which of its two messages a wrong key gives is chance.
  const failed = outcomes.filter(({ reject }) => reject?.message.startsWith('Decryption failed. '));
  const errors = /** @type {number[]} */ (Object.values(loadErrors));
  assert.equal(
    failed.length,
    errors.reduce((sum, count) => sum + count, 0),
  );
  assert.equal(loaded.length + failed.length, storesResolved);
}

/** @param {Playback} playback */
export async function compareSummary(playback) {
  const { summary, steps } = playback.recorded;
  if (summary?.indexesThatLoad !== undefined) {
    await compareLoads(playback, summary);
  }
  if (summary?.keyUnchanged) {
    const set = steps.find((step) => step.op === 'setPluginData');
    assert.equal(storedKey(playback), JSON.parse(set?.text ?? '{}').aescbc);
  }
}
