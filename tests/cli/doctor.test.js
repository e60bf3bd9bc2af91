// SPDX-License-Identifier: MIT
// Each problem that the doctor knows is produced and found, and its fix is tried out.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { hostPath, identity, version } from '../protocol/host-process.js';
import { cliPath, EXIT, MEMBER, ORIGIN, shortTime } from './cli.js';
import { Machine, MANIFEST, manifestOf, PLACES } from './machine.js';

/** @typedef {import('./machine.js').Family} Family */

const isRoot = process.getuid?.() === 0;

/** @type {Family[]} */
const families = ['chromium', 'firefox'];

/**
 * A machine on which one browser was started, and the host is installed for it.
 *
 * @param {import('node:test').TestContext} t
 * @param {Family} [family]
 */
async function installed(t, family = 'chromium') {
  const machine = new Machine(t).start(
    family === 'chromium' ? '.config/chromium' : '.mozilla/firefox',
  );
  machine.program(family);
  assert.equal((await machine.run(['install'])).code, EXIT.done);
  return machine;
}

/**
 * Does what a finding says, as its reader would.
 *
 * @param {Machine} machine
 * @param {string | null} fix
 */
function follow(machine, fix) {
  assert.ok(fix);
  execFileSync('/bin/sh', ['-c', fix.replaceAll('sudo ', '')], {
    stdio: 'pipe',
    env: { ...process.env, ...machine.env, PATH: `${dirname(cliPath)}:/usr/bin:/bin` },
  });
}

/**
 * Exactly one problem is found; and none is left when its fix was followed.
 *
 * @param {Machine} machine
 * @param {RegExp} words
 * @param {object} [options]
 * @param {string} [options.subject]
 * @param {boolean} [options.fixes]  whether the fix is a command that fixes it
 */
async function findsOne(machine, words, { subject = 'chromium', fixes = true } = {}) {
  const { code, problems } = await machine.doctor();
  assert.equal(code, EXIT.failed);
  assert.equal(problems.length, 1, JSON.stringify(problems, null, 2));
  assert.match(problems[0].text, words);
  assert.equal(problems[0].subject, subject);
  if (fixes) {
    follow(machine, problems[0].fix);
    const after = await machine.doctor();
    assert.deepEqual([after.code, after.problems], [EXIT.done, []]);
  }
  return problems[0];
}

test('what install did has no problem, in any family', async (t) => {
  for (const family of families) {
    const machine = await installed(t, family);
    const { code, findings, problems } = await machine.doctor();
    assert.deepEqual([code, problems], [EXIT.done, []]);
    const own = findings.filter(({ subject }) => subject === family);
    assert.equal(own.length, 3);
    assert.ok(own.every(({ level, fix }) => level === 'ok' && fix === null));
    assert.match(own[2].text, new RegExp(`starts .*${family}.*answers: version ${version}`, 'i'));
  }
});

test('each finding is one line, with its level, its subject and the fix', async (t) => {
  const machine = await installed(t);
  machine.start('.mozilla/firefox');
  const { findings } = await machine.doctor();
  const { code, stdout, stderr } = await machine.run(['doctor']);
  assert.deepEqual([code, stderr], [EXIT.failed, '']);
  assert.deepEqual(
    stdout.split('\n').slice(0, -1),
    findings.map(({ level, subject, text, fix }) =>
      [`${level.padEnd(8)} ${subject}: ${text}`, ...(fix === null ? [] : [fix])].join(' Fix: '),
    ),
  );
  assert.match(stdout, /^problem {2}firefox: .* Fix: powerup-secrets install --browser firefox$/m);
});

test('the doctor leaves nothing behind, and changes no state folder', async (t) => {
  const machine = await installed(t);
  await machine.doctor();
  assert.deepEqual(readdirSync(machine.temporary), []);
  assert.ok(!existsSync(machine.state));
});

