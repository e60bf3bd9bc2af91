// SPDX-License-Identifier: MIT
// What a recording sums up beside its steps. How many messages went to the parent frame is not
// compared: there is none here.
import assert from 'node:assert/strict';
import { callTogether } from './in-page.js';

/** @typedef {import('./scene.js').Scene} Scene */

/** @param {Scene} scene */
const storedKey = (scene) =>
  scene
    .pluginData()
    .map(({ text }) => JSON.parse(text).aescbc)
    .find(Boolean);

/**
 * @param {Scene} scene
 * @param {import('./cases.js').RecordedCall} call
 * @param {import('./in-page.js').Outcome} outcome
 */
export function checkAfterFailedStore(scene, { method }, { reject }) {
  const { summary = {} } = scene.recorded;
  if ('aesKeyAfterFailedStore' in summary && method === 'storeSecret' && reject !== undefined) {
    assert.equal(storedKey(scene) ?? null, summary.aesKeyAfterFailedStore);
  }
}

/**
 * Loads what the calls k0, k1, … have stored.
 *
 * @param {Scene} scene
 * @param {Record<string, any>} summary
 */
async function compareLoads(scene, { storesResolved, indexesThatLoad, loadErrors }) {
  const calls = Array.from({ length: storesResolved }, (_, number) => ({
    method: 'loadSecret',
    args: [`'k${number}'`],
  }));
  const outcomes = await callTogether(await scene.frame('A#0'), calls);
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

/** @param {Scene} scene */
export async function compareSummary(scene) {
  const { summary, steps } = scene.recorded;
  if (summary?.indexesThatLoad !== undefined) {
    await compareLoads(scene, summary);
  }
  if (summary?.keyUnchanged) {
    const set = steps.find((step) => step.op === 'setPluginData');
    assert.equal(storedKey(scene), JSON.parse(set?.text ?? '{}').aescbc);
  }
}
