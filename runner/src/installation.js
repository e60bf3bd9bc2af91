// SPDX-License-Identifier: MIT
// The contents of the package (host, command line, extension), and how a browser with a temporary
// profile finds them. Nothing is written outside the given folder.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandLine } from './command-line.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** How long a browser may take to reach its host, in seconds. */
const CONNECT_SECONDS = 15;

/**
 * @typedef {object} InstallationOptions
 * @property {string} [host]  folder with the built powerup-secrets-host and powerup-secrets, instead
 *   of those in the package
 * @property {string} [stateFolder]  where everything is stored; default: a temporary folder, which
 *   close() removes
 */

/** @type {Set<Installation>} */
const closedAtExit = new Set();
process.once('exit', () => {
  for (const installation of closedAtExit) {
    installation.close();
  }
});

/** @param {string} path */
const quoted = (path) => `'${path.replaceAll("'", "'\\''")}'`;

/**
 * @param {string} folder
 * @returns {string}  the command line's path
 */
function findProgram(folder) {
  for (const name of ['powerup-secrets-host', 'powerup-secrets']) {
    if (!existsSync(join(folder, name))) {
      throw new Error(
        `powerup-secrets: ${join(folder, name)} does not exist. Install the npm package with its ` +
          'host, or build the host (scripts/demo in a clone does) and set its folder ' +
          'with the option trelloHost or the environment variable POWERUP_SECRETS_HOST_FOLDER.',
      );
    }
  }
  const program = join(folder, 'powerup-secrets');
  const { error, status, stderr } = spawnSync(program, ['help'], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new Error(
      `powerup-secrets: ${program} does not run on this machine (${(error?.message ?? stderr).trim()}). ` +
        'The programs in the package are for Linux with glibc 2.36 or later (Debian 12, Ubuntu 24.04) ' +
        'and the CPU architecture of the machine that packed it. Elsewhere, build the host from source ' +
        '(scripts/package in a clone also packs it), and set its folder with the ' +
        'option trelloHost or the environment variable POWERUP_SECRETS_HOST_FOLDER.',
    );
  }
  return program;
}

/** A state folder, with the command line that changes it. */
export class Installation {
  #hostFolder;
  #temporary;

  /** @param {InstallationOptions} [options] */
  constructor({ host, stateFolder } = {}) {
    const named = host || process.env.POWERUP_SECRETS_HOST_FOLDER;
    this.#hostFolder = named ? resolve(named) : join(PACKAGE, 'host');
    const program = findProgram(this.#hostFolder);
    this.#temporary = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
    this.stateFolder = stateFolder ?? join(this.#temporary, 'state');
    this.commandLine = new CommandLine(program, this.stateFolder);
  }

  /** A folder that is removed with this installation, for such as a browser's profile. */
  get temporaryFolder() {
    return this.#temporary;
  }

  /**
   * @param {'chromium' | 'firefox'} family
   * @returns {string}  the folder of the unpacked extension
   */
  extension(family) {
    const folder = join(PACKAGE, 'extension', family);
    if (!existsSync(join(folder, 'manifest.json'))) {
      throw new Error(
        `powerup-secrets: there is no extension in ${folder}. Reinstall the package.`,
      );
    }
    return folder;
  }

  /**
   * Lets a browser find the host. The browser does not know the state folder, so the manifest names a
   * script that sets it and starts the host, which then knows that a test runner reads its messages.
   *
   * @param {'chromium' | 'firefox'} family
   * @param {string} folder  where this browser looks for native manifests
   */
  writeManifest(family, folder) {
    const starter = join(this.#temporary, 'start-host');
    writeFileSync(
      starter,
      `#!/bin/sh\nPOWERUP_SECRETS_DIR=${quoted(this.stateFolder)}\nPOWERUP_SECRETS_RUNNER=1\n` +
        'export POWERUP_SECRETS_DIR POWERUP_SECRETS_RUNNER\n' +
        'unset POWERUP_SECRETS_BROWSER_PROFILE\n' +
        `exec ${quoted(join(this.#hostFolder, 'powerup-secrets-host'))} "$@"\n`,
      { mode: 0o700 },
    );
    const manifests = join(PACKAGE, 'manifest', family);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(manifests)) {
      const manifest = JSON.parse(readFileSync(join(manifests, name), 'utf8'));
      writeFileSync(join(folder, name), JSON.stringify({ ...manifest, path: starter }));
    }
  }

  /**
   * Waits until a browser with the extension has reached its host. From now on, as long as it is open, it has
   * to confirm every command.
   *
   * @param {() => boolean | Promise<boolean>} isOpen
   */
  async connected(isOpen) {
    try {
      await this.commandLine.run(['browsers', '--wait', '1', '--timeout', `${CONNECT_SECONDS}`]);
    } catch (error) {
      throw new Error(
        `powerup-secrets: the extension did not connect within ${CONNECT_SECONDS} seconds ` +
          `(${/** @type {import('./command-line.js').CommandError} */ (error).reason.replaceAll('\n', '; ')}). Is the browser ` +
          'Chromium, Chrome for Testing or Firefox, does it run on this machine and not in a ' +
          'Snap or Flatpak, and is it started without --disable-extensions?',
        { cause: error },
      );
    }
    this.commandLine.demandConfirmation(isOpen);
  }

  /** For a browser whose end is somebody else's: temporary files stay until this process ends. */
  closeAtExit() {
    closedAtExit.add(this);
  }

  /** Removes all temporary files. The browser has ended; its host may still need a moment. */
  close() {
    this.commandLine.close();
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
