// SPDX-License-Identifier: MIT
// Native manifests, by the rules of the browsers: each that breaks one is found, and the fix is tried.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identity } from '../protocol/host-process.js';
import { families, findsOne, installed, isRoot } from './doctor.js';
import { MANIFEST, manifestOf, PLACES } from './machine.js';

/** @typedef {import('./machine.js').Family} Family */

/** @type {[string, Family, string | ((manifest: any) => any), RegExp][]} */
const manifests = [
  [
    'that is no JSON',
    'chromium',
    '{"name": "a",}',
    /is not a JSON object: Chromium refuses it\. ./,
  ],
  ['that is empty', 'firefox', '', /is not a JSON object: Firefox refuses it/],
  ['that is an array', 'chromium', '[]', /is not a JSON object/],
  ['without a name', 'chromium', ({ name, ...rest }) => rest, /"name" in .* is missing/],
  [
    'with a name that is none',
    'chromium',
    (all) => ({ ...all, name: 'Dev.Host' }),
    /The name "Dev\.Host" .* is not one that Chromium accepts/,
  ],
  [
    'with dots that are none',
    'chromium',
    (all) => ({ ...all, name: 'dev..host' }),
    /"dev\.\.host" .* is not one/,
  ],
  [
    'with a hyphen in its name',
    'firefox',
    (all) => ({ ...all, name: 'a-b' }),
    /is not one that Firefox/,
  ],
  [
    'with the name of another file',
    'firefox',
    (all) => ({ ...all, name: 'Dev.other' }),
    /differs from that of the file/,
  ],
  [
    'without a description',
    'chromium',
    ({ description, ...rest }) => rest,
    /"description" in .* is missing/,
  ],
  [
    'with an empty description',
    'chromium',
    (all) => ({ ...all, description: '' }),
    /description .* is empty/,
  ],
  ['with a number as type', 'firefox', (all) => ({ ...all, type: 1 }), /"type" in .* not a string/],
  ['of another type', 'chromium', (all) => ({ ...all, type: 'pkcs11' }), /type .* is not "stdio"/],
  ['without a path', 'firefox', ({ path, ...rest }) => rest, /"path" in .* is missing/],
  [
    'with a relative path',
    'firefox',
    (all) => ({ ...all, path: 'bin/powerup-secrets-host' }),
    /is not absolute/,
  ],
  [
    'without allowed_origins',
    'chromium',
    ({ allowed_origins, ...rest }) => rest,
    /"allowed_origins" in .* is missing/,
  ],
  [
    'with an origin without its slash',
    'chromium',
    (all) => ({
      ...all,
      allowed_origins: [
        ...all.allowed_origins,
        `chrome-extension://${identity.chromiumExtensionId}`,
      ],
    }),
    /has no slash at its end: Chromium refuses the whole file/,
  ],
  [
    'with an origin that is an add-on',
    'chromium',
    (all) => ({
      ...all,
      allowed_origins: [...all.allowed_origins, 'chrome-extension://a@b.example/'],
    }),
    /has an invalid host: Chromium refuses the whole file/,
  ],
  [
    'with a wildcard',
    'chromium',
    (all) => ({ ...all, allowed_origins: [...all.allowed_origins, 'chrome-extension://*/'] }),
    /has a wildcard/,
  ],
  [
    'with an origin of the web',
    'chromium',
    (all) => ({ ...all, allowed_origins: [...all.allowed_origins, 'https://a.example/'] }),
    /does not begin with chrome-extension/,
  ],
  [
    'with an origin that names nobody',
    'chromium',
    (all) => ({ ...all, allowed_origins: [...all.allowed_origins, 'chrome-extension:///'] }),
    /names no extension/,
  ],
  [
    'with a number among the origins',
    'chromium',
    (all) => ({ ...all, allowed_origins: [...all.allowed_origins, 1] }),
    /has an entry that is not a string/,
  ],
  [
    'for another extension',
    'chromium',
    (all) => ({ ...all, allowed_origins: [`chrome-extension://${'a'.repeat(32)}/`] }),
    /does not allow our extension/,
  ],
  [
    'for another add-on',
    'firefox',
    (all) => ({ ...all, allowed_extensions: ['a@b.example'] }),
    /does not allow our extension/,
  ],
  [
    'with an add-on that has no id',
    'firefox',
    (all) => ({ ...all, allowed_extensions: [...all.allowed_extensions, 'no id'] }),
    /"no id" in allowed_extensions .* is not the ID of an add-on: Firefox refuses the whole file/,
  ],
  [
    'for no add-on',
    'firefox',
    (all) => ({ ...all, allowed_extensions: {} }),
    /"allowed_extensions" in .* not an array/,
  ],
  [
    'for both families',
    'firefox',
    (all) => ({ ...all, allowed_origins: manifestOf('chromium').allowed_origins }),
    /has the member "allowed_origins", which Firefox does not know/,
  ],
];
for (const [what, family, content, words] of manifests) {
  test(`a manifest ${what}`, async (t) => {
    const machine = await installed(t, family);
    machine.write(
      PLACES[family],
      typeof content === 'string' ? content : content(manifestOf(family)),
    );
    await findsOne(machine, words, { subject: family });
  });
}

test('a manifest for both families is fine for Chromium, as is further text in it', async (t) => {
  const machine = await installed(t);
  machine.write(PLACES.chromium, { ...manifestOf('firefox'), ...manifestOf('chromium'), note: 1 });
  assert.deepEqual((await machine.doctor()).problems, []);
});

test('a manifest that is a symbolic link to nothing', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.home, PLACES.chromium));
  symlinkSync('/nowhere', join(machine.home, PLACES.chromium));
  await findsOne(machine, /native manifest .* is a broken symbolic link/);
});

test('a manifest that is a folder', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.home, PLACES.chromium));
  mkdirSync(join(machine.home, PLACES.chromium));
  await findsOne(machine, /cannot be read: .* not a regular file/, { fixes: false });
});

test('a manifest that its user cannot read', async (t) => {
  if (isRoot) {
    t.skip('root may read anything');
    return;
  }
  const machine = await installed(t);
  chmodSync(join(machine.home, PLACES.chromium), 0o000);
  await findsOne(machine, /cannot be read: .* Permission denied/);
});

test('a manifest for all users is looked at like that of one', async (t) => {
  const machine = await installed(t);
  await machine.run(['install', '--system', '--browser', 'chromium']);
  await machine.run(['uninstall']);
  assert.deepEqual((await machine.doctor()).problems, []);
  machine.write(
    join(machine.root, 'etc/chromium/native-messaging-hosts', MANIFEST),
    manifestOf('chromium', '/gone/powerup-secrets-host'),
  );
  const { fix } = await findsOne(machine, /host in .*, \/gone\/.*cannot be found/);
  assert.equal(fix, 'sudo powerup-secrets install --system --browser chromium');
});
