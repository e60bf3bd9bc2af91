// SPDX-License-Identifier: MIT
// Uses the command line, and looks in all browsers whether what it has said is in force.
import assert from 'node:assert/strict';
import { modeOf } from '../../e2e/modes.js';
import { run } from '../../e2e/stage.js';
import { CALM, during, MOODY } from './actor.js';
import { dataOf, readData, readSecret, secretOf, valueOf, writeSecret } from './entries.js';
import { KEYS } from './player.js';

/** @typedef {import('./actor.js').Actor} Actor */
/** @typedef {import('./actor.js').Life} Life */

/** What secret calls are refused with in each storage mode. @type {Record<string, string[]>} */
const REFUSED = {
  enabled: [],
  denied: ['SecurityError'],
  missing: ['TypeError'],
  full: ['QuotaExceededError'],
};

/** How commands name the browsers. */
const NAMES = { chromium: 'Chrome/', firefox: 'Firefox/' };

/** Why a browser whose host or background was ended has not confirmed. */
const ENDED = /did not confirm.*the native host (is gone|ended unexpectedly)/;

/** @param {import('./soak.js').Soak} soak */
export function useCommands(soak) {
  const { stage, actors } = soak;
  const chances = soak.chances(actors.length);
  const profiles = [...new Set(actors.map(({ browserProfile }) => browserProfile))];
  const calm = ['--origin', stage.origin(CALM)];
  const moody = ['--origin', stage.origin(MOODY)];
  const board = ['--scope', 'board', '--visibility', 'shared'];
  let mode = 'enabled';
  let writes = 0;

  /** What tells whether a browser was ended, or its host or worker. @param {Actor} actor */
  const stateOf = ({ life, isWell }) => ({ life, isWell, disturbances: life?.disturbances });

  /**
   * Runs a command. It waits for a host or a background that starts again, and for no browser that was
   * killed; one whose host or background is ended while it confirms may be what it names instead, and then
   * the command is run again.
   *
   * @param {string[]} args
   * @returns {Promise<string>}
   */
  const command = async (args, input = '', profile = profiles[0]) => {
    const before = new Map(actors.map((actor) => [actor, stateOf(actor)]));
    const { status, stdout, stderr } = await soak.step('command', args.join(' '), () =>
      run(stage, args, input, { POWERUP_SECRETS_BROWSER_PROFILE: profile }),
    );
    if (status === 0) {
      return stdout;
    }
    const isTrue = actors.some((actor) => {
      const { life, isWell, disturbances } = stateOf(actor);
      const then = before.get(actor);
      const isNamed = stderr.includes(NAMES[actor.family]);
      const isSame = life === then?.life && disturbances === then?.disturbances;
      return isNamed && !(isSame && isWell && then?.isWell);
    });
    assert.ok(
      status === 3 && isTrue && ENDED.test(stderr),
      `${args.join(' ')}: exit status ${status}: ${stderr}`,
    );
    soak.count('command again');
    return command(args, input, profile);
  };

  /** @param {(actor: Actor, life: Life) => Promise<unknown> | undefined} act */
  const inAll = (act) => Promise.all(actors.map((actor) => actor.life && act(actor, actor.life)));

  /**
   * @param {string} kind
   * @param {unknown} expected
   * @param {(life: Life) => Promise<unknown>} look
   */
  const lookInAll = (kind, expected, look) =>
    inAll((actor, life) =>
      soak.step(kind, `${actor.name}: ${expected}`, async () => {
        const seen = await during(life, async () => ({ value: await look(life) }));
        assert.ok(
          'unknown' in seen || seen.value === expected,
          `${actor.name}: ${kind}: ${JSON.stringify(seen)}, and not ${expected}`,
        );
      }),
    );

  /** @type {(() => Promise<unknown>)[]} */
  const moves = [
    async () => {
      // Once more `full` leaves the page the room that it has made.
      const next = chances.one(Object.keys(REFUSED).filter((one) => one !== mode));
      await command(['storage', next, ...moody]);
      mode = next;
      await lookInAll('look', mode, (life) => modeOf(life.moody));
      if (chances.below(2) === 0) {
        await lookInAll('load', mode, async (life) => {
          await life.moody.reload();
          return life.moody.evaluate('window.storageSeenByTheFirstScript');
        });
      }
    },
    () =>
      inAll(async (actor, life) => {
        const where = /** @type {const} */ ({ soak, actor, life, page: 'moody' });
        const key = `${chances.one(KEYS)} of ${actor.name}`;
        const value = chances.below(4) === 0 ? null : valueOf(chances, ++writes);
        await writeSecret({ ...where, expected: REFUSED[mode] }, key, value);
        await readSecret({ ...where, expected: REFUSED[mode] }, key);
      }),
    async () => {
      const isIn = chances.below(2) === 0;
      await command([isIn ? 'sign-in' : 'sign-out', ...moody]);
      await lookInAll('look', isIn, (life) =>
        life.moody.evaluate('TrelloPowerUp.iframe().isMemberSignedIn()'),
      );
      await command(['sign-in', ...moody]);
    },
    async () => {
      const profile = chances.one(profiles);
      const value = valueOf(chances, ++writes);
      const entry = secretOf(soak, profile, CALM, 'seeded');
      const end = entry.write(value);
      await command(['seed', ...calm, '--key', 'seeded'], value, profile);
      end('done');
      await inAll((actor, life) =>
        actor.browserProfile === profile
          ? readSecret({ soak, actor, life, page: 'watch' }, 'seeded')
          : undefined,
      );
      const read = entry.read();
      read(await command(['reveal', ...calm, '--key', 'seeded'], '', profile));
    },
    async () => {
      const value = `${++writes}`;
      const end = dataOf(soak, 'tester').write(value);
      const args = ['plugin-data', 'set', ...calm, ...board, '--name', 'tester'];
      await command(args, JSON.stringify(value));
      end('done');
      await inAll((actor, life) => readData({ soak, actor, life, page: 'watch' }, 'tester'));
    },
    () => command(['render', ...calm]),
    () => command(['items', '--json']),
    () => command(['calls', '--json', ...moody]),
  ];
  return {
    act: () => chances.one(moves)(),
    /** Takes the settings back. */
    end: () => command(['storage', 'enabled', ...moody]),
  };
}
