// SPDX-License-Identifier: MIT
// From the start of a host to its first answer, from the end of its input to its exit, its memory.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, MICROSECOND, summary, timesAtMost } from './figures.js';
import { installedPeers } from './peers.js';
import {
  asStarted,
  built,
  HELLO,
  host,
  hostPath,
  inTurns,
  program,
  request,
  samplesOf,
  secretOf,
  storeWith,
} from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */

/**
 * @param {import('./bench.js').Run} run
 * @returns {Promise<Figure[]>}
 */
export async function start({ workshop, quick, say }) {
  const state = await storeWith(workshop, 64);
  const setup = workshop.frames(HELLO);
  const { peers, absent, close } = await installedPeers(workshop);
  if (absent.length > 0) {
    say(`not installed here (scripts/bench --peers installs them): ${absent.join(', ')}`);
  }
  /** @type {Record<string, {command: string[], env?: Record<string, string>}>} */
  const others = {
    'powerup-secrets, with the libraries of the system': {
      command: asStarted(join(built, 'powerup-secrets-host')),
      env: { POWERUP_SECRETS_DIR: state },
    },
    'C, does nothing': { command: [program('echo')] },
    'C, opens the database': {
      command: [program('open')],
      env: { POWERUP_SECRETS_DIR: state },
    },
    'C, json-c echo': { command: [program('echo_json')] },
    'Python echo': { command: [join(import.meta.dirname, 'programs/echo.py')] },
    'Node.js echo': { command: [process.execPath, join(import.meta.dirname, 'programs/echo.mjs')] },
  };
  const each = quick ? 10 : 20;
  /** @type {number[]} */
  const exits = [];
  /** @type {Record<string, () => Promise<number[]>>} */
  const subjects = {
    'powerup-secrets': async () => {
      const lines = await samplesOf('drive', ['start', each, setup, '--', ...host], {
        POWERUP_SECRETS_DIR: state,
      });
      exits.push(...lines.map(([, exit]) => exit ?? NaN));
      return lines.map(([first]) => first ?? NaN);
    },
  };
  for (const [name, { command, env }] of Object.entries(others)) {
    subjects[name] = () => starts(command, setup, each, env);
  }
  for (const [name, peer] of Object.entries(peers)) {
    const first = workshop.frames(peer.request);
    subjects[name] = () => starts(peer.command, first, each, peer.env);
  }
  const samples = await inTurns(quick ? 5 : 20, subjects);
  await close();
  const floor = median(samples['C, does nothing'] ?? []);
  const node = median(samples['Node.js echo'] ?? []);
  const figures = Object.entries(samples).map(([subject, all]) =>
    judged({
      part: 'start to first answer',
      subject,
      unit: 'µs',
      ...summary(all, MICROSECOND),
      against: 'C, does nothing',
      ratio: median(all) / floor,
      target: subject === 'powerup-secrets' ? timesAtMost(1.6) : undefined,
    }),
  );
  return [
    ...figures,
    judged({
      part: 'start to first answer',
      subject: 'powerup-secrets',
      unit: 'µs',
      ...summary(samples['powerup-secrets'] ?? [], MICROSECOND),
      against: 'Node.js echo',
      ratio: median(samples['powerup-secrets'] ?? []) / node,
      target: timesAtMost(0.2),
    }),
    judged({
      part: 'end of input to exit',
      subject: 'powerup-secrets',
      unit: 'µs',
      ...summary(exits, MICROSECOND),
      target: { text: '≤ 5 ms', most: 5_000 },
    }),
  ];
}

/**
 * @param {string[]} command
 * @param {string} first  a file of frames
 * @param {number} count
 * @param {Record<string, string>} [env]
 */
async function starts(command, first, count, env) {
  const lines = await samplesOf('drive', ['start', count, first, '--', ...command], env);
  return lines.map(([time]) => time ?? NaN);
}

/**
 * @param {import('./bench.js').Run} run
 * @returns {Promise<Figure[]>}
 */
export async function memory({ workshop, quick }) {
  const calls = quick ? 20_000 : 100_000;
  const small = workshop.frames(HELLO, request('storeSecret', { data: secretOf(64) }));
  const load = workshop.frames(request('loadSecret'));
  const large = workshop.frames(HELLO, request('storeSecret', { data: secretOf(2 << 20) }));
  /** @param {string} setup @param {number} count */
  const of = async (setup, count) =>
    (
      await samplesOf('drive', ['memory', count, setup, load, '--', ...host], {
        POWERUP_SECRETS_DIR: workshop.state(),
      })
    ).map(([size]) => size ?? NaN);
  const steps = await of(small, calls);
  const [idle, first, last] = [steps[0] ?? NaN, steps[1] ?? NaN, steps.at(-2) ?? NaN];
  const peak = (await of(large, 10)).at(-1) ?? NaN;
  /** @param {string} subject @param {number} size @param {import('./figures.js').Target} [target] */
  const figure = (subject, size, target) =>
    judged({ part: 'memory', subject, unit: 'KiB', runs: 1, median: size, p95: size, target });
  return [
    figure('RSS, idle', idle, { text: '≤ 5 MiB', most: 5 * 1024 }),
    figure(`RSS after ${calls.toLocaleString('en')} calls`, last, {
      text: '≤ 5 MiB',
      most: 5 * 1024,
    }),
    figure(`growth after the first ${(calls / 10).toLocaleString('en')}`, last - first, {
      text: 'none',
      most: 0,
    }),
    figure('peak RSS, a secret of 2 MiB', peak),
    ...sizes(workshop),
  ];
}

/** @param {import('./workshop.js').Workshop} workshop @returns {Figure[]} */
function sizes(workshop) {
  const stripped = join(workshop.folder, 'stripped');
  execFileSync('strip', ['-o', stripped, hostPath]);
  const extension = join(built, 'extension/chromium');
  const files = readdirSync(extension, { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  return [
    ['the host, stripped', statSync(stripped).size],
    ['the extension, unpacked', bytes],
  ].map(([subject, size]) => ({
    part: 'size',
    subject: String(subject),
    unit: 'KiB',
    runs: 1,
    median: Number(size) / 1024,
    p95: Number(size) / 1024,
  }));
}
