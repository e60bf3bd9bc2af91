// SPDX-License-Identifier: MIT
// Revisions of plugin data, and the event by which a host tells what other processes have changed.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stop } from '../support/stop.js';
import { greetedHost, HostProcess, PLACE, stateFolder } from './host-process.js';

const { origin, member } = PLACE;
const OTHER = 'http://localhost:3000';
const board = { origin, scope: 'board', owner: 'b1', visibility: 'shared' };

/** @param {HostProcess} host @param {string} text @param {object} [more] */
const set = async (host, text, more) =>
  (await host.request('setPluginData', { ...board, text, ...more })).result;

/** @param {HostProcess} host */
const all = async (host) => (await host.request('listSettings')).result.pluginData;

/** @param {string} state */
const signals = (state) =>
  readdirSync(join(state, 'hosts')).filter((name) => name.endsWith('.changed'));

/** Two hosts of one state folder that both have listed the settings. @param {import('node:test').TestContext} t */
async function twoHosts(t) {
  const state = stateFolder(t);
  const hosts = [await greetedHost(t, { state }), await greetedHost(t, { state })];
  assert.deepEqual(await Promise.all(hosts.map(all)), [{}, {}]);
  return { state, hosts };
}

test('replies tell the revision of what they changed, and only then', async (t) => {
  const host = await greetedHost(t);
  assert.deepEqual(await set(host, '1'), { written: true, pluginData: { [origin]: 1 } });
  assert.deepEqual(await set(host, '1'), { written: true });
  assert.deepEqual(await set(host, '2', { base: '0' }), { written: false });
  assert.deepEqual((await host.store('token', 'x')).result.pluginData, { [origin]: 2 });
  assert.equal((await host.store('token', 'y')).result.pluginData, undefined);
  assert.deepEqual(await set(host, '1', { origin: OTHER }), {
    written: true,
    pluginData: { [OTHER]: 3 },
  });
  assert.deepEqual(await all(host), { [origin]: 2, [OTHER]: 3 });
  await host.load('token');
  await host.request('getPluginData', { origin, member, board: 'b1' });
  await host.request('clearSecret', { ...PLACE, key: 'token' });
  await host.request('recordCalls', { origin, calls: [{ method: 'a', at: 1, detail: {} }] });
  assert.deepEqual(await all(host), { [origin]: 2, [OTHER]: 3 });
});

test('what one host changes, the other tells its extension, and the writer does not', async (t) => {
  const { hosts } = await twoHosts(t);
  const [first, second] = hosts;
  await set(first, '1');
  assert.deepEqual(await second.receive(), { event: 'changed', pluginData: { [origin]: 1 } });
  await set(second, '1'); // no change
  await set(second, '2', { origin: OTHER });
  assert.deepEqual(await first.receive(), { event: 'changed', pluginData: { [OTHER]: 2 } });
  await second.store('token', 'x');
  assert.deepEqual(await first.receive(), { event: 'changed', pluginData: { [origin]: 3 } });
  await second.store('token', 'y');
  for (const host of hosts) {
    assert.deepEqual(await all(host), { [origin]: 3, [OTHER]: 2 });
    assert.deepEqual([host.rest.length, host.changes], [0, []]);
  }
});

test('when a change is told, the new text can be read', async (t) => {
  const {
    hosts: [first, second],
  } = await twoHosts(t);
  for (let round = 1; round <= 50; round++) {
    await set(first, String(round));
    const { event, pluginData } = await second.receive();
    assert.deepEqual([event, pluginData], ['changed', { [origin]: round }]);
    const { result } = await second.request('getPluginData', { origin, board: 'b1' });
    assert.equal(result.board.shared, String(round));
  }
});

test('events come after the first listSettings, which has told what was before', async (t) => {
  const state = stateFolder(t);
  const first = await greetedHost(t, { state });
  const second = await greetedHost(t, { state });
  await set(first, '1');
  assert.deepEqual(await all(second), { [origin]: 1 });
  await set(first, '2');
  assert.deepEqual(await second.receive(), { event: 'changed', pluginData: { [origin]: 2 } });
  assert.deepEqual([second.rest.length, second.changes], [0, []]);
});

test('a listing tells what an event would have told', async (t) => {
  const {
    hosts: [first, second],
  } = await twoHosts(t);
  await stop(second.pid);
  await set(first, '1');
  second.send({ id: 100, op: 'listSettings' });
  second.kill('SIGCONT');
  assert.deepEqual((await second.receive()).result.pluginData, { [origin]: 1 });
  await set(first, '2');
  assert.deepEqual(await second.receive(), { event: 'changed', pluginData: { [origin]: 2 } });
});

test('a stopped host delays no other, and tells the newest state when it goes on', async (t) => {
  const {
    hosts: [first, second],
  } = await twoHosts(t);
  await stop(second.pid);
  for (let round = 1; round <= 300; round++) {
    await set(first, String(round));
  }
  second.kill('SIGCONT');
  assert.deepEqual(await second.receive(), { event: 'changed', pluginData: { [origin]: 300 } });
  assert.deepEqual(await all(second), { [origin]: 300 });
  assert.deepEqual([second.rest.length, second.changes], [0, []]);
});

test('what is left of a killed host is removed by the next change', async (t) => {
  const {
    state,
    hosts: [first, second],
  } = await twoHosts(t);
  assert.equal(signals(state).length, 2);
  second.kill('SIGKILL');
  await second.exit;
  assert.deepEqual(signals(state).sort(), [`${first.pid}.changed`, `${second.pid}.changed`].sort());
  await set(first, '1');
  assert.deepEqual(signals(state), [`${first.pid}.changed`]);
  first.closeInput();
  await first.exit;
  assert.deepEqual(signals(state), []);
});

test('many origins are told in several events of one frame each', async (t) => {
  const {
    hosts: [first, second],
  } = await twoHosts(t);
  await stop(second.pid);
  const count = 1500;
  for (let port = 1; port <= count; port++) {
    await set(first, '1', { origin: `http://localhost:${port + 1000}` });
  }
  second.kill('SIGCONT');
  const told = {};
  while (Object.keys(told).length < count) {
    const { event, pluginData } = await second.receive();
    assert.equal(event, 'changed');
    Object.assign(told, pluginData);
  }
  assert.deepEqual(told, await all(second));
});
