// SPDX-License-Identifier: MIT
// Random sequences of events, the same in every run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomNumbers } from '../support/random.js';
import { OriginModel } from './origin-model.js';

/** @typedef {import('./origin-model.js').Action} Action */

console.warn = () => {}; // storages fail on purpose

/** How often each happens, beside deliveries; slots 0 and 1 are for `documented`. */
const CALLS = { store: 12, load: 4, clear: 6, check: 3 };
const BY_PAGE = { 'page sets': 4, 'page removes': 4, 'page clears': 1 };
const AT_HOST = { 'host sets': 3, 'host removes': 2 };
const DELIVERIES = { 'to bridge': 20, host: 20, 'from host': 20, 'to page': 20 };

/**
 * @param {Record<string, number>} weights
 * @param {number} seed
 * @param {number} length
 * @returns {Action[]}
 */
function sequence(weights, seed, length) {
  const random = randomNumbers(seed);
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length }, () => {
    let left = random() * total;
    const [name] = Object.entries(weights).find(([, weight]) => (left -= weight) < 0) ?? ['check'];
    const [frame, slot] = [Math.floor(3 * random()), Math.floor(4 * random())];
    return { name, frame, slot, on: random() < 0.5 };
  });
}

/** @param {Action} action */
const described = ({ name, frame, slot, on }) => `${name} (frame ${frame}, slot ${slot}, ${on})`;

/**
 * @param {Action[]} actions
 * @param {boolean} oneByOne  all that an action causes ends before the next
 */
async function run(actions, oneByOne) {
  const model = await new OriginModel().start();
  for (const [i, action] of [...actions, { name: 'check' }].entries()) {
    try {
      await model.act(action);
      if (oneByOne) {
        await model.fixture.settle();
      }
    } catch (error) {
      const before = actions
        .slice(0, i + 1)
        .map(described)
        .join('\n');
      assert.fail(`${error}\nafter these ${i + 1} steps:\n${before}`);
    }
  }
}

/** @type {[string, Record<string, number>][]} */
const ONE_FRAME = [
  ['secret calls', {}],
  ['secret calls, and changes by the page', BY_PAGE],
  ['secret calls, and changes at the host', AT_HOST],
  ['secret calls, and changes by both', { ...BY_PAGE, ...AT_HOST }],
  ['a page that is reloaded', { ...BY_PAGE, ...AT_HOST, reload: 2 }],
  ['a localStorage that is blocked at times', { ...AT_HOST, 'block storage': 4 }],
  ['a localStorage that is full at times', { ...AT_HOST, 'fill storage': 4 }],
  ['a host that fails at times', { ...BY_PAGE, ...AT_HOST, 'fail host': 4 }],
  ['a database that fails at times', { ...BY_PAGE, ...AT_HOST, 'fail database': 4 }],
  [
    'all of this at times',
    { ...BY_PAGE, ...AT_HOST, reload: 2, 'fail database': 2, 'fail host': 2 },
  ],
];
for (const [title, weights] of ONE_FRAME) {
  test(`page and host hold the same, and nothing is lost or comes back: ${title}`, async () => {
    for (let seed = 1; seed <= 20; seed++) {
      await run(sequence({ ...CALLS, ...DELIVERIES, ...weights }, seed, 400), false);
    }
  });
}

test('frames of one origin, one step at a time, lose nothing and bring nothing back', async () => {
  const weights = { ...CALLS, ...BY_PAGE, ...AT_HOST, read: 6, reload: 2, 'add frame': 2 };
  for (let seed = 1; seed <= 20; seed++) {
    await run(sequence(weights, seed, 150), true);
  }
});
