// SPDX-License-Identifier: MIT
// Goes through the steps of one case and compares what comes of them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { compareOutcome } from './compare.js';
import { callTogether } from './in-page.js';
import { MEMBER } from './openings.js';
import { failParent } from './parent-errors.js';
import { comparable, scriptFor } from './scripts.js';
import { PLAYED_BY_HAND } from './special.js';
import { checkAfterFailedStore, compareSummary } from './summary.js';

/** @typedef {import('./cases.js').RecordedCall} RecordedCall */
/** @typedef {import('./cases.js').Step} Step */
/** @typedef {import('./playback.js').Playback} Playback */

const KEY = /(?<="aescbc":")[0-9a-f]{64}(?=")/;

/**
 * @param {RecordedCall} first  storeSecret("k0", "v0")
 * @param {number} number
 * @returns {RecordedCall}  the same with another number
 */
function alike(first, number) {
  const args = first.args.map((source) => source.replace('0', `${number}`));
  const name = `${MEMBER}:${JSON.parse(args[0])}`;
  const slot = createHash('sha256').update(name).digest('hex');
  const { length } = first.expect.resolve.stored;
  return { ...first, args, expect: { resolve: { stored: { slot, length } } } };
}

/**
 * The calls of a step; "48 more alike" stands for calls that go on counting up.
 *
 * @param {import('./cases.js').CallsStep} step
 * @returns {RecordedCall[]}
 */
function callsIn({ calls }) {
  const shown = calls.filter((each) => 'method' in each);
  const left = calls.flatMap((each) => ('method' in each ? [] : [each.note]));
  const more = left.length === 0 ? 0 : Number(/^(\d+) more alike$/.exec(left.join())?.[1]);
  assert.ok(more >= 0, `what to call is not known from "${left.join()}"`);
  return [
    ...shown,
    ...Array.from({ length: more }, (_, index) => alike(shown[0], shown.length + index)),
  ];
}

/**
 * @param {Playback} playback
 * @param {string} page
 * @param {RecordedCall[]} calls
 */
async function call(playback, page, calls) {
  await failParent(playback, playback.origin(page.split('#')[0]), calls);
  const outcomes = await callTogether(await playback.frame(page), calls);
  for (const [index, outcome] of outcomes.entries()) {
    compareOutcome(outcome, calls[index]);
    checkAfterFailedStore(playback, calls[index], outcome);
  }
  if (calls.some(({ method }) => method.endsWith('Secret'))) {
    playback.secretCalled(page);
  }
}

/**
 * @param {Playback} playback
 * @param {import('./cases.js').ScriptStep} step
 */
async function script(playback, step) {
  const frame = await playback.frame(step.frame);
  const result = await frame.evaluate(scriptFor(playback.recorded, step));
  assert.deepEqual(comparable(step.note, result), comparable(step.note, step.result), step.note);
}

/**
 * @param {Playback} playback
 * @returns {(step: Step) => void | Promise<void>}
 */
export function stepper(playback) {
  /** The key that the page made first. @type {string | undefined} */
  let firstKey;

  return (step) => {
    switch (step.op) {
      case 'call':
        return call(playback, step.page, [step]);
      case 'callTogether':
        return call(playback, step.page, callsIn(step));
      case 'setPluginData':
        firstKey ??= KEY.exec(
          playback
            .pluginData()
            .map(({ text }) => text)
            .join(),
        )?.[0];
        // Keys are random: the one to put back is not the recording's but the one made here.
        return playback.setPluginData(
          firstKey !== undefined && playback.recorded.title.includes('put back')
            ? { ...step, text: step.text?.replace(KEY, firstKey) ?? null }
            : step,
        );
      case 'setItem':
        return playback.writeItem(step.page, step.slot, step.value);
      case 'script':
        return script(playback, step);
      case 'expectState':
        return playback.compare(step);
      default:
        throw new Error(`there is no step "${/** @type {any} */ (step).op}"`);
    }
  };
}

/** @param {Playback} playback */
export async function play(playback) {
  const { id, steps, final } = playback.recorded;
  const take = stepper(playback);
  if (Object.hasOwn(PLAYED_BY_HAND, id)) {
    await PLAYED_BY_HAND[id](playback, take);
    return;
  }
  assert.ok(steps.length > 0, 'the case has no steps, and nobody has written down what to do');
  for (const step of steps) {
    await take(step);
  }
  await playback.compare(final);
  await compareSummary(playback);
}
