// SPDX-License-Identifier: MIT
// The state folder under adverse conditions: moved rows, other users, a read-only disk.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { frame, greetedHost, hostPath, identity, stateFolder } from '../protocol/host-process.js';
import { createStore, execute, query } from '../support/store.js';

const ROOT = process.getuid?.() !== 0 && 'only root can do this';
const NO_MOUNTS =
  spawnSync('unshare', ['--mount', 'mount', '--make-rprivate', '/']).status !== 0 &&
  'no file system can be mounted here';
const NOBODY = 65534;

/** A text of a board that only one member can see; no part of its place is empty. */
const PLACE = {
  origin: 'https://powerup.example',
  scope: 'board',
  owner: '5f00000000000000000000b1',
  visibility: 'private',
  member: '5f0000000000000000000001',
};

/**
 * Other places for the text of PLACE, by the column that differs.
 *
 * @type {Record<string, Partial<typeof PLACE>>}
 */
const ELSEWHERE = {
  power_up: { origin: 'https://other.example' },
  scope: { scope: 'card' },
  owner: { owner: '5f00000000000000000000b2' },
  visibility: { visibility: 'shared' },
  viewer: { member: '5f0000000000000000000002' },
};

/** @param {typeof PLACE} place */
const asked = ({ origin, scope, owner, member }) => ({ origin, member, [scope]: owner });

test('the places cover every column that distinguishes plugin data', async (t) => {
  const state = stateFolder(t);
  createStore(state);
  const columns = query(state, "SELECT name FROM pragma_table_info('plugin_data') WHERE pk > 0");
  assert.deepEqual(columns.map(({ name }) => name).sort(), Object.keys(ELSEWHERE).sort());
});

for (const [column, change] of Object.entries(ELSEWHERE)) {
  const other = { ...PLACE, ...change };
  // A shared text has no viewer, so two columns change for it.
  const shared = column === 'visibility';

  test(`plugin data whose ${column} was changed do not open there`, async (t) => {
    const state = stateFolder(t);
    const host = await greetedHost(t, { state });
    await host.request('setPluginData', { ...PLACE, text: '{"whose":"mine"}' });
    const [value] = Object.values(change);
    execute(state, `UPDATE plugin_data SET ${column} = '${value}'${shared ? ", viewer = ''" : ''}`);
    const { error } = await host.request('getPluginData', asked(other));
    assert.equal(error.code, 'damaged');
    assert.ok(!JSON.stringify(error).includes('mine'));
  });

  test(`plugin data swapped with those of another ${column} do not open`, async (t) => {
    const state = stateFolder(t);
    const host = await greetedHost(t, { state });
    await host.request('setPluginData', { ...PLACE, text: '{"whose":"mine"}' });
    await host.request('setPluginData', { ...other, text: '{"whose":"other"}' });
    execute(
      state,
      `CREATE TEMP TABLE kept AS SELECT * FROM plugin_data;
       UPDATE plugin_data AS a SET sealed = (SELECT sealed FROM kept AS b
         WHERE (b.power_up, b.scope, b.owner, b.visibility, b.viewer) IS NOT
               (a.power_up, a.scope, a.owner, a.visibility, a.viewer))`,
    );
    for (const place of [PLACE, other]) {
      const { error } = await host.request('getPluginData', asked(place));
      assert.equal(error.code, 'damaged');
    }
  });
}

test('a row of another store does not open', async (t) => {
  const [state, stranger] = [stateFolder(t), stateFolder(t)];
  for (const folder of [state, stranger]) {
    const host = await greetedHost(t, { state: folder });
    await host.request('setPluginData', { ...PLACE, text: JSON.stringify({ folder }) });
    host.closeInput();
    await host.exit;
  }
  execute(
    state,
    `ATTACH '${join(stranger, 'store.sqlite3')}' AS stranger;
     UPDATE plugin_data SET sealed = (SELECT sealed FROM stranger.plugin_data)`,
  );
  const host = await greetedHost(t, { state });
  assert.equal((await host.request('getPluginData', asked(PLACE))).error.code, 'damaged');
});

/** The files of a folder with their bytes. @param {string} folder */
const contents = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(join(folder, name)).toString('hex')]);

test('no other user reads, lists or enters a state folder', { skip: ROOT }, async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  await host.request('setPluginData', { ...PLACE, text: '{}' });
  execFileSync('chmod', ['755', dirname(state)]);
  const paths = [
    state,
    ...readdirSync(state).map((name) => join(state, name)),
    ...readdirSync(join(state, 'hosts')).map((name) => join(state, 'hosts', name)),
  ];
  assert.ok(paths.some((path) => path.endsWith('root.key')));
  assert.ok(paths.some((path) => path.endsWith('.sock')));
  for (const path of paths) {
    const { status } = spawnSync('test', ['-e', `${path}/.`, '-o', '-r', path, '-o', '-w', path], {
      uid: NOBODY,
      gid: NOBODY,
    });
    assert.equal(status, 1, path);
  }
});

test('a state folder of another user is refused, whatever its mode', { skip: ROOT }, async (t) => {
  const state = stateFolder(t);
  createStore(state);
  execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, state]);
  const before = contents(state);
  const { stdout } = runHost([], state);
  assert.match(stdout, /"code":"state_folder".*chown/);
  assert.deepEqual(contents(state), before);
});

test(
  'a read-only file system is reported, and nothing is changed',
  { skip: NO_MOUNTS },
  async (t) => {
    const state = stateFolder(t);
    createStore(state);
    const before = contents(state);
    const mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
    const { stdout } = runHost(['unshare', '--mount', 'sh', '-c', mount, state], state);
    assert.match(stdout, /"code":"store_read_only".*POWERUP_SECRETS_DIR/);

    const cli = resolve(dirname(hostPath), 'powerup-secrets');
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', mount, state, cli, 'storage', 'denied', '--state', state],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stderr, /cannot be opened; make sure that you own folder and file/);
    assert.deepEqual(contents(state), before);
  },
);

/**
 * Says hello to a host that is started by another program.
 *
 * @param {string[]} wrapper  the program that starts it, with arguments
 * @param {string} state
 */
function runHost(wrapper, state) {
  const [program, ...args] = [
    ...wrapper,
    hostPath,
    `chrome-extension://${identity.chromiumExtensionId}/`,
  ];
  return spawnSync(program, args, {
    input: frame({ id: 1, op: 'hello', protocol: 1, extension: '0.0.0', browser: 'test' }),
    env: { ...process.env, POWERUP_SECRETS_DIR: state },
    encoding: 'utf8',
  });
}