test('what is not text is shown on one line', async (t) => {
  const machine = await installed(t);
  machine.write(PLACES.chromium, { ...manifestOf('chromium'), name: 'a\n\u001b[1mok' });
  const { stdout } = await machine.run(['doctor']);
  assert.match(stdout, /^problem {2}chromium: The name "a\?\?\[1mok" /m);
});

// Browsers

test('a browser without a manifest', async (t) => {
  for (const family of families) {
    const machine = await installed(t, family);
    rmSync(join(machine.home, PLACES[family]));
    await findsOne(machine, /cannot find the host: there is no native manifest \//, {
      subject: family,
    });
  }
});

test('a test profile without a manifest', async (t) => {
  for (const family of families) {
    const machine = new Machine(t);
    const args = ['--browser', family, '--user-data-dir', join(machine.folder, "it's")];
    machine.program(family);
    const before = await machine.doctor([...args, '--timeout', '1']);
    assert.match(before.problems[0].text, /with this profile cannot find the host/);
    follow(machine, before.problems[0].fix);
    const after = await machine.doctor(['--timeout', '1', ...args]);
    assert.ok(after.findings.some(({ text }) => text.includes('answers: version')));
  }
});

test('a browser that is here and was never started is a warning', async (t) => {
  const machine = await installed(t);
  machine.program('vivaldi');
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const one = warnings.find(({ subject }) => subject === 'vivaldi');
  assert.match(one?.text ?? '', /was never started/);
  follow(machine, one?.fix ?? null);
  assert.ok(machine.has('.config/vivaldi/NativeMessagingHosts'));
});

test('what was installed by name is looked at, started or not', async (t) => {
  const machine = new Machine(t);
  await machine.run(['install', '--browser', 'firefox,brave']);
  const { code, findings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const answered = findings.filter(({ text }) => text.includes('answers: version'));
  assert.deepEqual(answered.map(({ subject }) => subject).sort(), ['brave', 'firefox']);
  assert.ok(!findings.some(({ text }) => /Snap|Flatpak/.test(text)));
});

test('a browser that is gone is a warning', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.programs, 'chromium'));
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ text }) => /no program on the PATH/.test(text)));
});

test('no browser at all is a warning', async (t) => {
  const { code, warnings } = await new Machine(t).doctor();
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ subject }) => subject === 'browsers'));
});

test('a Chromium in a Snap or Flatpak is a warning, and a problem when it is the one that is asked about', async (t) => {
  for (const profile of [
    'snap/chromium/common/chromium',
    '.var/app/org.chromium.Chromium/config/chromium',
  ]) {
    const machine = new Machine(t).start(profile);
    const { code, warnings } = await machine.doctor();
    assert.equal(code, EXIT.done);
    const kind = profile.startsWith('snap') ? 'Snap' : 'Flatpak';
    assert.ok(
      warnings.some(({ text }) => text.includes(`is a ${kind}: its sandbox`)),
      profile,
    );
    const named = await machine.doctor(['--browser', 'chromium']);
    assert.equal(named.code, EXIT.failed);
    assert.ok(named.problems.some(({ text }) => text.includes(`is a ${kind}: its sandbox`)));
  }
});

test('a Firefox in a Snap or Flatpak is a warning with the permission that it needs', async (t) => {
  for (const [profile, id] of [
    ['snap/firefox/common/.mozilla/firefox', 'snap.firefox'],
    ['.var/app/org.mozilla.firefox/.mozilla/firefox', 'org.mozilla.firefox'],
    ['.var/app/io.gitlab.librewolf-community/.librewolf', 'io.gitlab.librewolf-community'],
  ]) {
    const machine = new Machine(t).start(profile);
    await machine.run(['install']);
    const { code, warnings } = await machine.doctor();
    assert.equal(code, EXIT.done);
    const fix = `flatpak permission-set webextensions ${identity.nativeHostName} ${id} yes`;
    assert.ok(
      warnings.some((one) => one.fix === fix),
      JSON.stringify(warnings),
    );
  }
});

// Manifests, by the rules of the browsers

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

// The host

/**
 * A machine whose manifest names another program.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} script
 * @param {Family} [family]
 */
