// SPDX-License-Identifier: MIT
// Reading and changing what is stored: items, plugin data, calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, execute, pluginData } from '../support/store.js';
import { cliOf, EXIT, MEMBER, ORIGIN, startBrowser } from './cli.js';

const OTHER = 'http://localhost:3001';
/** Other members. */
const M2 = '5f0000000000000000000002';
const M4 = '5f0000000000000000000004';
const SLOT = 'edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b'; // MEMBER:token
const BY_SLOT = ['--origin', ORIGIN, '--slot', SLOT];
const BY_KEY = ['--origin', ORIGIN, '--key', 'token'];
const PRIVATE = ['--origin', ORIGIN, '--scope', 'member', '--visibility', 'private'];

test('items lists the stored items, as a table and as JSON', async (t) => {
  const { state, ...cli } = cliOf(t);
  assert.deepEqual(await cli.json(['items']), []);
  const browser = await startBrowser(t, state);
  const { result } = await browser.store('token', 'x');
  await browser.store('token', 'y', { topLevelSite: 'https://trello.com' });
  await browser.store('token', 'z', { origin: OTHER });
  const all = await cli.json(['items']);
  assert.deepEqual(all[0], {
    profile: 'default',
    origin: ORIGIN,
    topLevelSite: null,
    slot: SLOT,
    value: result.value,
  });
  assert.deepEqual(
    all.map((/** @type {any} */ item) => [item.origin, item.topLevelSite]),
    [
      [ORIGIN, null],
      [ORIGIN, 'https://trello.com'],
      [OTHER, null],
    ],
  );
  assert.deepEqual(await cli.json(['items', '--origin', ORIGIN]), all.slice(0, 2));
  const { stdout, stderr } = await cli.do(['items']);
  assert.equal(stderr, '');
  const [title, ...lines] = stdout.trimEnd().split('\n');
  assert.match(title, /^PROFILE +ORIGIN +TOP-LEVEL SITE +SLOT +VALUE$/);
  assert.deepEqual(lines[0].split(/ +/), ['default', ORIGIN, '-', SLOT, result.value]);
  assert.equal(lines.length, 3);
});

test('an item is set, read and removed by its slot or by the secret’s key', async (t) => {
  const { state: _state, ...cli } = cliOf(t);
  const get = (/** @type {string[]} */ where) => cli.do(['item', 'get', ...where]);
  await cli.fails(EXIT.absent, /no such item/, ['item', 'get', ...BY_SLOT]);
  for (const value of ['', 'any é\n', '00;11']) {
    await cli.do(['item', 'set', ...BY_KEY], { input: value });
    assert.equal((await get(BY_SLOT)).stdout, value);
    assert.deepEqual(await cli.json(['item', 'get', ...BY_KEY]), { value });
  }
  const framed = [...BY_SLOT, '--top-level-site', 'null'];
  await cli.do(['item', 'set', ...framed], { input: 'framed' });
  await cli.do(['item', 'set', ...BY_KEY, '--member', M2], { input: 'another member’s' });
  assert.equal((await get(framed)).stdout, 'framed');
  assert.equal((await get([...BY_KEY, '--member', M2])).stdout, 'another member’s');
  await cli.do(['item', 'remove', ...BY_SLOT]);
  await cli.fails(EXIT.absent, /no such item/, ['item', 'get', ...BY_KEY]);
  await cli.do(['item', 'remove', ...BY_SLOT]);
  assert.equal((await get(framed)).stdout, 'framed');
});

test('clear-site-data removes the items of one or all origins, but no key', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  for (const origin of [ORIGIN, OTHER]) {
    await browser.store('token', 'x', { origin });
    await browser.store('token', 'y', { origin, topLevelSite: 'https://trello.com' });
  }
  await cli.do(['browser-profile', 'phone']);
  await browser.store('token', 'z');
  await cli.do(['clear-site-data', '--origin', OTHER]);
  assert.equal((await cli.json(['items'])).length, 5);
  await cli.do(['browser-profile', 'default']);
  await cli.do(['clear-site-data', '--origin', OTHER]);
  assert.deepEqual(
    (await cli.json(['items'])).map((/** @type {any} */ { profile, origin }) => [profile, origin]),
    [
      ['default', ORIGIN],
      ['default', ORIGIN],
      ['phone', ORIGIN],
    ],
  );
  await cli.do(['clear-site-data']);
  assert.equal((await cli.json(['items'])).length, 1);
  assert.equal((await browser.store('token', 'x')).result.madeKey, false);
});

