// SPDX-License-Identifier: MIT
// Cases whose steps do not tell all that was done.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PATIENCE_MS } from '../support/patience.js';
import { query } from '../support/store.js';
import { callTogether } from './in-page.js';

/** @typedef {import('./playback.js').Playback} Playback */
/** @typedef {(step: import('./cases.js').Step) => void | Promise<void>} Take */

/** @type {Record<string, (playback: Playback, take: Take) => Promise<void>>} */
export const PLAYED_BY_HAND = {
  'race.key_replaced_during_store': replaceKeyDuringStore,
  'pd.concurrent_set_two_frames': setInTwoFrames,
};

/**
 * A write lock on the database halts a store where it writes for the first time: after it has read
 * the key and written the page's localStorage, before it reads again and writes the key.
 *
 * @param {Playback} playback
 * @param {Take} take
 */
async function replaceKeyDuringStore(playback, take) {
  const { id, steps, final } = playback.recorded;
  const [before, replacement, load] =
    /** @type {[import('./cases.js').PluginDataStep, ...import('./cases.js').Step[]]} */ (steps);
  const { stateFolder } = playback;
  await take(replacement);
  const where = `power_up = '${id}'`;
  const [{ hex }] = query(stateFolder, `SELECT hex(sealed) AS hex FROM plugin_data WHERE ${where}`);
  await take(before);
  const frame = await playback.frame('A#0');
  // The browser's host is up and has written what it writes at first, or the lock would halt that.
  await callTogether(frame, [{ method: 'getAll', args: [] }]);

  const lock = spawn('sqlite3', ['-bail', join(stateFolder, 'store.sqlite3')]);
  try {
    lock.stdin.write(`.timeout ${PATIENCE_MS}\nBEGIN IMMEDIATE;\n.print locked\n`);
    await once(lock.stdout, 'data');
    const storing = callTogether(frame, [{ method: 'storeSecret', args: ["'k'", "'v'"] }]);
    await frame.waitForFunction(() => localStorage.length > 0);
    lock.stdin.end(`UPDATE plugin_data SET sealed = X'${hex}' WHERE ${where};\nCOMMIT;\n`);
    const [status] = await once(lock, 'exit');
    assert.equal(status, 0);
    const [outcome] = await storing;
    assert.deepEqual(Object.keys(outcome), ['library', 'resolve'], JSON.stringify(outcome));
  } finally {
    lock.kill();
  }
  assert.deepEqual(
    playback.pluginData().map(({ text }) => text),
    [before.text],
  );
  await take(load);
  await playback.compare(final);
}

/** @param {Playback} playback */
async function setInTwoFrames(playback) {
  const frames = [await playback.frame('A#0'), await playback.frame('A#1')];
  const outcomes = await Promise.all(
    frames.map((frame, index) =>
      callTogether(frame, [
        { method: 'set', args: ["'member'", "'private'", `'${'ab'[index]}'`, `${index + 1}`] },
      ]),
    ),
  );
  assert.deepEqual(outcomes.flat(), Array(2).fill({ library: true, resolve: null }));
  const [{ text }] = playback.pluginData();
  const possible = ['{"a":1}', '{"b":2}', '{"a":1,"b":2}', '{"b":2,"a":1}'];
  assert.ok(possible.includes(text), text);
  // Which of them it was is chance; where it lies is not.
  const { final } = playback.recorded;
  const recorded = JSON.stringify(final).replace(
    /\{\\"b\\":2\}/,
    JSON.stringify(text).slice(1, -1),
  );
  await playback.compare(JSON.parse(recorded));
}
