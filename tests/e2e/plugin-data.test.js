// SPDX-License-Identifier: MIT
// t.get, t.set, t.remove and t.getAll against the real host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesHolding, joinPowerUp, pluginData } from '../support/store.js';
import { call, hashOf, setStage } from './stage.js';

const CONTEXT = { member: 'm', board: 'b', card: 'c', organization: 'o' };

test('what was set is there for every t of the Power-Up, and sealed on disk', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser, 'localhost', hashOf({ context: CONTEXT }));

  for (const scope of ['board', 'card', 'member', 'organization']) {
    for (const visibility of ['shared', 'private']) {
      const value = `marker-${scope}-${visibility}`;
      assert.deepEqual(await call(page, 'set', scope, visibility, 'k', value), { resolved: null });
    }
  }
  await page.reload();
  assert.deepEqual((await call(page, 'getAll')).resolved, {
    board: { shared: { k: 'marker-board-shared' }, private: { k: 'marker-board-private' } },
    card: { shared: { k: 'marker-card-shared' }, private: { k: 'marker-card-private' } },
    member: { shared: { k: 'marker-member-shared' }, private: { k: 'marker-member-private' } },
    organization: {
      shared: { k: 'marker-organization-shared' },
      private: { k: 'marker-organization-private' },
    },
  });
  assert.deepEqual(filesHolding(stage.stateFolder, ['marker-']), []);
  assert.equal(pluginData(stage.stateFolder).length, 8);
});

test('private data are the member’s own, shared data everybody’s', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const open = (/** @type {string} */ member) =>
    stage.open(browser, 'localhost', hashOf({ context: { ...CONTEXT, member } }));
  const [one, two] = [await open('one'), await open('two')];

  await call(one, 'set', 'board', 'private', 'k', 'of one');
  await call(one, 'set', 'board', 'shared', 'k', 'of all');
  assert.deepEqual(await call(two, 'get', 'board', 'private', 'k', 'none'), { resolved: 'none' });
  assert.deepEqual(await call(two, 'get', 'board', 'shared', 'k'), { resolved: 'of all' });
});

test('a card’s id or short link is a place of its own', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch(), 'localhost', hashOf({ context: CONTEXT }));

  for (const [index, card] of ['card', '5f00000000000000000000c9', 'AbCd1234'].entries()) {
    await call(page, 'set', card, 'shared', 'k', index);
  }
  assert.deepEqual(await call(page, 'get', 'card', 'shared', 'k'), { resolved: 0 });
  assert.deepEqual(await call(page, 'get', '5f00000000000000000000c9', 'shared', 'k'), {
    resolved: 1,
  });
  assert.deepEqual(await call(page, 'get', 'AbCd1234', 'shared', 'k'), { resolved: 2 });
});

test('two origins share plugin data when they are one Power-Up, else not', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const hash = hashOf({ context: CONTEXT });
  const a = await stage.open(browser, 'a.localhost', hash);
  const b = await stage.open(browser, 'b.localhost', hash);

  await call(a, 'set', 'board', 'shared', 'k', 'of a');
  assert.deepEqual(await call(b, 'get', 'board', 'shared', 'k', 'none'), { resolved: 'none' });
  joinPowerUp(stage.stateFolder, 'together', [
    stage.origin('a.localhost'),
    stage.origin('b.localhost'),
  ]);
  await call(a, 'set', 'board', 'shared', 'k', 'of both');
  assert.deepEqual(await call(b, 'get', 'board', 'shared', 'k'), { resolved: 'of both' });
  // The member's key is one, the ciphertexts are each origin's own.
  await call(a, 'storeSecret', 'token', 'at a');
  assert.deepEqual(await call(b, 'loadSecret', 'token'), { resolved: null });
  await call(b, 'storeSecret', 'token', 'at b');
  assert.deepEqual(await call(a, 'loadSecret', 'token'), { resolved: 'at a' });
  assert.equal(pluginData(stage.stateFolder).filter(({ scope }) => scope === 'member').length, 1);
});

test('the member’s key is seen by t.get, and other names beside it survive', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  await call(page, 'set', 'member', 'private', 'choice', 'blue');
  await call(page, 'storeSecret', 'token', 'secret');
  const { resolved } = await call(page, 'get', 'member', 'private');
  assert.deepEqual(Object.keys(resolved), ['choice', 'aescbc']);
  assert.match(resolved.aescbc, /^[0-9a-f]{64}$/);
  await call(page, 'remove', 'member', 'private', 'choice');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
});
