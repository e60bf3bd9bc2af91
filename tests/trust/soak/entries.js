// SPDX-License-Identifier: MIT
// Secrets and plugin data: written and read in pages, and compared with what must be there.
import { run } from '../../e2e/stage.js';
import { CALM, callIn, MOODY } from './actor.js';

/** @typedef {import('./actor.js').Actor} Actor */
/** @typedef {import('./actor.js').Life} Life */
/** @typedef {import('./soak.js').Soak} Soak */

/** The pages of a browser, and the host names that they are of. */
const HOSTS = { calm: CALM, watch: CALM, moody: MOODY };

/** Lengths that take one block, several, and a page of the database. */
const LENGTHS = [1, 40, 700, 5_000];

/** A value that its writer has not used yet. @param {import('./soak.js').Chances} chances @param {number} number */
export const valueOf = (chances, number) => `${number} ${'x'.repeat(chances.one(LENGTHS))}`;

/** A secret of a browser profile. @param {Soak} soak @param {string} profile @param {string} host @param {string} key */
export const secretOf = (soak, profile, host, key) =>
  soak.entry(`${profile} ${host} ${key}`, { profile, host, key });

/** What each has under its own name on the one board. @param {Soak} soak @param {string} key */
export const dataOf = (soak, key) => soak.entry(`plugin data ${key}`, { key });

/** What became of a write. @param {import('./actor.js').Outcome} outcome */
function outcomeOf({ refused, ended, unknown }) {
  if (ended || unknown) {
    return 'unknown';
  }
  return refused === undefined ? 'done' : 'refused';
}

/** What was read, if anything. @param {import('./actor.js').Outcome} outcome */
const valueIn = (outcome) =>
  outcome.refused || outcome.ended || outcome.unknown ? undefined : (outcome.resolved ?? null);

/**
 * @typedef {object} Where
 * @property {Soak} soak
 * @property {Actor} actor
 * @property {Life} life
 * @property {keyof typeof HOSTS} page
 * @property {string[]} [expected]  names of errors for which there is a reason
 */

/** @param {Where} where @param {string} method @param {string[]} args */
const callAt = ({ life, page, expected = [] }, method, ...args) =>
  callIn(life, life[page], expected, method, ...args);

/** @param {Where} where @param {string} key @param {string | null} value  null: it is cleared */
export function writeSecret(where, key, value) {
  const { soak, actor, page } = where;
  const [method, ...args] = value === null ? ['clearSecret', key] : ['storeSecret', key, value];
  return soak.step(method, `${actor.name}: ${page} ${key}`, async () => {
    const entry = secretOf(soak, actor.browserProfile, HOSTS[page], key);
    const end = entry.write(value);
    const outcome = await callAt(where, method, ...args);
    end(outcomeOf(outcome));
    return Object.keys(outcome);
  });
}

/** @param {Where} where @param {string} key */
export function readSecret(where, key) {
  const { soak, actor, page } = where;
  return soak.step('loadSecret', `${actor.name}: ${page} ${key}`, async () => {
    const entry = secretOf(soak, actor.browserProfile, HOSTS[page], key);
    const end = entry.read();
    const outcome = await callAt(where, 'loadSecret', key);
    end(valueIn(outcome));
    return outcome;
  });
}

/** @param {Where} where @param {string} key @param {string} value */
export const writeData = (where, key, value) =>
  where.soak.step('set', `${where.actor.name}: ${key}`, async () => {
    const end = dataOf(where.soak, key).write(value);
    const outcome = await callAt(where, 'set', 'board', 'shared', key, value);
    end(outcomeOf(outcome));
    return outcome;
  });

/** @param {Where} where @param {string} key */
export const readData = (where, key) =>
  where.soak.step('get', `${where.actor.name}: ${key}`, async () => {
    const end = dataOf(where.soak, key).read();
    const outcome = await callAt(where, 'get', 'board', 'shared', key);
    end(valueIn(outcome));
    return outcome;
  });

/** The exit status of a command that found nothing. */
const ABSENT = 4;

/** Reads everything once more, in every browser and by the command line. @param {Soak} soak */
export async function readAll(soak) {
  /** @type {Record<string, Where['page']>} */
  const pages = { [CALM]: 'watch', [MOODY]: 'moody' };
  for (const { place } of soak.entries.values()) {
    const { profile, host, key } = place;
    for (const actor of soak.actors) {
      const life = /** @type {Life} */ (actor.life);
      if (host === undefined) {
        await readData({ soak, actor, life, page: 'watch' }, key);
      } else if (profile === actor.browserProfile) {
        await readSecret({ soak, actor, life, page: pages[host] }, key);
      }
    }
    if (host !== undefined && profile !== undefined) {
      await soak.step('reveal', `${profile} ${host} ${key}`, async () => {
        const end = secretOf(soak, profile, host, key).read();
        const args = ['reveal', '--origin', soak.stage.origin(host), '--key', key];
        const environment = { POWERUP_SECRETS_BROWSER_PROFILE: profile };
        const { status, stdout, stderr } = await run(soak.stage, args, '', environment);
        if (status !== 0 && status !== ABSENT) {
          throw new Error(`${args.join(' ')}: exit status ${status}: ${stderr}`);
        }
        end(status === 0 ? stdout : null);
      });
    }
  }
}