async function withHost(t, script, family = 'chromium') {
  const machine = await installed(t, family);
  const host = machine.write(join(machine.folder, 'other/powerup-secrets-host'), script, 0o755);
  machine.write(PLACES[family], manifestOf(family, host));
  return machine;
}

/** A host of a few lines. @param {string} body  with `say` for a message */
const nodeHost = (body) => `#!${process.execPath}
const say = (message) => {
  const text = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  process.stdout.write(Buffer.concat([length, text]));
};
const hello = { protocol: 1, host: ${JSON.stringify(version)}, operations: [] };
${body}
`;

test('a host that is not there', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  rmSync(join(machine.folder, 'other'), { recursive: true });
  await findsOne(machine, /cannot be found: No such file/);
});

test('a host that is a symbolic link to nothing', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  const host = join(machine.folder, 'other/powerup-secrets-host');
  rmSync(host);
  symlinkSync('/nowhere', host);
  await findsOne(machine, /is a broken symbolic link/);
});

test('a host that is a folder', async (t) => {
  const machine = await withHost(t, '#!/bin/sh\n');
  const host = join(machine.folder, 'other/powerup-secrets-host');
  rmSync(host);
  mkdirSync(host);
  await findsOne(machine, /is not a file/);
});

test('a host that is not executable', async (t) => {
  const machine = await installed(t);
  const host = join(machine.folder, 'a copy/powerup-secrets-host');
  mkdirSync(dirname(host));
  copyFileSync(hostPath, host);
  machine.write(PLACES.chromium, manifestOf('chromium', host));
  chmodSync(host, 0o644);
  await findsOne(machine, /is not executable/);
});

/** @type {[string, string, RegExp][]} */
const hosts = [
  ['that is no program', 'no program', /cannot be started: Exec format error/],
  ['whose interpreter is gone', '#!/nowhere/sh\n', /cannot be started: No such file/],
  [
    'that prints text before its messages',
    '#!/bin/sh\necho "DEBUG: starting"\nsleep 300\n',
    /prints "DEBUG: starting.?" .* a length of 1430406468\.$/s,
  ],
  ['that prints text and ends', '#!/bin/sh\nprintf hi\n', /prints "hi" on standard output/],
  [
    'that exits at once',
    '#!/bin/sh\necho first >&2\necho "cannot load libfoo.so" >&2\nexit 127\n',
    /exits at once, with status 127\. It says: cannot load libfoo\.so$/,
  ],
  ['that is killed', '#!/bin/sh\nkill -9 $$\n', /is killed at once by signal 9/],
  [
    'that closes its output',
    '#!/bin/sh\nexec >&-\nexec /bin/sleep 300\n',
    /closes its output without an answer/,
  ],
  [
    'that says nothing',
    '#!/bin/sh\nexec /bin/sleep 300\n',
    /does not answer hello within 10 seconds/,
  ],
  [
    'that answers with no JSON',
    nodeHost("say('nonsense'); setTimeout(() => {}, 300000);"),
    /a message that is not a JSON object/,
  ],
  [
    'that refuses hello',
    nodeHost("say({ id: 1, ok: false, error: { message: 'Too old.' } });"),
    /refuses hello: Too old\./,
  ],
  [
    'of another version',
    nodeHost("say({ id: 1, ok: true, result: { ...hello, host: '0.0.9' } });"),
    new RegExp(`has version 0\\.0\\.9, but this command line has version ${version}`),
  ],
  [
    'that goes on after the end of its input',
    nodeHost('say({ id: 1, ok: true, result: hello }); setTimeout(() => {}, 300000);'),
    /keeps running after its browser has closed its input/,
  ],
];
for (const [what, script, words] of hosts) {
  test(`a host ${what}`, async (t) => {
    await findsOne(await withHost(t, script), words);
  });
}

