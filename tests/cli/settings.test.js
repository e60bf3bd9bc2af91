// SPDX-License-Identifier: MIT
// The commands that change settings, and what a browser reads of them.
import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stateFolder } from '../protocol/host-process.js';
import { execute, query } from '../support/store.js';
import { cliOf, EXIT, MEMBER, ORIGIN, run, startBrowser } from './cli.js';

const OTHER = 'http://localhost:3001';

/**
 * A browser, and the settings that it reads.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} state
 */
async function startReader(t, state) {
  const host = await startBrowser(t, state);
  return {
    host,
    settings: async (origin = ORIGIN) => (await host.request('getSettings', { origin })).result,
    allSettings: async () => (await host.request('listSettings')).result,
  };
}

test('storage sets the mode of one origin or of all', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { settings } = await startReader(t, state);
  for (const mode of ['denied', 'missing', 'full', 'enabled']) {
    const { stdout, stderr } = await cli.do(['storage', mode, '--origin', ORIGIN]);
    assert.equal(stdout, '');
    assert.equal(stderr, '1 browser confirmed\n');
    assert.equal((await settings()).storage, mode);
    assert.equal((await settings(OTHER)).storage, 'enabled');
  }
  await cli.do(['storage', 'full']);
  assert.equal((await settings(OTHER)).storage, 'full');
});

test('a setting for all origins replaces those of single origins', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { settings, allSettings } = await startReader(t, state);
  await cli.do(['storage', 'denied', '--origin', ORIGIN]);
  await cli.do(['fidelity', 'library', '--origin', ORIGIN]);
  await cli.do(['storage', 'enabled']);
  assert.deepEqual(await allSettings(), {
    origins: [
      { origin: '', settings: { storage: 'enabled' } },
      { origin: ORIGIN, settings: { fidelity: 'library' } },
    ],
    faults: [],
    partition: true,
    itemsRevision: 0,
    pluginData: {},
  });
  await cli.do(['storage', 'missing', '--origin', OTHER]);
  assert.deepEqual(
    [(await settings()).storage, (await settings(OTHER)).storage],
    ['enabled', 'missing'],
  );
});

test('that localStorages were filled is known from then on', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { allSettings } = await startReader(t, state);
  await cli.do(['storage', 'denied']);
  assert.equal('filled' in (await allSettings()), false);
  for (const args of [['storage', 'full', '--origin', ORIGIN], ['storage', 'enabled'], ['reset']]) {
    await cli.do(args);
    assert.equal((await allSettings()).filled, true);
  }
});

test('fidelity, sign-out and sign-in change their settings', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { settings } = await startReader(t, state);
  await cli.do(['fidelity', 'library']);
  await cli.do(['sign-out', '--origin', ORIGIN]);
  const rest = { storage: 'enabled', renderWriter: true, faults: false, runner: false };
  assert.deepEqual(await settings(), { fidelity: 'library', member: null, ...rest });
  assert.deepEqual(await settings(OTHER), { fidelity: 'library', member: MEMBER, ...rest });
  await cli.do(['sign-in', '--member', '0123456789abcdef01234567', '--origin', ORIGIN]);
  assert.equal((await settings()).member, '0123456789abcdef01234567');
  await cli.do(['sign-in']);
  assert.equal((await settings()).member, MEMBER);
  await cli.do(['fidelity', 'documented']);
  assert.equal((await settings()).fidelity, 'documented');
});

test('with --json, a command that changes something prints how many browsers confirmed', async (t) => {
  const cli = cliOf(t);
  for (const args of [
    ['storage', 'denied'],
    ['sign-out'],
    ['partition', 'off'],
    ['power-up', 'p', ORIGIN],
    ['fault', '--op', 'get', '--no-reply'],
    ['reset'],
  ]) {
    assert.deepEqual(await cli.json(args), { confirmed: 0 });
  }
});

test('browser-profile prints and switches the current profile', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startReader(t, state);
  assert.equal((await cli.do(['browser-profile'])).stdout, 'default');
  await host.store('token', 'x');
  await cli.do(['browser-profile', 'phone']);
  assert.deepEqual(await cli.json(['browser-profile']), { browserProfile: 'phone' });
  assert.equal((await host.load('token')).result, null);
  assert.equal((await host.store('token', 'y')).result.madeKey, false);
  await cli.do(['browser-profile', 'default']);
  assert.equal((await host.load('token')).result, 'x');
});