test('plugin data are set, read and removed in every place', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const ids = {
    member: MEMBER,
    organization: '5f00000000000000000000a1',
    board: '5f00000000000000000000b1',
    card: '5f00000000000000000000c1',
  };
  for (const scope of Object.keys(ids)) {
    for (const visibility of ['shared', 'private']) {
      const place = ['--origin', ORIGIN, '--scope', scope, '--visibility', visibility];
      await cli.fails(EXIT.absent, /no such plugin data/, ['plugin-data', 'get', ...place]);
      const text = `{"${scope}":"${visibility}"}`;
      await cli.do(['plugin-data', 'set', ...place], { input: text });
      assert.equal((await cli.do(['plugin-data', 'get', ...place])).stdout, text);
      assert.deepEqual(await cli.json(['plugin-data', 'get', ...place]), { text });
      const { result } = await browser.request('getPluginData', { origin: ORIGIN, ...ids });
      assert.equal(result[scope][visibility], text);
      await cli.do(['plugin-data', 'remove', ...place]);
      await cli.do(['plugin-data', 'remove', ...place]);
      await cli.fails(EXIT.absent, /no such plugin data/, ['plugin-data', 'get', ...place]);
    }
  }
});

test('--owner and --member select plugin data', async (t) => {
  const { state, ...cli } = cliOf(t);
  const board = ['--origin', ORIGIN, '--scope', 'board', '--owner', 'b2', '--visibility'];
  await cli.do(['plugin-data', 'set', ...board, 'private', '--member', M2], { input: '1' });
  await cli.do(['plugin-data', 'set', ...board, 'shared', '--member', M2], { input: '2' });
  await cli.do(['plugin-data', 'set', ...PRIVATE, '--owner', 'm3'], { input: '3' });
  await cli.do(['plugin-data', 'set', ...PRIVATE, '--member', M4], { input: '4' });
  const rows = pluginData(state).map(({ owner, viewer, text }) => [owner, viewer, text]);
  assert.deepEqual(rows.sort(), [
    [M4, '', '4'],
    ['b2', '', '2'],
    ['b2', M2, '1'],
    ['m3', '', '3'],
  ]);
  await cli.do(['sign-out']);
  await cli.fails(EXIT.wrongUse, /No member is signed in/, ['plugin-data', 'get', ...PRIVATE]);
  await cli.fails(EXIT.wrongUse, /No member is signed in/, [
    'plugin-data',
    'get',
    ...board,
    'private',
  ]);
  assert.equal((await cli.do(['plugin-data', 'get', ...board, 'shared'])).stdout, '2');
});

test('one name in a text is read, set and removed, and the rest is unchanged', async (t) => {
  const { state, ...cli } = cliOf(t);
  const named = (/** @type {string} */ name) => [...PRIVATE, '--name', name];
  const text = async () => (await cli.do(['plugin-data', 'get', ...PRIVATE])).stdout;
  await cli.do(['plugin-data', 'set', ...PRIVATE], { input: '{"a" : 1.0,"b":[]}' });
  assert.equal((await cli.do(['plugin-data', 'get', ...named('a')])).stdout, '1.0');
  await cli.fails(EXIT.absent, /no such/, ['plugin-data', 'get', ...named('c')]);
  await cli.do(['plugin-data', 'set', ...named('c')], { input: ' {"d":"é"}\n' });
  assert.equal(await text(), '{"a" : 1.0,"b":[],"c": {"d":"é"}\n}');
  await cli.do(['plugin-data', 'set', ...named('b')], { input: 'null' });
  await cli.do(['plugin-data', 'remove', ...named('c')]);
  await cli.do(['plugin-data', 'remove', ...named('c')]);
  assert.equal(await text(), '{"a" : 1.0,"b":null}');
  await cli.fails(EXIT.wrongUse, /must be JSON/, ['plugin-data', 'set', ...named('b')], {
    input: 'blue',
  });
  await cli.do(['seed', ...BY_KEY], { input: 'x' });
  await cli.do(['plugin-data', 'remove', ...named('aescbc')]);
  await cli.fails(EXIT.notDecrypted, /Decryption failed/, ['reveal', ...BY_KEY]);
  await cli.do(['plugin-data', 'remove', ...PRIVATE]);
  await cli.do(['plugin-data', 'remove', ...named('a')]);
  assert.deepEqual(pluginData(state), []);
  await cli.do(['plugin-data', 'set', ...named('a')], { input: '1' });
  assert.equal(await text(), '{"a":1}');
});

