// SPDX-License-Identifier: MIT
// Shared by all measurements: the programs, the hosts to compare with, frames in files, and samples
// that are taken in turns, so that a slowdown of the machine affects all of them equally.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { frame, identity, PLACE } from '../tests/protocol/host-process.js';

export { PLACE };

export const root = fileURLToPath(new URL('../', import.meta.url));
export const built = join(root, 'build/release');
/** The host of the npm package. */
export const hostPath = join(root, 'build/static/powerup-secrets-host');

/** @param {string} name */
export const program = (name) => join(built, 'bench', name);

/** How a browser starts a host. @param {string} path */
export const asStarted = (path) => [path, `chrome-extension://${identity.chromiumExtensionId}/`];
export const host = asStarted(hostPath);

/** The first request of each connection. */
export const HELLO = { id: 1, op: 'hello', protocol: 1, extension: '0.1.0', browser: 'bench' };

/** @typedef {{id: number, op: string} & Record<string, unknown>} Request */

/**
 * @param {string} op
 * @param {Record<string, unknown>} [members]
 * @returns {Request}
 */
export const request = (op, members = {}) => ({ id: 2, op, ...PLACE, key: 'token', ...members });

/** A folder for one measurement, and the files in it. */
export class Workshop {
  folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-bench-'));
  #files = 0;

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A state folder that does not exist yet. */
  state() {
    return join(this.folder, `state-${++this.#files}`);
  }

  /** Frames, concatenated in a file. @param {...Request} requests */
  frames(...requests) {
    const path = join(this.folder, `frames-${++this.#files}`);
    writeFileSync(path, Buffer.concat(requests.map(frame)));
    return path;
  }

  /** @param {string} name */
  make(name) {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}

/**
 * Runs one of our programs, which prints one sample per line.
 *
 * @param {string} name
 * @param {(string | number)[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number[][]>}  the columns of each line
 */
export async function samplesOf(name, args, env = {}) {
  const { stdout } = await promisify(execFile)(program(name), args.map(String), {
    env: { ...process.env, POWERUP_SECRETS_BROWSER_PROFILE: '', ...env },
    maxBuffer: 1 << 28,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

/**
 * The round trips of some requests.
 *
 * @param {object} what
 * @param {string[]} what.command
 * @param {string} what.state
 * @param {number} what.count
 * @param {string} what.setup  a file of frames
 * @param {string} what.requests  a file of frames
 * @param {number} [what.cores]  to which both are pinned: 1, or 2 for one each; default: not pinned
 */
export async function roundTrips({ command, state, count, setup, requests, cores }) {
  const lines = await samplesOf('drive', ['call', count, setup, requests, '--', ...command], {
    POWERUP_SECRETS_DIR: state,
    DRIVE_CORES: `${cores ?? ''}`,
  });
  return lines.map(([time]) => time ?? NaN);
}

/**
 * Takes the samples of each subject in rounds, one subject after the other, so that changes of the
 * machine's load affect all of them.
 *
 * @template {string} Name
 * @param {number} rounds
 * @param {Record<Name, () => Promise<number[]>>} subjects
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function inTurns(rounds, subjects) {
  const names = /** @type {Name[]} */ (Object.keys(subjects));
  const all = /** @type {Record<Name, any>} */ (
    Object.fromEntries(names.map((name) => [name, []]))
  );
  for (let round = 0; round < rounds; round++) {
    // The first subject of a round has colder caches.
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) {
      for (const sample of await subjects[name]()) {
        all[name].push(sample);
      }
    }
  }
  return all;
}

/** @param {number} size  in characters */
export const secretOf = (size) => 'x'.repeat(size);

/**
 * A store with one secret.
 *
 * @param {Workshop} workshop
 * @param {number} size
 * @returns {Promise<string>}  the state folder
 */
export async function storeWith(workshop, size) {
  const state = workshop.state();
  const setup = workshop.frames(HELLO);
  const requests = workshop.frames(request('storeSecret', { data: secretOf(size) }));
  await roundTrips({ command: host, state, count: 1, setup, requests });
  return state;
}