test('the environment’s browser profile takes precedence over the current one', async (t) => {
  const { state, ...cli } = cliOf(t);
  const env = { POWERUP_SECRETS_BROWSER_PROFILE: 'mine' };
  const host = await startBrowser(t, state, { env });
  await cli.do(['browser-profile', 'phone']);
  await host.store('token', 'x');
  assert.deepEqual(
    (await cli.json(['items'])).map((/** @type {any} */ { profile }) => profile),
    ['mine'],
  );
  assert.equal((await cli.do(['browser-profile'], { env })).stdout, 'mine');
  assert.equal((await cli.do(['browser-profile'])).stdout, 'phone');
});

test('with partition off, framed pages share the storage of their origin', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host, allSettings } = await startReader(t, state);
  const framed = { topLevelSite: 'https://trello.com' };
  await host.store('token', 'top');
  assert.equal((await host.load('token', framed)).result, null);
  await cli.do(['partition', 'off']);
  assert.equal((await allSettings()).partition, false);
  assert.equal((await host.load('token', framed)).result, 'top');
  await cli.do(['partition', 'on']);
  assert.equal((await allSettings()).partition, true);
  assert.equal((await host.load('token', framed)).result, null);
});

test('origins join a power-up to share plugin data, and leave it again', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startReader(t, state);
  const place = { scope: 'board', owner: 'b1', visibility: 'shared' };
  const get = async (/** @type {string} */ origin) =>
    (await host.request('getPluginData', { origin, board: 'b1' })).result.board?.shared;
  await cli.do(['power-up', 'planner', ORIGIN, OTHER]);
  await host.request('setPluginData', { origin: ORIGIN, ...place, text: 'shared' });
  assert.equal(await get(OTHER), 'shared');
  await cli.do(['power-up', OTHER, OTHER]);
  assert.equal(await get(OTHER), undefined);
  assert.equal(await get(ORIGIN), 'shared');
});

test('answer sets the answer to a call of t, and removes it', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startReader(t, state);
  const answer = async (/** @type {string} */ origin) =>
    (await host.request('answer', { origin, method: 'board' })).result?.json;
  const json = '{ "name": "Bö\\u0000ard" }';
  await cli.do(['answer', 'board', json, '--origin', ORIGIN]);
  assert.deepEqual([await answer(ORIGIN), await answer(OTHER)], [json, undefined]);
  await cli.do(['answer', 'board', 'null']);
  assert.deepEqual([await answer(ORIGIN), await answer(OTHER)], ['null', 'null']);
  await cli.do(['answer', 'board', '--', '-1.5']);
  assert.equal(await answer(ORIGIN), '-1.5');
  await cli.do(['answer', 'board', '1', '--origin', ORIGIN]);
  await cli.do(['answer', 'board', '--origin', ORIGIN]);
  assert.equal(await answer(ORIGIN), '-1.5');
  await cli.do(['answer', 'board']);
  assert.equal(await answer(OTHER), undefined);
});

test('fault sets, lists and clears faults of the next calls', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host, settings } = await startReader(t, state);
  const take = async (origin = ORIGIN, method = 'get') =>
    (await host.request('takeFault', { origin, method })).result;
  await cli.do(['fault', '--op', 'get', '--error', 'Error:no: "way" é', '--times', '2']);
  await cli.do(['fault', '--op', 'get', '--error', 'SecurityError:', '--origin', ORIGIN]);
  await cli.do(['fault', '--op', 'get', '--delay', '250', '--origin', OTHER]);
  await cli.do(['fault', '--op', 'board', '--no-reply']);
  const noWay = { class: 'Error', name: 'Error', message: 'no: "way" é' };
  const denied = { class: 'DOMException', name: 'SecurityError', message: '' };
  assert.deepEqual(await cli.json(['fault']), [
    { origin: null, op: 'get', kind: 'error', ...noWay, timesLeft: 2 },
    { origin: ORIGIN, op: 'get', kind: 'error', ...denied, timesLeft: 1 },
    { origin: OTHER, op: 'get', kind: 'delay', delayMs: 250, timesLeft: 1 },
    { origin: null, op: 'board', kind: 'noReply', timesLeft: 1 },
  ]);
  const { stdout } = await cli.do(['fault']);
  assert.match(stdout, /^ORIGIN +OP +TIMES +FAULT\n- +get +2 +error Error: no: "way" é\n/);
  assert.equal((await settings()).faults, true);
  assert.deepEqual(await take(), { kind: 'error', ...noWay });
  assert.deepEqual(await take(OTHER), { kind: 'error', ...noWay });
  assert.deepEqual(await take(), { kind: 'error', ...denied });
  assert.equal(await take(), null);
  assert.deepEqual(await take(OTHER), { kind: 'delay', delayMs: 250 });
  await cli.do(['fault', '--op', 'get', '--delay', '0', '--origin', OTHER]);
  await cli.do(['fault', '--clear', '--origin', OTHER]);
  assert.equal(await take(OTHER), null);
  assert.equal((await cli.json(['fault'])).length, 1);
  await cli.do(['fault', '--clear']);
  assert.deepEqual(await cli.json(['fault']), []);
  assert.equal(await take(ORIGIN, 'board'), null);
});