test('a host of another installation that works is a warning', async (t) => {
  const machine = await installed(t);
  const host = join(machine.folder, 'second/powerup-secrets-host');
  mkdirSync(dirname(host));
  copyFileSync(hostPath, host);
  chmodSync(host, 0o755);
  machine.write(PLACES.chromium, manifestOf('chromium', host));
  const { code, warnings } = await machine.doctor();
  assert.equal(code, EXIT.done);
  const one = warnings.find(({ text }) => text.includes('another installation'));
  assert.ok(one, JSON.stringify(warnings));
  follow(machine, one.fix);
  assert.deepEqual(machine.read(PLACES.chromium), manifestOf('chromium'));
});

test('the host is started as each browser starts it', async (t) => {
  for (const family of families) {
    const machine = await withHost(
      t,
      nodeHost(`
        require('node:fs').writeFileSync(__dirname + '/seen.json', JSON.stringify({
          args: process.argv.slice(2),
          cwd: process.cwd(),
          input: require('node:fs').fstatSync(0).isFIFO(),
          output: require('node:fs').fstatSync(1).isFIFO(),
          state: process.env.POWERUP_SECRETS_DIR,
        }));
        say({ id: 1, ok: true, result: hello });`),
      family,
    );
    await machine.doctor();
    const folder = join(machine.folder, 'other');
    const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    const args =
      family === 'chromium'
        ? [`chrome-extension://${identity.chromiumExtensionId}/`]
        : [join(machine.home, PLACES.firefox), identity.firefoxExtensionId];
    assert.deepEqual([seen.args, seen.cwd], [args, folder]);
    assert.deepEqual([seen.input, seen.output], [true, true]);
    assert.notEqual(seen.state, machine.state);
  }
});

test('a command line without its host and extensions', async (t) => {
  const machine = new Machine(t);
  const alone = join(machine.folder, 'alone/powerup-secrets');
  mkdirSync(dirname(alone));
  copyFileSync(cliPath, alone);
  chmodSync(alone, 0o755);
  /** @type {any} */
  let failed;
  try {
    execFileSync(alone, ['doctor', '--json'], { env: machine.env, stdio: 'pipe' });
  } catch (error) {
    failed = error;
  }
  assert.equal(failed?.status, EXIT.failed);
  const findings = JSON.parse(failed.stdout).filter(
    (/** @type {any} */ one) => one.subject === 'installation',
  );
  assert.deepEqual(
    findings.map((/** @type {any} */ one) => one.level),
    ['problem', 'warning', 'warning'],
  );
  assert.match(findings[0].text, /There is no host that belongs to the command line in /);
});

// The state folder

/**
 * A machine with a store.
 *
 * @param {import('node:test').TestContext} t
 */
async function withStore(t) {
  const machine = await installed(t);
  const { code } = await machine.run(['storage', 'denied']);
  assert.equal(code, EXIT.done);
  return machine;
}

const ofState = { subject: 'state folder' };

test('a store that is fine', async (t) => {
  const { findings, problems } = await (await withStore(t)).doctor();
  assert.deepEqual(problems, []);
  assert.ok(findings.some(({ text }) => /database .* opens and is intact/.test(text)));
});

test('a state folder without a store is fine, and stays so', async (t) => {
  const machine = await installed(t);
  mkdirSync(machine.state, { mode: 0o700 });
  assert.deepEqual((await machine.doctor()).problems, []);
  assert.deepEqual(readdirSync(machine.state), []);
});

test('a state folder that others may enter', async (t) => {
  const machine = await withStore(t);
  chmodSync(machine.state, 0o755);
  await findsOne(machine, /has mode 755/, ofState);
});

test('files of the store that others may read', async (t) => {
  for (const name of ['root.key', 'store.sqlite3', 'hosts']) {
    const machine = await withStore(t);
    if (name === 'hosts') {
      mkdirSync(join(machine.state, name), { recursive: true });
    }
    chmodSync(join(machine.state, name), 0o750);
    await findsOne(machine, new RegExp(`${name} has mode 750`), ofState);
  }
});

