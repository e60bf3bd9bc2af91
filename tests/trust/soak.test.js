// SPDX-License-Identifier: MIT
// Four browsers on one state folder, two of each kind and under two browser profiles, with random calls,
// settings and commands, while hosts, workers and browsers are killed.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { setStage } from '../e2e/stage.js';
import { PATIENCE_MS } from '../support/patience.js';
import { Actor } from './soak/actor.js';
import { endThings } from './soak/ender.js';
import { readAll } from './soak/entries.js';
import { play } from './soak/player.js';
import { Soak } from './soak/soak.js';
import { useCommands } from './soak/tester.js';

const SECONDS = Number(process.env.POWERUP_SECRETS_SOAK ?? 60);
const SEED = Number(process.env.POWERUP_SECRETS_SEED ?? randomInt(1_000_000));

/** After a third of the time the hosts of this browser profile go on to the end, so that they can be
 * measured. */
const SPARED = { profile: 'laptop', from: 1 / 3 };

/** How many times the memory that a host had then it may have at the end. */
const MEMORY = 1.5;

/** @param {number} pid @returns {number}  KiB */
const memoryOf = (pid) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** The processes that have to do with a folder. @param {string} folder */
const processesOf = (folder) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return readFileSync(`/proc/${name}/${file}`, 'utf8').includes(folder);
        } catch {
          return false; // it has ended, or is of another user
        }
      }),
    );

test(`${SECONDS} s of random use in four browsers lose nothing, though hosts, workers and browsers are killed`, async (t) => {
  t.diagnostic(`POWERUP_SECRETS_SEED=${SEED}`);
  const stage = await setStage(t);
  const actors = ['laptop', 'phone'].flatMap((profile) => [
    new Actor(stage, 'chromium', profile),
    new Actor(stage, 'firefox', profile),
  ]);
  for (const actor of actors) {
    await actor.start();
  }
  const soak = new Soak(stage, actors, SECONDS, SEED);
  /** @type {Map<number, number>} */
  const warm = new Map();
  const measure = async () => {
    await soak.until(() => soak.progress > SPARED.from && actors.every(({ isWell }) => isWell));
    for (const { browserProfile, hostPid } of actors) {
      if (browserProfile === SPARED.profile && !soak.isOver) {
        warm.set(hostPid, memoryOf(hostPid));
      }
    }
  };
  const commands = useCommands(soak);
  await Promise.all([
    measure(),
    soak.repeat(commands.act),
    soak.repeat(endThings(soak, SPARED)),
    ...actors.map((actor, number) => soak.repeat(play(soak, actor, number))),
  ]);
  t.diagnostic([...soak.counts].map(([kind, count]) => `${count} ${kind}`).join(', '));

  // Nobody writes any more: all read the same.
  await soak.attempt(async () => {
    await commands.end();
    await readAll(soak);
  });
  soak.check();

  const memory = actors.flatMap(({ name, hostPid }) =>
    warm.has(hostPid) ? [{ name, before: warm.get(hostPid), now: memoryOf(hostPid) }] : [],
  );
  t.diagnostic(memory.map(({ name, before, now }) => `${name}: ${before}, ${now} KiB`).join('; '));
  assert.equal(memory.length, 2, 'the hosts that nobody has ended are still there');
  for (const { name, before, now } of memory) {
    assert.ok(now <= MEMORY * Number(before), `the host of ${name} has grown`);
  }

  await Promise.all(actors.map(({ life }) => life?.browser.close()));
  const closed = performance.now();
  let left = processesOf(stage.folder);
  while (left.length > 0 && performance.now() < closed + PATIENCE_MS) {
    await setTimeout(50); // nothing tells of the end of somebody else's process
    left = processesOf(stage.folder);
  }
  assert.deepEqual(left, [], 'no process is left');
});
