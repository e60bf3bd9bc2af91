// SPDX-License-Identifier: MIT
// A page that calls without end keeps neither itself nor another origin from being served.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, setStage } from './stage.js';

/** How many calls the flooding page makes in one go. */
const CALLS = Number(process.env.POWERUP_SECRETS_FLOOD ?? 6_000);
/** How many the other page makes meanwhile, one after the other. */
const OTHER_CALLS = 20;

/** How many answers of the flood may come while the other page waits for one of its own. */
const FAIR = 1_000;

test(`${CALLS} calls of a page are all served, and another origin is not kept waiting`, async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const [flooding, other] = [
    await stage.open(browser),
    await stage.open(browser, '127.0.0.1'), // in a process of its own
  ];
  await call(flooding, 'storeSecret', 'token', 'secret');
  await call(other, 'storeSecret', 'token', 'another');

  await flooding.evaluate(async (calls) => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const now = () => performance.timeOrigin + performance.now();
    /** @type {number[]} */
    const times = [];
    const answers = Array.from({ length: calls }, () =>
      t.loadSecret('token').then((/** @type {string} */ value) => {
        times.push(now());
        return value;
      }),
    );
    Object.assign(window, { times, flood: Promise.all(answers) });
    await Promise.race(answers);
  }, CALLS);
  const spans = await other.evaluate(async (calls) => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const now = () => performance.timeOrigin + performance.now();
    const all = [];
    for (let i = 0; i < calls; i++) {
      const begun = now();
      const value = await t.loadSecret('token');
      all.push({ begun, ended: now(), value });
    }
    return all;
  }, OTHER_CALLS);
  const { values, times } = await flooding.evaluate(async () => {
    const { flood, times: all } = /** @type {any} */ (window);
    return { values: [...new Set(await flood)], times: all };
  });

  assert.deepEqual(values, ['secret']);
  assert.equal(times.length, CALLS);
  assert.deepEqual([...new Set(spans.map(({ value }) => value))], ['another']);
  const within = spans.map(
    ({ begun, ended }) =>
      times.filter((/** @type {number} */ time) => begun <= time && time <= ended).length,
  );
  t.diagnostic(`answers of the flood while the other page waited for one: ${within}`);
  assert.ok(
    times.at(-1) > (spans.at(-1)?.ended ?? Infinity),
    'the other page was served while the flood went on',
  );
  assert.ok(Math.max(...within) <= FAIR, `${within}`);
});
