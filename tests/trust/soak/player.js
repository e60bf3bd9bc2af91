// SPDX-License-Identifier: MIT
// Plays with a page of one browser. It writes entries of its own alone, and reads those of others.
import { during } from './actor.js';
import { readData, readSecret, valueOf, writeData, writeSecret } from './entries.js';

/** @typedef {import('./actor.js').Actor} Actor */
/** @typedef {import('./entries.js').Where} Where */

export const KEYS = ['a', 'b', 'c'];

/** @param {import('./soak.js').Soak} soak @param {Actor} actor @param {number} number  of this player */
export function play(soak, actor, number) {
  const chances = soak.chances(number);
  const peers = soak.actors.filter(({ browserProfile }) => browserProfile === actor.browserProfile);
  let writes = 0;
  const key = (/** @type {Actor} */ { name }) => `${chances.one(KEYS)} of ${name}`;

  /** @type {((where: Where) => Promise<unknown>)[]} */
  const moves = [
    (where) => writeSecret(where, key(actor), valueOf(chances, ++writes)),
    (where) => writeSecret(where, key(actor), chances.below(2) ? null : valueOf(chances, ++writes)),
    (where) => readSecret(where, key(chances.one(peers))),
    (where) => readSecret(where, 'seeded'),
    (where) => writeData(where, actor.name, `${++writes}`),
    (where) => readData(where, chances.one(soak.actors).name),
    async ({ life }) => {
      if (chances.below(4) === 0) {
        await soak.step('reload', actor.name, async () => {
          await during(life, async () => void (await life.calm.reload()));
        });
      }
    },
  ];
  return async () => {
    const { life } = actor;
    if (life === undefined) {
      await soak.until(() => actor.life !== undefined);
    } else {
      await chances.one(moves)({ soak, actor, life, page: 'calm' });
    }
  };
}