test('a state folder that belongs to another user', async (t) => {
  if (!isRoot) {
    t.skip('only root can give files away');
    return;
  }
  const machine = await withStore(t);
  chownSync(machine.state, 1234, 1234);
  const { fix } = await findsOne(machine, /belongs to another user/, { ...ofState, fixes: false });
  assert.equal(fix, `sudo chown -R "$(id -u)" ${machine.state}`);
});

test('a state folder that is a file', async (t) => {
  const machine = await installed(t);
  writeFileSync(machine.state, '');
  await findsOne(machine, /it is not a folder/, ofState);
});

test('a database that is none', async (t) => {
  const machine = await withStore(t);
  writeFileSync(join(machine.state, 'store.sqlite3'), 'x'.repeat(8192), { mode: 0o600 });
  await findsOne(machine, /does not open: /, ofState);
});

test('a database that is damaged within', async (t) => {
  const machine = await withStore(t);
  const item = ['item', 'set', '--origin', ORIGIN, '--slot', 'a'.repeat(64), '--member', MEMBER];
  await machine.run([...item, '--value-file', machine.write('value', '00;00')]);
  const file = join(machine.state, 'store.sqlite3');
  execFileSync('sqlite3', [file, 'PRAGMA wal_checkpoint(TRUNCATE)'], { stdio: 'pipe' });
  // An index loses its entries, which only the integrity check sees.
  const pages = execFileSync(
    'sqlite3',
    [
      file,
      "SELECT (SELECT page_size FROM pragma_page_size), rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_item_1'",
    ],
    { encoding: 'utf8' },
  );
  const [size, page] = pages.trim().split('|').map(Number);
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from([0x0a, 0, 0, 0, 0, size >> 8, size & 255, 0]), 0, 8, (page - 1) * size);
  closeSync(fd);
  await findsOne(machine, /is damaged: /, ofState);
});

test('a root key that is gone, or another', async (t) => {
  for (const change of [
    (/** @type {string} */ key) => rmSync(key),
    (/** @type {string} */ key) => writeFileSync(key, Buffer.alloc(32, 7)),
    (/** @type {string} */ key) => writeFileSync(key, 'short'),
  ]) {
    const machine = await withStore(t);
    change(join(machine.state, 'root.key'));
    await findsOne(machine, /does not open: root\.key /, ofState);
  }
});

test('a store of a newer version, which no fix throws away', async (t) => {
  const machine = await withStore(t);
  execFileSync('sqlite3', [join(machine.state, 'store.sqlite3'), 'PRAGMA user_version = 999'], {
    stdio: 'pipe',
  });
  const { fix } = await findsOne(machine, /made by a newer powerup-secrets/, {
    ...ofState,
    fixes: false,
  });
  assert.equal(fix, null);
});

// Browsers that are started

test('a browser that is asked about and not here', async (t) => {
  const machine = await installed(t);
  rmSync(join(machine.programs, 'chromium'));
  const { code, problems } = await machine.doctor(['--browser', 'chromium']);
  assert.equal(code, EXIT.failed);
  assert.deepEqual(
    problems.map(({ text }) => text),
    ['Chromium is not installed: it cannot be started.'],
  );
});

test('a branded browser cannot be tried out, which is a warning', async (t) => {
  const machine = new Machine(t).start('.config/google-chrome');
  machine.program('google-chrome', 'exit 1');
  await machine.run(['install']);
  const { code, warnings } = await machine.doctor(['--browser', 'chrome']);
  assert.equal(code, EXIT.done);
  assert.ok(warnings.some(({ text }) => /does not accept an unpacked extension/.test(text)));
});

const withExtension = existsSync(join(dirname(cliPath), 'extension'));

/** @param {import('node:test').TestContext} t */
function needsExtension(t) {
  if (!withExtension) {
    t.skip('this build has no extension');
  }
  return withExtension;
}

