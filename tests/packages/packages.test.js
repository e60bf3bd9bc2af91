// SPDX-License-Identifier: MIT
// Every package as a new user gets it: built in a clean clone with the commands of the README, installed
// into an empty folder or root, with the main job run from there.
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesOfReadme, run, succeed } from '../../runner/tests/newcomer.js';
import { freePort } from '../support/pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'runner/package.json'), 'utf8'));
const { nativeHostName } = JSON.parse(readFileSync(join(root, 'extension/identity.json'), 'utf8'));

/** The files that scripts/package makes, and no others. */
const DEBIAN = `powerup-secrets_${version}_amd64.deb`;
const SOURCES = `powerup-secrets-${version}.tar.gz`;
const NPM = `powerup-secrets-${version}.tgz`;
const CHROMIUM = `powerup-secrets-${version}-chromium.zip`;
const FIREFOX = `powerup-secrets-${version}-firefox.xpi`;

/** A folder for everything: a Power-Up, the clone, and what is installed. */
const place = mkdtempSync(join(tmpdir(), 'packages-'));
after(() => rmSync(place, { recursive: true, force: true }));

/** @param {string} name  below the folder for everything */
const made = (name) => {
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

const powerUp = made('my-power-up');
const clone = join(place, 'powerup-secrets');
const packages = join(clone, 'build/packages');

/** The commands of the README, from nothing to a passing test. */
const [, block] =
  /^```sh\n(git clone [\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const commands = (block ?? '').trim().split('\n');

/** @param {string} command */
const asHere = (command) =>
  command
    .replace('REPOSITORY', root)
    // As root, sudo may be missing.
    .replace(/^sudo /, process.getuid?.() === 0 ? '' : 'sudo ');

/** A home folder without files of the current user, except for the cache of npm. */
const home = made('home');

/** @param {string} folder @param {string} command */
const shell = (folder, command) => run(folder, 'bash', ['-c', command], { HOME: home });

/** @param {string} folder @param {string} command */
async function shellSucceeds(folder, command) {
  const { status, output } = await shell(folder, command);
  assert.equal(status, 0, `${command}\n${output}`);
  return output;
}

before(async () => {
  const cache = (await succeed(root, 'npm', ['config', 'get', 'cache'])).trim().split('\n').at(-1);
  writeFileSync(join(home, '.npmrc'), `cache=${cache}\nprefer-offline=true\n`);
  cpSync(join(root, 'runner/tests/pages'), powerUp, { recursive: true });
  writeFileSync(join(powerUp, 'package.json'), '{ "private": true }\n');
  const files = filesOfReadme();
  const port = await freePort();
  for (const name of ['playwright.config.js', 'settings.spec.js']) {
    // On a separate port: the runner's tests may be serving these pages at the same time.
    const text = files[name].replaceAll('41780', `${port}`);
    writeFileSync(join(powerUp, name), text.replace("'node serve.js'", `'node serve.js ${port}'`));
  }
});

test('five commands of the README lead from nothing to a passing test of a page', async (t) => {
  assert.ok(commands.length <= 5 && commands.length > 1, commands.join('\n'));
  if ((await succeed(root, 'git', ['status', '--porcelain'])) !== '') {
    t.diagnostic('uncommitted changes are in no package');
  }
  let output = '';
  for (const command of commands) {
    output = await shellSucceeds(powerUp, asHere(command));
  }
  assert.match(output, /1 passed/);
  assert.deepEqual(readdirSync(packages).sort(), [CHROMIUM, DEBIAN, FIREFOX, NPM, SOURCES].sort());
});

/** The programs of the npm package, as installed by the first test. */
const npmPrograms = join(powerUp, 'node_modules/powerup-secrets/host');

/**
 * Runs the main job with an installed package: the demo checks each step itself.
 *
 * @param {string} browser
 * @param {string} command  the command line, which finds its host
 * @param {string} extension
 * @param {string} [from]  the clone or sources whose demo runs
 */
async function mainJob(browser, command, extension, from = clone) {
  const { status, output } = await run(from, process.execPath, [
    'demo/run.js',
    `--browser=${browser}`,
    `--command=${command}`,
    `--extension=${extension}`,
  ]);
  assert.equal(status, 0, output);
  assert.match(output, /^The main job works/m);
}

/** @param {string} folder @returns {string[]}  paths of its files */
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));

test('the Debian package, in an empty root', async () => {
  const file = join(packages, DEBIAN);
  const system = made('system');
  for (const folder of ['info', 'updates', 'triggers']) {
    mkdirSync(join(system, 'var/lib/dpkg', folder), { recursive: true });
  }
  for (const name of ['status', 'available']) {
    writeFileSync(join(system, 'var/lib/dpkg', name), '');
  }
  const dpkg = (/** @type {string[]} */ ...args) =>
    succeed(place, 'fakeroot', ['dpkg', `--root=${system}`, '--log=/dev/null', ...args]);
  const before = filesOf(system);

  // The libraries are those of this machine; apt checks that the package names them all.
  const simulated = await succeed(place, 'apt-get', ['install', '--simulate', file]);
  assert.match(simulated, new RegExp(`^Inst powerup-secrets .*${version}`, 'm'));
  const needed = await succeed(place, 'dpkg-deb', ['--field', file, 'Depends']);
  for (const library of ['libc6', 'libjson-c', 'libmbedcrypto', 'libpopt0', 'libsqlite3-0']) {
    assert.match(needed, new RegExp(`\\b${library}`));
  }

  await dpkg('--force-depends', '--install', file);
  const command = join(system, 'usr/bin/powerup-secrets');
  assert.match(
    await succeed(place, command, ['--version']),
    new RegExp(version.replaceAll('.', '\\.')),
  );
  for (const family of ['chromium', 'firefox']) {
    const extension = join(system, 'usr/share/powerup-secrets/extension', family);
    await mainJob(family, command, extension);
  }
  for (const folder of [
    'etc/chromium/native-messaging-hosts',
    'etc/opt/chrome/native-messaging-hosts',
    'usr/lib/mozilla/native-messaging-hosts',
  ]) {
    const text = readFileSync(join(system, folder, `${nativeHostName}.json`), 'utf8');
    const { path } = JSON.parse(text);
    assert.equal(path, '/usr/libexec/powerup-secrets/powerup-secrets-host');
    assert.ok(existsSync(join(system, path)));
  }
  await succeed(place, 'man', [
    '--warnings',
    '-l',
    join(system, 'usr/share/man/man1/powerup-secrets.1'),
  ]);

  await dpkg('--purge', 'powerup-secrets');
  assert.deepEqual(
    filesOf(system).filter((name) => !name.startsWith('/var/lib/dpkg/')),
    before.filter((name) => !name.startsWith('/var/lib/dpkg/')),
  );
});

test('the sources, unpacked and built in an empty folder', async () => {
  const folder = made('sources');
  await succeed(folder, 'tar', ['-xzf', join(packages, SOURCES)]);
  const unpacked = join(folder, `powerup-secrets-${version}`);
  assert.match(await shellSucceeds(unpacked, 'scripts/demo'), /^The main job works/m);
  const prefix = made('prefix');
  await succeed(unpacked, 'cmake', ['--install', 'build/release', '--prefix', prefix]);
  await mainJob(
    'chromium',
    join(prefix, 'bin/powerup-secrets'),
    join(prefix, 'share/powerup-secrets/extension/chromium'),
    unpacked,
  );
});

test('the programs of the npm package need only the C library', async () => {
  for (const name of ['powerup-secrets', 'powerup-secrets-host']) {
    const { output } = await run(npmPrograms, 'readelf', ['--dynamic', name]);
    const needed = [...output.matchAll(/\(NEEDED\).*\[(.*?)\.so/g)].map(([, library]) => library);
    assert.ok(needed.length > 0, output);
    assert.deepEqual(
      needed.filter((library) => !['libc', 'libm', 'ld-linux-x86-64'].includes(library)),
      [],
    );
  }
  assert.deepEqual(readdirSync(join(npmPrograms, 'licenses')).sort(), [
    'json-c',
    'mbedtls',
    'popt',
    'sqlite3',
  ]);
});

test('no package contains a path of the machine that built it', async () => {
  const { output } = await run(powerUp, 'grep', ['-rlF', place, 'node_modules/powerup-secrets']);
  assert.equal(output, '');
});

test('the Chromium extension, unzipped', async () => {
  const extension = made('unzipped');
  await succeed(extension, 'unzip', ['-q', join(packages, CHROMIUM)]);
  await mainJob('chromium', join(npmPrograms, 'powerup-secrets'), extension);
});

test('the Firefox extension, as packaged', async () => {
  await mainJob('firefox', join(npmPrograms, 'powerup-secrets'), join(packages, FIREFOX));
});
