// SPDX-License-Identifier: MIT
// install and uninstall: which files, for whom, and what is left alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hostPath, identity } from '../protocol/host-process.js';
import { EXIT, readRoot, run } from './cli.js';
import { Machine, MANIFEST, manifestOf, PLACES } from './machine.js';

const isRoot = process.getuid?.() === 0;

/** @type {import('./machine.js').Family[]} */
const families = ['chromium', 'firefox'];

/** @param {import('node:test').TestContext} t */
const started = (t) => new Machine(t).start('.config/chromium').start('.mozilla/firefox');

/** @param {string} path */
const modeOf = (path) => statSync(path).mode & 0o7777;

test('install writes the manifest of every browser that was started, and reports each file', async (t) => {
  const machine = started(t);
  const { code, stdout, stderr } = await machine.run(['install']);
  assert.equal(code, EXIT.done);
  const lines = stdout.split('\n');
  for (const family of families) {
    assert.ok(lines.includes(`${family}: written ${join(machine.home, PLACES[family])}`), stdout);
    assert.deepEqual(machine.read(PLACES[family]), manifestOf(family));
    assert.equal(modeOf(join(machine.home, PLACES[family])), 0o644);
  }
  assert.match(stdout, /^skipped, because they are not in use here: chrome, .*librewolf/m);
  const skipped = lines.find((line) => line.startsWith('skipped'))?.split(/: |, /) ?? [];
  assert.ok(!skipped.includes('chromium') && !skipped.includes('firefox'), stdout);
  assert.equal(new Set(skipped).size, skipped.length, stdout);
  assert.match(stderr, /^(extension for the (chromium|firefox) family: \/.*\n)*$/);
});

test('what is written is what the build makes of the templates', async (t) => {
  const machine = started(t);
  await machine.run(['install']);
  for (const family of families) {
    const template = readRoot(`manifest/${family}.json.in`)
      .replace('@NATIVE_HOST_NAME@', identity.nativeHostName)
      .replace('@NATIVE_HOST_DESCRIPTION@', identity.nativeHostDescription)
      .replace('@HOST_PATH@', hostPath)
      .replace('@CHROMIUM_EXTENSION_ID@', identity.chromiumExtensionId)
      .replace('@FIREFOX_EXTENSION_ID@', identity.firefoxExtensionId);
    assert.deepEqual(machine.read(PLACES[family]), JSON.parse(template));
  }
});

test('a second install changes nothing, and says so', async (t) => {
  const machine = started(t);
  await machine.run(['install']);
  const before = families.map((family) => lstatSync(join(machine.home, PLACES[family])));
  const { code, rows } = await machine.rows(['install']);
  assert.equal(code, EXIT.done);
  assert.deepEqual(
    rows.map((row) => row.outcome),
    ['unchanged', 'unchanged'],
  );
  const after = families.map((family) => lstatSync(join(machine.home, PLACES[family])));
  assert.deepEqual(
    after.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
  );
});

test('an older manifest of ours is replaced, also one that others cannot read', async (t) => {
  const machine = started(t);
  const file = machine.write(PLACES.chromium, manifestOf('chromium', '/gone/powerup-secrets-host'));
  assert.equal((await machine.rows(['install'])).rows[0].outcome, 'written');
  assert.deepEqual(machine.read(PLACES.chromium), manifestOf('chromium'));
  chmodSync(file, 0o600);
  assert.equal((await machine.rows(['install'])).rows[0].outcome, 'written');
  assert.equal(modeOf(file), 0o644);
});

test('nothing else is in the folder afterwards, whatever the umask', async (t) => {
  const machine = started(t);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  await machine.run(['install']);
  process.umask(before);
  for (const family of families) {
    const file = join(machine.home, PLACES[family]);
    assert.deepEqual(readdirSync(dirname(file)), [MANIFEST]);
    assert.equal(modeOf(file), 0o644);
    assert.equal(modeOf(dirname(file)), 0o700);
  }
});