test('without the extension no browser is started', async (t) => {
  const machine = await installed(t);
  const alone = join(machine.folder, 'alone');
  mkdirSync(alone);
  for (const path of [cliPath, hostPath]) {
    copyFileSync(path, join(alone, basename(path)));
  }
  machine.program('chromium', 'echo started > "$HOME/started"');
  let output = '';
  try {
    execFileSync(join(alone, 'powerup-secrets'), ['doctor', '--browser', 'chromium'], {
      env: machine.env,
      stdio: 'pipe',
    });
  } catch (error) {
    output = String(/** @type {any} */ (error).stdout);
  }
  assert.match(output, /^problem {2}chromium: .* cannot be started with the extension: /m);
});

test('a browser that ends at once', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  machine.program('chromium', 'echo "no display" >&2; exit 3');
  const { problems } = await machine.doctor(['--browser', 'chromium']);
  assert.equal(problems.length, 1);
  assert.match(problems[0].text, /ended with status 3\. It says: no display$/);
});

/** One that has ended and was not waited for counts as ended. @param {string} pid */
function isRunning(pid) {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a browser that does not start the host is ended with all that it started', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  const pids = join(machine.folder, 'pids');
  machine.program(
    'chromium',
    `trap "" TERM; (trap "" TERM; exec /bin/sleep 3600) & echo $$ $! > '${pids}'; echo "$@" > '${pids}.args'
     exec /bin/sleep 3600`,
  );
  const seconds = await shortTime(() => machine.doctor());
  const { problems } = await machine.doctor(['--browser', 'chromium', '--timeout', seconds]);
  assert.equal(problems.length, 1);
  assert.ok(problems[0].text.includes(`did not reach its host within ${Number(seconds)} second`));
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) {
    assert.ok(!isRunning(pid), pid);
  }
  const args = readFileSync(`${pids}.args`, 'utf8').trim().split(' ');
  assert.ok(args.includes('--headless'));
  assert.equal(args.includes('--no-sandbox'), isRoot);
  const profile = args.find((arg) => arg.startsWith('--user-data-dir=')) ?? '';
  assert.ok(profile.slice('--user-data-dir='.length).startsWith(machine.temporary));
  assert.deepEqual(readdirSync(machine.temporary), []);
});

test('a browser that is started leaves the current folder as it was', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  // As Chromium finds the folder for its crash reports: a variable that is set counts, even empty.
  machine.program(
    'chromium',
    'config=${CHROME_CONFIG_HOME-$HOME/.config}\nexec /bin/mkdir -p "${config:+$config/}chromium"',
  );
  await machine.doctor(['--browser', 'chromium']);
  assert.deepEqual(readdirSync(machine.current), []);
});

test('the parts of the npm package find each other', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = new Machine(t);
  for (const path of [cliPath, hostPath]) {
    const copy = machine.write(join(machine.folder, 'host', basename(path)), '');
    copyFileSync(path, copy);
    chmodSync(copy, 0o755);
  }
  for (const family of families) {
    mkdirSync(join(machine.folder, 'extension', family), { recursive: true });
  }
  const output = execFileSync(join(machine.folder, 'host/powerup-secrets'), ['doctor', '--json'], {
    env: machine.env,
    encoding: 'utf8',
  });
  const own = JSON.parse(output).filter(
    (/** @type {any} */ { subject }) => subject === 'installation',
  );
  assert.deepEqual(
    own.map((/** @type {any} */ { level }) => level),
    ['ok'],
  );
});

test('stopping the doctor stops the browser, and leaves nothing behind', async (t) => {
  if (!needsExtension(t)) {
    return;
  }
  const machine = await installed(t);
  const file = join(machine.folder, 'pid');
  machine.program(
    'chromium',
    `echo $$ > '${file}.new'; /bin/mv '${file}.new' '${file}'
exec /bin/sleep 3600`,
  );
  const child = spawn(cliPath, ['doctor', '--browser', 'chromium'], {
    env: { ...process.env, ...machine.env },
    stdio: 'ignore',
  });
  while (!existsSync(file)) {
    await setTimeout(20);
  }
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, EXIT.failed);
  assert.ok(!isRunning(readFileSync(file, 'utf8').trim()));
  assert.deepEqual(readdirSync(machine.temporary), []);
});