test('a text that is longer than Trello keeps is refused, and nothing changes', async (t) => {
  const { state, ...cli } = cliOf(t);
  for (const [scope, most] of /** @type {[string, number][]} */ ([
    ['board', 8192],
    ['organization', 8192],
    ['card', 4096],
    ['member', 4096],
  ])) {
    for (const visibility of ['shared', 'private']) {
      const place = ['--origin', ORIGIN, '--scope', scope, '--visibility', visibility];
      const set = ['plugin-data', 'set', ...place];
      const text = async () => (await cli.do(['plugin-data', 'get', ...place])).stdout;
      // Two units and four bytes each, so that neither bytes nor characters are counted.
      const longest = JSON.stringify({ a: '😀'.repeat((most - 8) / 2) });
      assert.equal(longest.length, most);
      await cli.do(set, { input: longest });
      assert.equal(await text(), longest);
      const before = pluginData(state);
      const message = new RegExp(
        `scope ${scope} and visibility ${visibility} would have ${most + 1} characters.*` +
          `at most ${most}, all names together\\. Nothing was changed`,
      );
      await cli.fails(EXIT.wrongUse, message, set, { input: `${longest} ` });
      await cli.fails(EXIT.wrongUse, /at most/, [...set, '--name', 'b'], { input: '1' });
      assert.deepEqual(pluginData(state), before);
      await cli.do([...set, '--name', 'a'], { input: '1' });
      assert.equal(await text(), '{"a":1}');
    }
  }
});

test('remove-personal-settings removes what only one member can see', async (t) => {
  const { state, ...cli } = cliOf(t);
  await cli.do(['seed', ...BY_KEY], { input: 'x' });
  await cli.do(['seed', ...BY_KEY, '--member', M2], { input: 'y' });
  for (const scope of ['board', 'card', 'organization', 'member']) {
    for (const visibility of ['shared', 'private']) {
      const place = ['--origin', ORIGIN, '--scope', scope, '--visibility', visibility];
      await cli.do(['plugin-data', 'set', ...place, '--name', 'a'], { input: '1' });
    }
  }
  await cli.do(['remove-personal-settings', '--origin', OTHER]);
  assert.equal(pluginData(state).length, 9);
  await cli.do(['remove-personal-settings', '--origin', ORIGIN]);
  assert.deepEqual(
    pluginData(state)
      .map(({ scope, visibility, owner }) => `${scope} ${visibility} ${owner}`)
      .sort(),
    [
      'board shared 5f00000000000000000000b1',
      'card shared 5f00000000000000000000c1',
      `member private ${M2}`,
      `member shared ${MEMBER}`,
      'organization shared 5f00000000000000000000a1',
    ],
  );
  await cli.fails(EXIT.notDecrypted, /Decryption failed/, ['reveal', ...BY_KEY]);
  assert.equal((await cli.do(['reveal', ...BY_KEY, '--member', M2])).stdout, 'y');
  await cli.do(['remove-personal-settings', '--origin', ORIGIN, '--member', M2]);
  assert.equal(pluginData(state).length, 4);
});

