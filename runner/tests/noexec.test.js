// SPDX-License-Identifier: MIT
// Machines on which no program may be started from temporary folders, as hardened ones and read-only containers.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { whyNoMounts, withMounts } from '../../tests/support/mounts.js';
import { Installation } from '../src/installation.js';
import { run } from './newcomer.js';
import { hasGeckodriver, NO_GECKODRIVER } from './geckodriver.js';

const SCRIPT = fileURLToPath(new URL('one-run.js', import.meta.url));
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const skip = whyNoMounts();

/** @param {import('node:test').TestContext} t */
function folder(t) {
  const made = mkdtempSync(join(tmpdir(), 'powerup secrets-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/**
 * Runs one test of a page while folders are mounted otherwise.
 *
 * @param {string[]} args  of the script
 * @param {import('../../tests/support/mounts.js').Mounts} mounts
 * @param {Record<string, string>} [environment]
 */
const runMounted = (args, mounts, environment) =>
  run(PACKAGE, ...withMounts(mounts, [process.execPath, SCRIPT, ...args]), environment);

for (const args of [
  ['playwright'],
  ['puppeteer', 'chrome'],
  ['puppeteer', 'firefox'],
  ['selenium', 'chrome'],
  ['selenium', 'firefox'],
]) {
  const needs = args.join() === 'selenium,firefox' && !hasGeckodriver && NO_GECKODRIVER;
  test(
    `${args.join(' ')} works with a noexec $TMPDIR and a read-only home`,
    { skip: skip || needs },
    async (t) => {
      const [temporary, home] = [folder(t), folder(t)];
      const mounts = { [temporary]: 'noexec', [home]: 'ro' };
      const { status, output } = await runMounted(args, mounts, { TMPDIR: temporary, HOME: home });
      assert.equal(status, 0, output);
    },
  );
}

for (const name of [
  'start-host',
  'host',
  join('host', 'powerup-secrets'),
  join('host', 'powerup-secrets-host'),
]) {
  test(`a noexec file system of ${name} in the package is named`, { skip }, async () => {
    const path = join(PACKAGE, name);
    const { status, output } = await runMounted(['playwright'], { [path]: 'noexec' });
    assert.equal(status, 1);
    assert.match(output, /cannot be executed, because its file system, .*, is mounted noexec\. /);
    assert.ok(output.includes(`, ${path}, is mounted noexec`), output);
  });
}

test('a program without the permission to be executed is named', (t) => {
  for (const name of ['powerup-secrets', 'powerup-secrets-host']) {
    const host = folder(t);
    cpSync(join(PACKAGE, 'host'), host, { recursive: true });
    chmodSync(join(host, name), 0o644);
    assert.throws(() => new Installation({ host }), {
      message: new RegExp(`${join(host, name)} is not executable by this user\\. Run chmod 755`),
    });
  }
});
