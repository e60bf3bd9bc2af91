// SPDX-License-Identifier: MIT
// Answers, plugin data, settings, and the calls of pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  calls,
  createStore,
  execute,
  filesHolding,
  joinPowerUp,
  pluginData,
  query,
  setAnswer,
  setPluginDataText,
  setScenario,
} from '../support/store.js';
import { greetedHost, PLACE, stateFolder } from './host-process.js';

const { origin, member } = PLACE;
const board = { origin, scope: 'board', owner: 'b1', visibility: 'shared' };

test('getSettings gives the setting of the origin, else the one for all, else the default', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const fidelity = async () => (await host.request('getSettings', { origin })).result.fidelity;
  assert.equal(await fidelity(), 'documented');
  setScenario(state, '', 'fidelity', 'library');
  assert.equal(await fidelity(), 'library');
  setScenario(state, origin, 'fidelity', 'documented');
  assert.equal(await fidelity(), 'documented');
  setScenario(state, '', 'fidelity', null);
  setScenario(state, origin, 'fidelity', 'library');
  assert.equal(await fidelity(), 'library');
  setScenario(state, origin, 'fidelity', 'exact "é"');
  const { error } = await host.request('getSettings', { origin });
  assert.equal(error.code, 'bad_request');
  assert.match(error.message, /"fidelity" must be "documented" or "library", not "exact "é""/);
});

test('answer gives what is set for the origin, else for all, else null', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const answer = async () => (await host.request('answer', { origin, method: 'card' })).result;
  assert.equal(await answer(), null);
  setAnswer(state, '', 'card', { id: 'c', name: "it's \0 é😀" });
  setAnswer(state, '', 'board', 1);
  assert.deepEqual(JSON.parse((await answer()).json), { id: 'c', name: "it's \0 é😀" });
  setAnswer(state, origin, 'card', null);
  assert.deepEqual(await answer(), { json: 'null' });
  setAnswer(state, origin, 'card', undefined);
  assert.equal(JSON.parse((await answer()).json).id, 'c');
});

test('plugin data are read as they were written, by members who may see them', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const get = async (/** @type {Record<string, string>} */ ids) =>
    (await host.request('getPluginData', { origin, ...ids })).result;
  const scopes = ['board', 'card', 'organization'];
  const ids = { board: 'b1', card: 'c1', organization: 'o1' };
  assert.deepEqual(await get({ ...ids, member }), {});
  for (const [scope, owner] of [...Object.entries(ids), ['member', member]]) {
    for (const visibility of ['shared', 'private']) {
      const text = JSON.stringify({ scope, visibility, mark: '\ud83d\0é😀"\\' });
      const place = { origin, scope, owner, visibility, member };
      const { result } = await host.request('setPluginData', { ...place, text });
      assert.equal(result.written, true);
    }
  }
  const all = await get({ ...ids, member });
  assert.deepEqual(Object.keys(all).sort(), [...scopes, 'member'].sort());
  for (const [scope, texts] of Object.entries(all)) {
    assert.deepEqual(Object.keys(texts), ['shared', 'private']);
    for (const [visibility, text] of Object.entries(texts)) {
      const value = JSON.parse(/** @type {string} */ (text));
      assert.deepEqual(value, { scope, visibility, mark: '\ud83d\0é😀"\\' });
    }
  }
  const stranger = await get({ ...ids, member: 'm2' });
  assert.deepEqual(Object.keys(stranger).sort(), scopes);
  assert.ok(Object.values(stranger).every((texts) => texts.private === undefined));
  assert.deepEqual(await get(ids), stranger);
  assert.deepEqual(await get({ ...ids, member: '' }), stranger);
  assert.deepEqual(await get({ board: 'c1', card: '', organization: 'b1' }), {});
  assert.equal(pluginData(state).length, 8);
  assert.equal(pluginData(state).filter(({ viewer }) => viewer === member).length, 3);
});

test('a member with an empty id has separate data', async (t) => {
  const host = await greetedHost(t);
  for (const [scope, owner] of [
    ['member', ''],
    ['board', 'b1'],
  ]) {
    const place = { origin, scope, owner, visibility: 'private', member: '' };
    await host.request('setPluginData', { ...place, text: `"${scope}"` });
  }
  const { result } = await host.request('getPluginData', { origin, board: 'b1', member: '' });
  assert.deepEqual(result, { board: { private: '"board"' }, member: { private: '"member"' } });
  assert.deepEqual((await host.request('getPluginData', { origin, board: 'b1' })).result, {});
});

test('plugin data with a base replace only that text', async (t) => {
  const host = await greetedHost(t);
  const set = async (/** @type {string} */ text, /** @type {string | null} */ base) =>
    (await host.request('setPluginData', { ...board, text, base })).result.written;
  assert.equal(await set('1', '0'), false);
  assert.equal(await set('1', null), true);
  assert.equal(await set('2', null), false);
  assert.equal(await set('2', '1'), true);
  assert.equal(await set('3', '1'), false);
  const { result } = await host.request('getPluginData', { origin, board: 'b1' });
  assert.deepEqual(result, { board: { shared: '2' } });
});