/** @type {[string, string | Record<string, any>][]} */
const foreign = [
  ['of another program', { ...manifestOf('chromium'), path: '/usr/bin/other' }],
  ['with another description', { ...manifestOf('chromium'), description: 'Mine' }],
  ['with another name', { ...manifestOf('chromium'), name: 'org.other' }],
  ['that is no JSON', '{"name": '],
  ['that is empty', ''],
  ['that is an array', '[]'],
];
for (const [what, content] of foreign) {
  test(`a manifest ${what} is left alone, and the others are written`, async (t) => {
    const machine = started(t);
    const file = machine.write(PLACES.chromium, content);
    const before = readFileSync(file);
    for (const command of ['install', 'uninstall']) {
      const { code, stdout } = await machine.run([command]);
      assert.equal(code, EXIT.failed);
      assert.match(stdout, /^chromium: failed \/.*: It was not written by powerup-secrets/m);
      assert.match(stdout, /^firefox: (written|removed) /m);
      assert.deepEqual(readFileSync(file), before);
    }
  });
}

test('a symbolic link to nothing is left alone', async (t) => {
  const machine = started(t);
  const file = join(machine.home, PLACES.chromium);
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync('/nowhere', file);
  const { code, rows } = await machine.rows(['install']);
  assert.equal(code, EXIT.failed);
  assert.deepEqual(
    rows.map(({ browser, outcome }) => [browser, outcome]),
    [
      ['chromium', 'failed'],
      ['firefox', 'written'],
    ],
  );
  assert.match(rows[0].reason, /broken symbolic link/);
  assert.ok(lstatSync(file).isSymbolicLink());
});

test('a symbolic link to a manifest of ours becomes a file, and its target stays', async (t) => {
  const machine = started(t);
  const file = join(machine.home, PLACES.chromium);
  const target = machine.write('elsewhere.json', manifestOf('chromium'));
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync(target, file);
  assert.equal((await machine.rows(['install'])).rows[0].outcome, 'written');
  assert.ok(lstatSync(file).isFile());
  assert.equal((await machine.rows(['uninstall'])).rows[0].outcome, 'removed');
  assert.ok(existsSync(target));
});

test('a folder that cannot be made fails one browser and no other', async (t) => {
  const machine = started(t).start('.config/vivaldi');
  writeFileSync(join(machine.home, '.config/chromium/NativeMessagingHosts'), 'a file');
  const { code, rows } = await machine.rows(['install']);
  assert.equal(code, EXIT.failed);
  assert.deepEqual(
    rows.map(({ browser, outcome }) => [browser, outcome]),
    [
      ['chromium', 'failed'],
      ['vivaldi', 'written'],
      ['firefox', 'written'],
    ],
  );
  assert.match(rows[0].reason, /Not a directory/);
});

test('a folder that cannot be written fails one browser and no other', async (t) => {
  if (isRoot) {
    t.skip('root may write anywhere');
    return;
  }
  const machine = started(t);
  chmodSync(join(machine.home, '.config/chromium'), 0o500);
  const { code, rows } = await machine.rows(['install']);
  chmodSync(join(machine.home, '.config/chromium'), 0o700);
  assert.equal(code, EXIT.failed);
  assert.deepEqual(
    rows.map(({ outcome }) => outcome),
    ['failed', 'written'],
  );
});

test('--browser makes the folders of one that was never started', async (t) => {
  const machine = new Machine(t);
  const args = ['install', '--browser', 'brave', '--browser', 'librewolf,vivaldi'];
  const { code, rows } = await machine.rows(args);
  assert.equal(code, EXIT.done);
  assert.deepEqual(
    rows.map(({ browser, file }) => [browser, file]),
    [
      [
        'brave',
        join(machine.home, '.config/BraveSoftware/Brave-Browser/NativeMessagingHosts', MANIFEST),
      ],
      ['vivaldi', join(machine.home, '.config/vivaldi/NativeMessagingHosts', MANIFEST)],
      ['librewolf', join(machine.home, '.librewolf/native-messaging-hosts', MANIFEST)],
    ],
  );
  assert.ok(!machine.has('.config/chromium'));
});

test('without any browser there is nothing to install, and the message says so', async (t) => {
  const { code, stderr } = await new Machine(t).run(['install']);
  assert.equal(code, EXIT.absent);
  assert.match(stderr, /No browser was found .* --browser/);
});

