// SPDX-License-Identifier: MIT
// Programs that see folders or files mounted otherwise than they are: each runs in a mount namespace of its own.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** What is mounted onto itself, and with which options, such as noexec. @typedef {Record<string, string>} Mounts */

/** What a mount of the system has already may not be taken from it, so it is given again. */
const MOUNT =
  'for mount; do [ "$mount" != -- ] || break; shift\n' +
  'mount --bind "${mount#*=}" "${mount#*=}"\n' +
  'mount -o "remount,bind,nosuid,nodev,${mount%%=*}" "${mount#*=}"\n' +
  'done\nshift\nexec "$@"';

/**
 * @param {Mounts} mounts  options by path
 * @param {string[]} command
 * @returns {[string, string[]]}  the program to start instead, and its arguments
 */
export function withMounts(mounts, command) {
  const words = Object.entries(mounts).map(([path, options]) => `${options}=${path}`);
  return ['unshare', ['-Urm', 'sh', '-ec', MOUNT, 'sh', ...words, '--', ...command]];
}

/** Why no test can mount anything here; false where it can. @returns {string | false} */
export function whyNoMounts() {
  const [program, args] = withMounts({ [tmpdir()]: 'noexec' }, ['true']);
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return (
    status !== 0 && `no mount namespace can be made here: ${(error?.message ?? stderr).trim()}`
  );
}