test('concurrent changes of one text all take effect', async (t) => {
  const state = stateFolder(t);
  const hosts = await Promise.all([...Array(4).keys()].map(() => greetedHost(t, { state })));
  const count = async (/** @type {typeof hosts[0]} */ host) => {
    for (let round = 0; round < 10;) {
      const { result } = await host.request('getPluginData', { origin, board: 'b1' });
      const base = result.board?.shared ?? null;
      const text = String(Number(base) + 1);
      const reply = await host.request('setPluginData', { ...board, text, base });
      round += Number(reply.result.written);
    }
  };
  await Promise.all(hosts.map(count));
  assert.equal(pluginData(state)[0].text, '40');
});

test('plugin data at an invalid place are refused', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  for (const [wrong, message] of /** @type {[object, RegExp][]} */ ([
    [{ scope: 'boards' }, /scope .* board, card, member or organization/],
    [{ scope: '' }, /scope/],
    [{ visibility: 'public' }, /visibility .* shared or private/],
    [{ visibility: 'private' }, /member who sees/],
    [{ base: 1 }, /"base" of setPluginData must be a string or null/],
    [{ member: null }, /"member" of setPluginData must be a string/],
  ])) {
    const { error } = await host.request('setPluginData', { ...board, text: '{}', ...wrong });
    assert.equal(error?.code, 'bad_request', JSON.stringify(wrong));
    assert.match(error.message, message);
  }
  assert.deepEqual(pluginData(state), []);
});

test('origins declared as one Power-Up share plugin data and key, but no items', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const there = { origin: 'http://localhost:3000', member };
  joinPowerUp(state, 'planner', [origin, there.origin]);
  await host.request('setPluginData', { ...board, text: '1' });
  const { result } = await host.request('getPluginData', { ...there, board: 'b1' });
  assert.deepEqual(result, { board: { shared: '1' } });
  assert.equal((await host.store('token', 'x')).result.madeKey, true);
  assert.equal((await host.load('token', there)).result, null);
  assert.equal((await host.store('token', 'y', there)).result.madeKey, false);
  const other = { origin: 'http://localhost:3001', member, board: 'b1' };
  assert.deepEqual((await host.request('getPluginData', other)).result, {});
});

test('a text has at most as many characters as Trello keeps', async (t) => {
  const host = await greetedHost(t);
  for (const [scope, most] of /** @type {[string, number][]} */ ([
    ['board', 8192],
    ['organization', 8192],
    ['card', 4096],
    ['member', 4096],
  ])) {
    const place = { origin, scope, owner: 'x', visibility: 'shared' };
    for (const character of ['x', 'é', '😀']) {
      const text = `"${character.repeat((most - 2) / character.length)}"`;
      const kept = await host.request('setPluginData', { ...place, text });
      assert.equal(kept.result?.written, true, JSON.stringify(kept));
      const { error } = await host.request('setPluginData', { ...place, text: `${text} ` });
      assert.deepEqual(
        [error?.code, error?.class, error?.operational],
        ['library_error', 'Error', false],
      );
      assert.equal(
        error.message,
        `PluginData length of ${most} characters exceeded. See: https://developers.trello.com/v1.0/reference#section-size-limit`,
      );
      const read = await host.request('getPluginData', { origin, [scope]: 'x' });
      assert.equal(read.result[scope].shared, text);
    }
  }
});

test('a text that another program moved or changed is damaged', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const place = { power_up: origin, scope: 'board', owner: 'b1', visibility: 'private' };
  for (const sql of [
    "UPDATE plugin_data SET viewer = 'm2'",
    "UPDATE plugin_data SET owner = 'b2'",
    "UPDATE plugin_data SET sealed = CAST(X'01' || substr(sealed, 3) AS BLOB)",
  ]) {
    execute(state, 'DELETE FROM plugin_data');
    setPluginDataText(state, { ...place, viewer: 'm1' }, '{}');
    const ids = { origin, member: 'm1', board: 'b1' };
    assert.equal((await host.request('getPluginData', ids)).result.board.private, '{}');
    execute(state, sql);
    const [row] = query(state, 'SELECT viewer AS member, owner AS board FROM plugin_data');
    const { error } = await host.request('getPluginData', { origin, ...row });
    assert.equal(error?.code, 'damaged', sql);
  }
});

test('calls are recorded in their order, with their details', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const detail = { key: 'é\0😀', nested: [{ a: null }, 1.5, true] };
  const first = { method: 'storeSecret', at: 1700000000000, detail };
  const second = { method: 't', at: 1700000000001, problem: 'unknown-member', detail: {} };
  assert.equal(
    (await host.request('recordCalls', { origin, calls: [first, second] })).result,
    null,
  );
  await host.request('recordCalls', { origin: 'http://localhost:1', calls: [first] });
  await host.request('recordCalls', { origin, calls: [] });
  assert.deepEqual(calls(state), [
    { id: 1, origin, ...first, problem: null },
    { id: 2, origin, ...second },
    { id: 3, origin: 'http://localhost:1', ...first, problem: null },
  ]);
});