test('a browser that is not in the table is refused, with those that are', async (t) => {
  const all = /--browser: It must be one of chrome, .*tor-browser, not "/;
  for (const [name, words] of /** @type {[string, RegExp][]} */ ([
    ['netscape', all],
    ['', all],
    ['chromium,', all],
    [',chromium', all],
    ['Chromium', /--browser: There is no browser "Chromium"; did you mean "chromium"\?/],
  ])) {
    const { code, stderr } = await new Machine(t).run(['install', '--browser', name]);
    assert.equal(code, EXIT.wrongUse, name);
    assert.match(stderr, words);
  }
});

test('the folders follow XDG_CONFIG_HOME and CHROME_CONFIG_HOME, where they are absolute', async (t) => {
  const machine = new Machine(t);
  const rows = async () => (await machine.rows(['install', '--browser', 'chromium'])).rows;
  const below = `chromium/NativeMessagingHosts/${MANIFEST}`;
  machine.env.XDG_CONFIG_HOME = join(machine.folder, 'xdg');
  assert.equal((await rows())[0].file, join(machine.folder, 'xdg', below));
  machine.env.CHROME_CONFIG_HOME = join(machine.folder, 'own');
  assert.equal((await rows())[0].file, join(machine.folder, 'own', below));
  machine.env.XDG_CONFIG_HOME = 'relative';
  machine.env.CHROME_CONFIG_HOME = 'relative';
  assert.equal((await rows())[0].file, join(machine.home, '.config', below));
});

test('without a home folder nothing is written, and the message says what to set', async (t) => {
  for (const home of ['', 'relative']) {
    const machine = new Machine(t);
    machine.env.HOME = home;
    const { code, stderr } = await machine.run(['install', '--browser', 'firefox']);
    assert.equal(code, EXIT.wrongUse);
    assert.match(stderr, /set HOME/);
  }
});

test('Firefox keeps new profiles elsewhere, and native manifests where they were', async (t) => {
  const machine = new Machine(t).start('.config/mozilla/firefox');
  const { rows } = await machine.rows(['install']);
  assert.deepEqual(
    rows.map(({ file }) => file),
    [join(machine.home, PLACES.firefox)],
  );
});

test('Zen keeps its profiles elsewhere, and reads the native manifests of Firefox', async (t) => {
  for (const profile of ['.zen', '.config/zen', '.var/app/app.zen_browser.zen/.zen']) {
    const machine = new Machine(t).start(profile);
    const { rows } = await machine.rows(['install']);
    assert.deepEqual(
      rows.map(({ browser, file }) => [browser, file]),
      [['zen', join(machine.home, PLACES.firefox)]],
    );
  }
});

test('a Chromium in a Snap or Flatpak is skipped, and a Firefox gets the manifest of its portal', async (t) => {
  const machine = new Machine(t)
    .start('snap/chromium/common/chromium')
    .start('.var/app/com.google.Chrome/config/google-chrome')
    .start('snap/firefox/common/.mozilla/firefox');
  const { code, stdout } = await machine.run(['install']);
  assert.equal(code, EXIT.done);
  assert.match(stdout, /^chromium: skipped: its Snap or Flatpak /m);
  assert.match(stdout, /^chrome: skipped: its Snap or Flatpak /m);
  assert.match(stdout, new RegExp(`^firefox: written ${join(machine.home, PLACES.firefox)}$`, 'm'));
  assert.ok(!machine.has('snap/chromium/common/chromium/NativeMessagingHosts'));
});

