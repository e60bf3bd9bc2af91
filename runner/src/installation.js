// SPDX-License-Identifier: MIT
// The contents of the package (host, command line, extension), and how a browser with a temporary
// profile finds them. Nothing is written outside the given folder.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandLine } from './command-line.js';
import { findPrograms, tryHost } from './programs.js';

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

/** A state folder, with the command line that changes it. */
export class Installation {
  #temporary;
  #starter;

  /** @param {InstallationOptions} [options] */
  constructor({ host, stateFolder } = {}) {
    const named = host || process.env.POWERUP_SECRETS_HOST_FOLDER;
    const programs = findPrograms(named ? resolve(named) : join(PACKAGE, 'host'));
    this.#temporary = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
    this.stateFolder = stateFolder ?? join(this.#temporary, 'state');
    this.commandLine = new CommandLine(programs.commandLine, this.stateFolder);
    this.#starter = join(this.#temporary, 'start-host');
    symlinkSync(join(PACKAGE, 'start-host'), this.#starter);
    writeFileSync(
      join(this.#temporary, 'run-settings'),
      `POWERUP_SECRETS_DIR=${quoted(this.stateFolder)}\nprogram=${quoted(programs.host)}\n`,
    );
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
   * Lets a browser find the host. The browser does not know the state folder, so the manifest names a link to
   * the package's start-host, which finds beside the link what this run needs.
   *
   * @param {'chromium' | 'firefox'} family
   * @param {string} folder  where this browser looks for native manifests
   */
  writeManifest(family, folder) {
    const manifests = join(PACKAGE, 'manifest', family);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(manifests)) {
      const file = join(folder, name);
      const manifest = JSON.parse(readFileSync(join(manifests, name), 'utf8'));
      writeFileSync(file, JSON.stringify({ ...manifest, path: this.#starter }));
      const { allowed_origins: origins, allowed_extensions: extensions } = manifest;
      tryHost(this.#starter, family === 'chromium' ? origins : [file, ...extensions]);
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
          'Snap or Flatpak, and is it started without --disable-extensions and --disable-extensions-except?',
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