test('if one call is invalid, no call of the request is recorded', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const good = { method: 'a', at: 1, detail: {} };
  for (const bad of [
    7,
    { ...good, at: '1' },
    { ...good, at: 1.5 },
    { ...good, detail: [] },
    { ...good, detail: null },
    { ...good, problem: 1 },
    { ...good, page: 1 },
    { ...good, page: '' },
    { ...good, page: `${'é'.repeat(32)}x` },
    { ...good, at: -1 },
    { ...good, at: 8_640_000_000_000_001 },
    { ...good, method: 'm'.repeat(1025) },
    { ...good, problem: 'é'.repeat(513) },
    { ...good, detail: { key: 'k'.repeat(32 * 1024) } },
    { ...good, more: 1 },
    { at: 1, detail: {} },
  ]) {
    const { error } = await host.request('recordCalls', { origin, calls: [good, bad] });
    assert.equal(error?.code, 'bad_request', JSON.stringify(bad));
    assert.match(error.message, /calls\[1\]/);
  }
  const many = Array(1001).fill(good);
  assert.match((await host.request('recordCalls', { origin, calls: many })).error.message, /1000/);
  assert.deepEqual(calls(state), []);
  assert.equal((await host.request('recordCalls', { origin, calls: many.slice(1) })).ok, true);
  assert.equal(calls(state).length, 1000);
});

test('a detail may be nested as deeply as a message', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const nested = (/** @type {number} */ depth) =>
    JSON.parse('{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1));
  const detail = nested(29);
  await host.request('recordCalls', { origin, calls: [{ method: 'a', at: 1, detail }] });
  assert.deepEqual(calls(state)[0].detail, detail);
  host.send({
    id: 9,
    op: 'recordCalls',
    origin,
    calls: [{ method: 'a', at: 1, detail: nested(30) }],
  });
  const { id, error } = await host.receive();
  assert.deepEqual([id, error.code], [9, 'bad_json']);
});

test('the newest 50,000 calls are kept', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const some = (/** @type {number} */ at, /** @type {number} */ count) =>
    [...Array(count).keys()].map((more) => ({ method: 'a', at: at + more, detail: {} }));
  await host.request('recordCalls', { origin, calls: some(0, 10) });
  execute(
    state,
    `WITH RECURSIVE n (i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < 49990)
     INSERT INTO call SELECT i, i - 1, '', '', NULL, X'', NULL FROM n`,
  );
  await host.request('recordCalls', { origin, calls: some(49_990, 15) });
  const [kept] = query(
    state,
    'SELECT count(*) AS count, min(at) AS first, max(at) AS last FROM call',
  );
  assert.deepEqual(kept, { count: 50_000, first: 5, last: 50_004 });
});

test('what was acknowledged survives SIGKILL', async (t) => {
  const state = stateFolder(t);
  for (let round = 0; round < 10; round++) {
    const host = await greetedHost(t, { state });
    const { result } = await host.request('getPluginData', { origin, board: 'b1' });
    assert.equal(result.board?.shared, round === 0 ? undefined : `round ${round - 1}`);
    assert.equal(calls(state).length, round);
    await host.request('recordCalls', { origin, calls: [{ method: 'a', at: 1, detail: {} }] });
    await host.request('setPluginData', { ...board, text: `round ${round}` });
    host.kill('SIGKILL');
    await host.exit;
  }
});

test('plugin data and details of calls are in no file and not on stderr', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const mark = 'a-marker-that-is-nowhere-else-4711';
  await host.request('setPluginData', { ...board, text: mark, extra: mark });
  for (const visibility of ['shared', 'private']) {
    await host.request('setPluginData', { ...board, visibility, member, text: mark });
    await host.request('setPluginData', { ...board, visibility, member, text: '{}' });
    await host.request('setPluginData', { ...board, visibility, member, text: `{"a":"${mark}"}` });
  }
  await host.request('recordCalls', { origin, calls: [{ method: 'a', at: 1, detail: { mark } }] });
  await host.request('encryptSecret', { member, key: mark, data: mark });
  await host.request('decryptSecret', { aescbc: mark, value: mark });
  assert.equal(pluginData(state).length, 2);
  assert.equal(calls(state)[0].detail.mark, mark);
  const needles = [mark, '"a":"', '"mark"'];
  assert.deepEqual(filesHolding(state, needles), []);
  host.closeInput();
  assert.ok(!(await host.exit).stderr.includes(mark));
  assert.deepEqual(filesHolding(state, needles), []);
});

test('a store can be created and filled before a browser starts', async (t) => {
  const state = stateFolder(t);
  createStore(state);
  setScenario(state, '', 'fidelity', 'library');
  const host = await greetedHost(t, { state });
  assert.equal((await host.request('getSettings', { origin })).result.fidelity, 'library');
});