test('calls lists the calls of pages by origin and by problem, and clears them', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  assert.deepEqual(await cli.json(['calls']), []);
  const error = { name: 'Error', message: 'no\nway' };
  const stored = { member: MEMBER, key: 'tok\u001b[1men', outcome: 'rejected', durationMs: 12.345 };
  const calls = [
    { at: 1700000000007, method: 'storeSecret', detail: { ...stored, error } },
    { at: 1700000000008, method: 't', problem: 'unknown-member', detail: { advice: 'Look up.' } },
    {
      at: 0,
      method: 'popup',
      page: 'é'.repeat(32),
      detail: { arguments: { title: 'A "title"' } },
    },
  ];
  await browser.request('recordCalls', { origin: ORIGIN, calls });
  const last = { at: 5, method: 'alert', detail: {} };
  await browser.request('recordCalls', { origin: OTHER, calls: [last] });
  const withProblem = calls.map((call) => ({ problem: null, page: null, origin: ORIGIN, ...call }));
  assert.deepEqual(await cli.json(['calls', '--origin', ORIGIN]), withProblem);
  assert.deepEqual(await cli.json(['calls']), [
    ...withProblem,
    { origin: OTHER, problem: null, page: null, ...last },
  ]);
  assert.deepEqual(await cli.json(['calls', '--problems']), [withProblem[1]]);
  assert.deepEqual(
    await cli.json(['calls', '--last', '2', '--origin', ORIGIN]),
    withProblem.slice(1),
  );
  const [title, ...lines] = (await cli.do(['calls'])).stdout.trimEnd().split('\n');
  assert.match(title, /^TIME +ORIGIN +MEMBER +OPERATION +KEY +OUTCOME +DURATION +MORE$/);
  assert.deepEqual(
    lines.map((line) => line.split(/ {2,}/)),
    [
      ...[
        [
          ...[
            '2023-11-14T22:13:20.007Z',
            ORIGIN,
            MEMBER,
            'storeSecret',
            'tok\\u001b[1men',
            'rejected',
          ],
          ...['12.3 ms', 'Error: no\\nway'],
        ],
        [
          ...['2023-11-14T22:13:20.008Z', ORIGIN, '-', 't', '-', '-', '-'],
          'problem unknown-member: Look up.',
        ],
        [
          ...['1970-01-01T00:00:00.000Z', ORIGIN, '-', 'popup', '-', '-', '-'],
          '{"title":"A \\"title\\""}',
        ],
        ['1970-01-01T00:00:00.005Z', OTHER, '-', 'alert', '-', '-', '-', '-'],
      ],
    ],
  );
  await cli.do(['calls', '--clear', '--origin', ORIGIN]);
  assert.deepEqual((await cli.json(['calls'])).length, 1);
  await cli.do(['calls', '--clear']);
  assert.deepEqual(await cli.json(['calls']), []);
});

test('50,000 calls are listed', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const calls = Array(1000).fill({ at: 1, method: 'a', detail: { key: 'k'.repeat(50) } });
  for (let round = 0; round < 50; round++) {
    await browser.request('recordCalls', { origin: ORIGIN, calls });
  }
  assert.equal((await cli.json(['calls'])).length, 50_000);
  assert.equal((await cli.do(['calls'])).stdout.split('\n').length, 50_002);
});

test('data that was changed by another program is reported as damaged', async (t) => {
  const { state, ...cli } = cliOf(t);
  createStore(state);
  const browser = await startBrowser(t, state);
  const call = { at: 1, method: 'a', detail: {} };
  await browser.request('recordCalls', { origin: ORIGIN, calls: [call] });
  await cli.do(['plugin-data', 'set', ...PRIVATE], { input: '{}' });
  execute(state, "UPDATE call SET method = 'b'; UPDATE plugin_data SET owner = 'x'");
  await cli.fails(EXIT.failed, /changed from outside.*calls --clear/, ['calls']);
  await cli.fails(EXIT.failed, /changed from outside/, [
    ...['plugin-data', 'get', ...PRIVATE, '--owner', 'x'],
  ]);
  await cli.do(['calls', '--clear']);
  assert.deepEqual(await cli.json(['calls']), []);
});
