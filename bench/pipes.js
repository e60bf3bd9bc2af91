// SPDX-License-Identifier: MIT
// Round trips over pipes: with secrets of several sizes, in stores of several sizes, with several
// hosts at once.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execute, query } from '../tests/support/store.js';
import { judged, median, MICROSECOND, summary, timesAtMost } from './figures.js';
import {
  HELLO,
  host,
  inTurns,
  PLACE,
  program,
  request,
  roundTrips,
  samplesOf,
  secretOf,
  storeWith,
} from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {import('./bench.js').Run} Run */

const SIZES = { '64 B': 64, '64 KiB': 64 << 10 };

/** With two cores, driver and host each get their own, as a browser and its host do. */
const APART = Math.min(2, availableParallelism());

/**
 * @param {Run} run
 * @returns {Promise<Figure[]>}
 */
export async function pipes(run) {
  const figures = [];
  for (const [name, size] of Object.entries(SIZES)) {
    for (const cores of new Set([APART, 1])) {
      run.say(`secrets of ${name}, on ${cores} cores`);
      figures.push(...(await withSecretsOf(run, name, size, cores)));
    }
  }
  run.say('a secret of 1 MiB');
  figures.push(await oneMebibyte(run));
  return figures;
}

/**
 * @param {Run} run
 * @param {string} name
 * @param {number} size
 * @param {number} cores
 * @returns {Promise<Figure[]>}
 */
async function withSecretsOf(run, name, size, cores) {
  const { workshop, quick } = run;
  const small = size < 1024;
  const count = (small ? 2_000 : 500) / (quick ? 4 : 1);
  const commits = quick ? 30 : 100;
  const state = await storeWith(run.workshop, size);
  const compared = await storeWith(run.workshop, size);
  const database = join(compared, 'store.sqlite3');
  const [{ size: stored }] = query(compared, 'SELECT length(value) AS size FROM item');
  const hello = workshop.frames(HELLO);
  const nothing = workshop.frames();
  const load = workshop.frames(request('loadSecret'));
  const store = workshop.frames(request('storeSecret', { data: secretOf(size) }));
  const turns = workshop.frames(
    request('storeSecret', { data: secretOf(size) }),
    request('clearSecret'),
  );
  // As long as the answer to loadSecret.
  const echoed = workshop.frames({ id: 2, op: 'echo', result: secretOf(size) });
  const interpreter = { python: 'echo.py', node: 'echo.mjs' };
  const programs = join(import.meta.dirname, 'programs');

  /** @param {string[]} command @param {string} requests @param {number} times */
  const echo = (command, requests, times) =>
    roundTrips({ command, state, count: times, setup: nothing, requests, cores });
  /** @param {string} requests @param {number} times */
  const ours = (requests, times) =>
    roundTrips({ command: host, state, count: times, setup: hello, requests, cores });
  const samples = await inTurns(quick ? 4 : 10, {
    loadSecret: async () => {
      await ours(store, 1);
      return ours(load, count);
    },
    storeSecret: () => ours(store, commits),
    clearSecret: async () => (await ours(turns, 2 * commits)).filter((_, i) => i % 2 === 1),
    'C echo': () => echo([program('echo')], echoed, count),
    'C json-c echo': () => echo([program('echo_json')], echoed, count),
    'Python echo': () => echo([join(programs, interpreter.python)], echoed, count),
    'Node.js echo': () => echo([process.execPath, join(programs, interpreter.node)], echoed, count),
    'SQLite commit': async () =>
      (await samplesOf('commit', [commits, database, Number(stored)])).map(([time]) => time ?? NaN),
  });
  const against = /** @type {Record<string, [keyof typeof samples, number | undefined]>} */ ({
    loadSecret: ['C echo', small ? 1.6 : undefined],
    storeSecret: ['SQLite commit', small ? 1.2 : undefined],
    clearSecret: ['SQLite commit', undefined],
    'SQLite commit': ['SQLite commit', undefined],
  });
  return Object.entries(samples).map(([subject, all]) => {
    const [other, most] = against[subject] ?? ['C echo', undefined];
    return judged({
      part: `round trip, ${name}, ${cores === 1 ? 'on one core' : 'on two cores'}`,
      subject,
      unit: 'µs',
      ...summary(all, MICROSECOND),
      against: other,
      ratio: median(all) / median(samples[other]),
      target: most === undefined ? undefined : timesAtMost(most),
    });
  });
}

/** @param {Run} run @returns {Promise<Figure>} */
async function oneMebibyte(run) {
  const { workshop, quick } = run;
  const size = 1 << 20;
  const state = await storeWith(run.workshop, size);
  const load = workshop.frames(request('loadSecret'));
  const hello = workshop.frames(HELLO);
  const echoed = workshop.frames({ id: 2, op: 'echo', result: secretOf(size) });
  const count = quick ? 20 : 40;
  const samples = await inTurns(5, {
    ours: () =>
      roundTrips({ command: host, state, count, setup: hello, requests: load, cores: APART }),
    echo: () =>
      roundTrips({
        command: [program('echo_json')],
        state,
        count,
        setup: workshop.frames(),
        requests: echoed,
        cores: APART,
      }),
  });
  return judged({
    part: 'round trip, 1 MiB',
    subject: 'loadSecret',
    unit: 'µs',
    ...summary(samples.ours, MICROSECOND),
    against: 'C json-c echo',
    ratio: median(samples.ours) / median(samples.echo),
    target: timesAtMost(2.5),
  });
}