test('a Chromium of which only a Snap or Flatpak is here is installed for by name, and told about without', async (t) => {
  const machine = new Machine(t).start('snap/chromium/common/chromium');
  const { code, stderr } = await machine.run(['install']);
  assert.equal(code, EXIT.absent);
  assert.match(stderr, /the Snap or Flatpak of chromium cannot start .* ordinary package/);
  const named = await machine.run(['install', '--browser', 'chromium']);
  assert.equal(named.code, EXIT.done);
  assert.match(named.stdout, /^chromium: written .*\/\.config\/chromium\//m);
  assert.match(named.stdout, /^chromium: skipped: its Snap or Flatpak /m);
});

test('a browser without a folder of all users is told so', async (t) => {
  const machine = new Machine(t);
  const args = ['install', '--system', '--browser'];
  const alone = await machine.run([...args, 'tor-browser']);
  assert.equal(alone.code, EXIT.absent);
  assert.match(alone.stderr, /no folder of all users .* tor-browser; .* without --system/);
  const { code, stdout } = await machine.run([...args, 'tor-browser,brave,opera']);
  assert.equal(code, EXIT.done);
  assert.deepEqual(stdout.match(/^[a-z-]+: (written|skipped)/gm), [
    'brave: written',
    'opera: written',
    'tor-browser: skipped',
  ]);
  const none = await machine.run(['install', '--system']);
  assert.match(none.stderr, /No browser was found to install for; name one with --browser\.$/m);
});

/** Somebody who is not root, on every system. */
const SOMEBODY = 'nobody';

test('by sudo it is said for whom that is, and warned where it is surely not meant', async (t) => {
  if (!isRoot) {
    t.skip('only root runs what sudo starts');
    return;
  }
  const machine = new Machine(t);
  const uid = Number(execFileSync('id', ['-u', SOMEBODY], { encoding: 'utf8' }));
  const profile = join(machine.folder, 'profile');
  const named = ['--browser', 'brave'];
  const notFor = `${SOMEBODY} runs this as root, and HOME is ${machine.home}: this is not for ${SOMEBODY} but for the browsers of root`;
  const unreadable = (/** @type {string} */ place) =>
    `${SOMEBODY} runs this as root, and ${place}, which belongs to ${SOMEBODY}: what is written there belongs to root`;
  /** @type {[string, string[], boolean, string | null][]} */
  const cases = [
    ['SUDO_USER', ['install', ...named], false, notFor],
    ['DOAS_USER', ['install', ...named], false, notFor],
    ['SUDO_USER', ['install'], false, notFor], // that finds none
    ['SUDO_USER', ['uninstall'], false, notFor],
    ['SUDO_USER', ['install', ...named], true, unreadable(`HOME is ${machine.home}`)],
    ['SUDO_USER', ['uninstall'], true, null],
    [
      'SUDO_USER',
      ['install', '--user-data-dir', profile],
      true,
      unreadable(`--user-data-dir is ${profile}`),
    ],
    ['SUDO_USER', ['install', '--user-data-dir', profile], false, null],
    ['SUDO_USER', ['install', '--system', ...named], false, null],
    ['none', ['install', ...named], false, null],
  ];
  mkdirSync(profile);
  for (const [variable, args, isTheirs, note] of cases) {
    machine.env.SUDO_USER = machine.env.DOAS_USER = '';
    machine.env[variable] = SOMEBODY;
    for (const folder of [machine.home, profile]) {
      chownSync(folder, isTheirs ? uid : 0, 0);
    }
    const { stderr } = await machine.run(args);
    const said = stderr.split('\n').filter((line) => line.includes(SOMEBODY));
    assert.equal(said.length, note === null ? 0 : 1, `${variable} ${args.join(' ')}: ${stderr}`);
    assert.ok(note === null || said[0].startsWith(note), said[0]);
    assert.ok(note === null || /run (this|it) without sudo/.test(said[0]), said[0]);
  }
  chownSync(machine.home, 0, 0);
  machine.env.SUDO_USER = SOMEBODY;
  const about = (await machine.doctor()).warnings.filter(({ subject }) => subject === 'user');
  assert.equal(about.length, 1);
  assert.match(about[0].text, /these are the browsers of root, not those of nobody/);
  machine.env.SUDO_USER = 'root';
  assert.doesNotMatch((await machine.run(['install', ...named])).stderr, /sudo/);
});

test('--system writes for every program that is here, or is named, so that all can read it', async (t) => {
  const machine = new Machine(t);
  machine.program('chromium');
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const { code, rows } = await machine.rows(['install', '--system']);
  const named = await machine.rows(['install', '--system', '--browser', 'firefox']);
  process.umask(before);
  assert.deepEqual([code, named.code], [EXIT.done, EXIT.done]);
  const chromium = join(machine.root, 'etc/chromium/native-messaging-hosts', MANIFEST);
  const firefox = join(machine.root, 'usr/lib/mozilla/native-messaging-hosts', MANIFEST);
  assert.deepEqual(
    [...rows, ...named.rows].map(({ file }) => file),
    [chromium, firefox],
  );
  assert.deepEqual(JSON.parse(readFileSync(chromium, 'utf8')), manifestOf('chromium'));
  for (let path = chromium; path !== machine.root; path = dirname(path)) {
    assert.equal(modeOf(path), path === chromium ? 0o644 : 0o755, path);
  }
  await machine.rows(['uninstall', '--system']);
  assert.deepEqual([existsSync(chromium), existsSync(firefox)], [false, false]);
});

test('--user-data-dir is for one test profile: of Chromium, or the home of a Firefox', async (t) => {
  const machine = new Machine(t).start('.config/chromium');
  const profile = join(machine.folder, "a profile's folder");
  const args = ['install', '--user-data-dir', profile];
  assert.deepEqual((await machine.rows(args)).rows, [
    {
      browser: 'chromium',
      file: join(profile, 'NativeMessagingHosts', MANIFEST),
      outcome: 'written',
      reason: null,
    },
  ]);
  const firefox = join(profile, '.mozilla/native-messaging-hosts', MANIFEST);
  assert.equal((await machine.rows([...args, '--browser', 'firefox'])).rows[0].file, firefox);
  assert.ok(!machine.has(PLACES.chromium));
  const undo = ['uninstall', '--user-data-dir', profile];
  assert.equal((await machine.rows(undo)).rows[0].outcome, 'removed');
  assert.equal((await machine.rows(undo)).rows[0].outcome, 'absent');
  assert.ok(existsSync(firefox));
  for (const wrong of [['--system'], ['--browser', 'chromium,firefox']]) {
    assert.equal((await machine.run([...args, ...wrong])).code, EXIT.wrongUse);
  }
});

test('uninstall removes what install wrote and nothing else, and may be repeated', async (t) => {
  const machine = started(t);
  const other = machine.write(
    '.config/chromium/NativeMessagingHosts/org.other.json',
    manifestOf('chromium'),
  );
  await machine.run(['install', '--browser', 'chromium,firefox,brave,tor-browser']);
  const { code, rows } = await machine.rows(['uninstall']);
  assert.equal(code, EXIT.done);
  assert.deepEqual(
    rows.map(({ browser, outcome }) => [browser, outcome]),
    ['chromium', 'brave', 'firefox', 'tor-browser'].map((name) => [name, 'removed']),
  );
  assert.ok(existsSync(other));
  assert.deepEqual(await machine.run(['uninstall']), {
    code: EXIT.done,
    stdout: 'nothing was installed\n',
    stderr: '',
  });
});

test('a file that another browser in use reads too is kept', async (t) => {
  const machine = new Machine(t).start('.config/google-chrome').start('.config/opera');
  await machine.run(['install']);
  const { stdout } = await machine.run(['uninstall', '--browser', 'opera']);
  assert.match(stdout, /^opera: removed .*\/opera\//m);
  assert.match(stdout, /^opera: kept .*\/google-chrome\/.*: chrome reads it too$/m);
  assert.ok(machine.has(`.config/google-chrome/NativeMessagingHosts/${MANIFEST}`));
});

test('the table that the documentation has is the one of the program', async () => {
  const { stdout } = await run(['install', '--table', '--json']);
  /** @type {any[]} */
  const rows = JSON.parse(stdout);
  const code = (/** @type {string | null} */ text) => (text === null ? '–' : `\`${text}\``);
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.title} | ${row.packaging} | ${code(row.folder)} | ${code(row.folderOfAllUsers)} |`,
  );
  const page = readRoot('docs/browsers.md').split('\n');
  assert.deepEqual(
    page.filter((line) => /^\| [a-z]/.test(line)),
    lines,
  );
  const { stdout: text } = await run(['install', '--table']);
  for (const row of rows) {
    assert.ok(text.includes(row.folder), row.folder);
  }
});
