// SPDX-License-Identifier: MIT
// The programs of the package, and why one cannot be started.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** What to do where a program cannot be used. */
const OTHER_FOLDER =
  'set its folder with the option trelloHost or the environment variable POWERUP_SECRETS_HOST_FOLDER';

/** As /proc writes a path. @param {string} text */
const unescaped = (text) =>
  text.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

/**
 * @param {string} path
 * @returns {string | undefined}  where the file system of a path is mounted, if it is mounted noexec
 */
function noexecMount(path) {
  const real = realpathSync(path);
  const [mount] = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , , , folder = '', options = '']) => ({ folder: unescaped(folder), options }))
    .filter(({ folder }) => `${real}/`.startsWith(folder.replace(/\/?$/, '/')))
    .reverse() // of two at one place the later one counts
    .sort((one, other) => other.folder.length - one.folder.length);
  return mount?.options.split(',').includes('noexec') ? mount.folder : undefined;
}

/** @param {string} program */
function checkExecutable(program) {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    const mount = noexecMount(program);
    throw new Error(
      mount === undefined
        ? `powerup-secrets: ${program} is not executable by this user. Run chmod 755 on it, or reinstall the package.`
        : `powerup-secrets: ${program} cannot be executed, because its file system, ${mount}, is mounted noexec. ` +
            `Install the package on a file system that programs may run from; for the host alone, ${OTHER_FOLDER}.`,
    );
  }
}

/**
 * @param {string} folder
 * @returns {{host: string, commandLine: string}}  their paths
 */
export function findPrograms(folder) {
  const [host, commandLine] = ['powerup-secrets-host', 'powerup-secrets'].map((name) =>
    join(folder, name),
  );
  for (const program of [host, commandLine]) {
    if (!existsSync(program)) {
      throw new Error(
        `powerup-secrets: ${program} does not exist. Install the npm package with its ` +
          `host, or build the host (scripts/demo in a clone does) and ${OTHER_FOLDER}.`,
      );
    }
    checkExecutable(program);
  }
  const { error, status, stderr } = spawnSync(commandLine, ['help'], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new Error(
      `powerup-secrets: ${commandLine} does not run on this machine (${(error?.message ?? stderr).trim()}). ` +
        'The programs in the package are for Linux with glibc 2.36 or later (Debian 12, Ubuntu 24.04) ' +
        'and the CPU architecture of the machine that packed it. Elsewhere, build the host from source ' +
        `(scripts/package in a clone also packs it), and ${OTHER_FOLDER}.`,
    );
  }
  return { host, commandLine };
}

/** How long a host may take to end when its input has, in milliseconds: test machines are busy. */
const END_MS = 60_000;

/**
 * Starts a host as a browser does, and ends it: a browser would not say why it could not.
 *
 * @param {string} starter  what the browser starts
 * @param {string[]} args  what it passes
 */
export function tryHost(starter, args) {
  checkExecutable(realpathSync(starter));
  const { error, status, signal, stderr } = spawnSync(starter, args, {
    input: '',
    encoding: 'utf8',
    timeout: END_MS,
  });
  if (error !== undefined || status !== 0) {
    const end = status === null ? `signal ${signal}` : `status ${status}`;
    const words = (error?.message ?? stderr).trim();
    throw new Error(
      `powerup-secrets: the host does not start: ${starter}, started as a browser starts it, ended with ` +
        `${end}${words === '' ? '' : ` (${words})`}. Reinstall the package, or build the host and ${OTHER_FOLDER}.`,
    );
  }
}
