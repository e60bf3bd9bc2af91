// SPDX-License-Identifier: MIT
// The oldest versions of libraries that CMake accepts: older ones are refused, and the documents say the same
// as scripts/builds, which compares them with what it tests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

/** The oldest version of each library that CMake accepts. */
const OLDEST = new Map([
  ...Array.from(
    `${read('CMakeLists.txt')}${read('tests/unit/CMakeLists.txt')}`.matchAll(
      /^need_library\(\w+ (\S+) (\S+) \S+\)$/gm,
    ),
    ([, name, version]) => /** @type {const} */ ([name, version]),
  ),
  ...Array.from(
    read('CMakeLists.txt').matchAll(/^require_version\((\S+) \S+ (\S+)\)$/gm),
    ([, name, version]) => /** @type {const} */ ([name, version]),
  ),
]);

/** The last one before a version. @param {string} version */
const before = (version) => version.replace(/\d+$/, (last) => `${Number(last) - 1}`);

/**
 * Configures with another version of a library in place of the installed one.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} name
 * @param {string} version
 */
function configure(t, name, version) {
  const folder = mkdtempSync(join(tmpdir(), 'libraries-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (/** @type {string} */ path, /** @type {string} */ text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  file(`${name}.pc`, `Name: ${name}\nDescription: none\nVersion: ${version}\n`);
  file('include/psa/crypto.h', '');
  file('include/mbedtls/version.h', `#define MBEDTLS_VERSION_STRING "${version}"\n`);
  const build = join(folder, 'build');
  const options = name === 'mbedtls' ? [`-DPSACrypto_INCLUDE_DIR=${join(folder, 'include')}`] : [];
  const { status, stderr } = spawnSync(
    'cmake',
    ['-S', root, '-B', build, '-DPOWERUP_SECRETS_EXTENSION=OFF', ...options],
    { encoding: 'utf8', env: { ...process.env, PKG_CONFIG_PATH: folder } },
  );
  return { status, message: stderr.replace(/\s+/g, ' '), build };
}

test('every library has an oldest version', () => {
  assert.deepEqual([...OLDEST.keys()].sort(), ['cmocka', 'json-c', 'mbedtls', 'popt', 'sqlite3']);
});

for (const [name, oldest] of OLDEST) {
  const older = before(oldest);

  test(`${name} ${older} is refused, with what is needed`, (t) => {
    const { status, message } = configure(t, name, older);
    assert.equal(status, 1);
    assert.ok(message.includes(`${name} ${older} is too old`), message);
    assert.ok(message.includes(`needs ${oldest} or later`), message);
  });
}

test('Mbed TLS 4 is refused, which no build has', (t) => {
  const { status, message } = configure(t, 'mbedtls', '4.0.0');
  assert.equal(status, 1);
  assert.match(message, /Mbed TLS 4\.0\.0 is too new.* 2\.28 and 3\.6/);
});

test('the Debian package is not installed beside older libraries', (t) => {
  const { build } = configure(t, 'json-c', `${OLDEST.get('json-c')}`);
  const config = readFileSync(join(build, 'CPackConfig.cmake'), 'utf8');
  const [, breaks] = /CPACK_DEBIAN_PACKAGE_BREAKS "(.*)"/.exec(config) ?? [];
  assert.deepEqual(breaks.split(', '), [
    `libjson-c5 (<< ${OLDEST.get('json-c')})`,
    `libmbedcrypto7 (<< ${OLDEST.get('mbedtls')})`,
    `libpopt0 (<< ${OLDEST.get('popt')})`,
    `libsqlite3-0 (<< ${OLDEST.get('sqlite3')})`,
  ]);
});

test('CONTRIBUTING.md has every release of scripts/builds, the oldest with the oldest libraries', () => {
  const [, releases] = /^RELEASES=\((.*)\)$/m.exec(read('scripts/builds')) ?? [];
  const table = read('CONTRIBUTING.md').matchAll(/^\| Debian [^|]*`(\w+)`[^|]* \| (.*) \|$/gm);
  const rows = Array.from(table, ([, release, versions]) => ({ release, versions }));
  assert.deepEqual(
    rows.map(({ release }) => release),
    releases.split(' '),
  );
  const libraries = ['json-c', 'mbedtls', 'sqlite3', 'popt', 'cmocka'];
  assert.deepEqual(
    rows[0].versions.split(' | ').slice(-libraries.length),
    libraries.map((name) => OLDEST.get(name)),
  );
});