test('reset removes everything except the root key', async (t) => {
  const { state, content, ...cli } = cliOf(t);
  await cli.do(['storage', 'denied']);
  const empty = (await cliOf(t).do(['reset'])) && content()?.map(() => []);
  await cli.do(['seed', '--origin', ORIGIN, '--key', 'k'], { input: 'x' });
  await cli.do(['answer', 'board', '1']);
  await cli.do(['fault', '--op', 'get', '--no-reply']);
  await cli.do(['power-up', 'p', ORIGIN]);
  await cli.do(['browser-profile', 'phone']);
  await cli.do(['partition', 'off']);
  const host = await startBrowser(t, state);
  await host.request('recordCalls', {
    origin: ORIGIN,
    calls: [{ method: 'a', at: 1, detail: {} }],
  });
  execute(state, `INSERT INTO call_lost (origin, calls, at) VALUES ('${ORIGIN}', 7, 1)`);
  const [settings, ...tables] = content() ?? [];
  assert.ok(settings.length === 4 && tables.every((rows) => rows.length === 1));
  await cli.do(['reset']);
  assert.deepEqual(content()?.slice(1), empty?.slice(1));
  assert.deepEqual(query(state, 'SELECT name FROM property ORDER BY name'), [
    { name: 'items_revision' },
    { name: 'root_key_id' },
  ]);
  assert.equal((await host.store('token', 'x')).result.madeKey, true);
});

test('the state folder comes from --state, else from the environment', async (t) => {
  const { state, ...cli } = cliOf(t);
  await cli.do(['browser-profile', 'named']);
  for (const [args, env] of /** @type {[string[], Record<string, string>][]} */ ([
    [['--state', state], {}],
    [['--state', state], { POWERUP_SECRETS_DIR: '/nonexistent/x' }],
    [[], { POWERUP_SECRETS_DIR: state }],
  ])) {
    const { code, stdout } = await run([...args, 'browser-profile'], { env });
    assert.deepEqual([code, stdout], [EXIT.done, 'named']);
  }
  const relative = await run(['--state', 'state', 'browser-profile'], { cwd: `${state}/..` });
  assert.deepEqual([relative.code, relative.stdout], [EXIT.done, 'named']);
  const unset = { POWERUP_SECRETS_DIR: 'relative' };
  const { code, stderr } = await run(['browser-profile'], { env: unset });
  assert.equal(code, EXIT.failed);
  assert.match(stderr, /^powerup-secrets: .*absolute path/);
});

/** How each command that only reads is used. @type {[string, string[]][]} */
const READS = [
  ['items', []],
  ['calls', []],
  ['browser-profile', []],
  ['plugin-data get', ['--origin', ORIGIN, '--scope', 'member', '--visibility', 'private']],
  ['fault', []],
  ['reveal', ['--origin', ORIGIN, '--key', 'token']],
  ['item get', ['--origin', ORIGIN, '--key', 'token']],
];
for (const [name, args] of READS) {
  test(`${name} makes no state folder`, async (t) => {
    const folder = join(stateFolder(t), 'not yet');
    const { stderr } = await run([...name.split(' '), ...args, '--state', folder]);
    assert.ok(stderr.includes(`the state folder ${folder} has no store yet\n`), stderr);
    assert.equal(existsSync(folder), false);
  });
}

test('browsers makes no state folder', async (t) => {
  const folder = join(stateFolder(t), 'not yet');
  const { code, stderr } = await run(['browsers', '--state', folder]);
  assert.deepEqual([code, stderr], [EXIT.done, '']);
  assert.equal(existsSync(folder), false);
});

test('a store that cannot be used is reported with exit status 1', async (t) => {
  const { state, ...cli } = cliOf(t);
  await cli.do(['storage', 'denied']);
  chmodSync(state, 0o755);
  await cli.fails(EXIT.failed, /must be yours alone/, ['storage', 'enabled']);
  chmodSync(state, 0o700);
  await cli.do(['storage', 'enabled']);
});