/** The stores: how many items of one origin, and how many origins with one item each. */
const STORES = /** @type {const} */ ([
  { name: '1 item', items: 1, origins: 1 },
  { name: '1,000 items', items: 1_000, origins: 1 },
  { name: '100,000 items', items: 100_000, origins: 1 },
  { name: '1,000,000 items', items: 1_000_000, origins: 1 },
  { name: '100,000 origins', items: 1, origins: 100_000 },
]);

/**
 * Multiplies the rows that the host stored.
 *
 * @param {string} state
 * @param {{items: number, origins: number}} store
 */
function fill(state, { items, origins }) {
  execute(
    state,
    `BEGIN;
     WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${items})
       INSERT INTO item (storage_key, slot, value)
       SELECT storage_key, 'n' || i || slot, value FROM n, item WHERE id = 1 AND ${items} > 1;
     CREATE TEMP TABLE m AS WITH RECURSIVE n (i) AS
       (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${origins}) SELECT i FROM n WHERE ${origins} > 1;
     INSERT INTO storage_key (id, browser_profile, origin, top_level_site)
       SELECT 1000 + i, browser_profile, 'https://powerup-' || i || '.example', top_level_site
       FROM m, storage_key WHERE id = 1;
     INSERT INTO item (storage_key, slot, value)
       SELECT 1000 + i, slot, value FROM m, item WHERE item.id = 1;
     INSERT INTO plugin_data (power_up, scope, owner, visibility, viewer, sealed)
       SELECT 'https://powerup-' || i || '.example', scope, owner, visibility, viewer, sealed
       FROM m, plugin_data WHERE power_up = '${PLACE.origin}';
     COMMIT;`,
  );
}

/**
 * @param {Run} run
 * @returns {Promise<Figure[]>}
 */
export async function scale(run) {
  const { workshop, quick } = run;
  const stores = STORES.filter(({ items }) => !quick || items <= 100_000);
  const hello = workshop.frames(HELLO);
  const load = workshop.frames(request('loadSecret'));
  const store = workshop.frames(request('storeSecret', { data: secretOf(64) }));
  /** @type {Figure[]} */
  const figures = [];
  /** @type {Record<string, () => Promise<number[]>>} */
  const loads = {};
  /** @type {Record<string, () => Promise<number[]>>} */
  const commits = {};
  let first = NaN;
  for (const { name, items, origins } of stores) {
    run.say(`a store with ${name}`);
    const state = await storeWith(run.workshop, 64);
    fill(state, { items, origins });
    const ask = { command: host, state, setup: hello, cores: APART };
    loads[name] = () => roundTrips({ ...ask, count: quick ? 500 : 1_000, requests: load });
    commits[name] = () => roundTrips({ ...ask, count: quick ? 20 : 50, requests: store });
    const size = statSync(join(state, 'store.sqlite3')).size;
    first = Number.isNaN(first) ? size : first;
    if (items > 1 || origins > 1) {
      const bytes = (size - first) / Math.max(items, origins);
      const part = origins > 1 ? 'bytes an origin with an item' : 'bytes an item';
      figures.push({ part, subject: name, unit: 'B', runs: 1, median: bytes, p95: bytes });
    }
  }
  const rounds = quick ? 4 : 10;
  for (const [method, subjects] of Object.entries({ loadSecret: loads, storeSecret: commits })) {
    run.say(`${method} in each`);
    const samples = await inTurns(rounds, subjects);
    const empty = median(samples['1 item'] ?? []);
    for (const [name, all] of Object.entries(samples)) {
      figures.push(
        judged({
          part: `${method}, size of the store`,
          subject: name,
          unit: 'µs',
          ...summary(all, MICROSECOND),
          against: '1 item',
          ratio: median(all) / empty,
          target:
            name === stores.findLast(({ origins }) => origins === 1)?.name
              ? timesAtMost(1.2)
              : undefined,
        }),
      );
    }
  }
  figures.push(...(await atOnce(run)));
  return figures;
}

/** Several hosts on one store. @param {Run} run @returns {Promise<Figure[]>} */
async function atOnce(run) {
  const { workshop, quick } = run;
  const state = await storeWith(run.workshop, 64);
  const hello = workshop.frames(HELLO);
  const load = workshop.frames(request('loadSecret'));
  const store = workshop.frames(request('storeSecret', { data: secretOf(64) }));
  const total = { loadSecret: quick ? 6_400 : 64_000, storeSecret: quick ? 640 : 3_200 };
  /** @type {Figure[]} */
  const figures = [];
  for (const [method, requests] of Object.entries({ loadSecret: load, storeSecret: store })) {
    for (const hosts of [1, 4, 16, 64]) {
      run.say(`${method}, ${hosts} at once`);
      const count = total[/** @type {keyof typeof total} */ (method)] / hosts;
      const all = await Promise.all(
        Array.from({ length: hosts }, () =>
          roundTrips({ command: host, state, count, setup: hello, requests }),
        ),
      );
      figures.push({
        part: `${method}, hosts at once`,
        subject: `${hosts} on ${availableParallelism()} cores`,
        unit: 'µs',
        ...summary(all.flat(), MICROSECOND),
      });
    }
  }
  return figures;
}
