// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPluginData } from './plugin-data-fixture.js';

const CARD = '5f00000000000000000000c9';

for (const [call, error] of /** @type {[(data: any) => any, string][]} */ ([
  [(data) => data.get('member', 'public'), 'visibility'],
  [(data) => data.get('members', 'public'), 'visibility'],
  [(data) => data.get('members', 'private'), 'scope'],
  [(data) => data.get(), 'visibility'],
  [(data) => data.set('member', 'public', 'k', 1), 'visibility'],
  [(data) => data.set('members', 'public', 'k', 1), 'visibility'],
  [(data) => data.set('members', 'private', 'k', 1), 'scope'],
  [(data) => data.set(), 'visibility'],
  [(data) => data.remove('member', 'public', 'k'), 'visibility'],
  [(data) => data.remove('members', 'public', 'k'), 'scope'],
  [(data) => data.remove('members', 'private', 'k'), 'scope'],
])) {
  test(`${call} throws at once: ${error}`, () => {
    const { data, asked } = openPluginData();
    assert.throws(() => call(data), { name: 'Error', message: `Invalid value for ${error}.` });
    assert.deepEqual(asked, []);
  });
}

const noScopes = [
  ...[
    '',
    'Member',
    'constructor',
    '__proto__',
    'list',
    `${CARD}0`,
    CARD.slice(1),
    CARD.toUpperCase(),
  ],
  ...['AbCd123', 'AbCd12345', 'AbCd-234', `${CARD}\n`, 5, null, undefined, {}, ['member']],
];
test('what is neither a scope nor a card’s id or short link is refused', () => {
  const { data } = openPluginData();
  for (const scope of noScopes) {
    const message = 'Invalid value for scope.';
    assert.throws(() => data.get(scope, 'private'), { message }, `get ${scope}`);
    assert.throws(() => data.set(scope, 'private', 'k', 1), { message }, `set ${scope}`);
    assert.throws(() => data.remove(scope, 'private', 'k'), { message }, `remove ${scope}`);
  }
});

test('a name to remove that is not a string is reported before anything else is checked', (t) => {
  const warned = t.mock.method(console, 'warn', () => {});
  const { data, asked } = openPluginData();
  const names = [5, undefined, null, Symbol('k'), {}, ['a', 1], [['a']]];
  for (const name of names) {
    assert.equal(data.remove('members', 'public', name), null);
  }
  assert.equal(warned.mock.callCount(), names.length);
  assert.deepEqual(asked, []);
});

test('get asks once, and picks what it wants from all that Trello says', async () => {
  const { data, asked } = openPluginData({
    member: { private: '{"a":1,"n":null,"f":false}', shared: '{"a":2}' },
    board: { private: '{"a":3}' },
  });
  assert.equal(await data.get('member', 'private', 'a'), 1);
  assert.equal(await data.get('member', 'shared', 'a'), 2);
  assert.equal(await data.get('board', 'private', 'a'), 3);
  assert.equal(await data.get('member', 'private', 'n', 'default'), null);
  assert.equal(await data.get('member', 'private', 'f', 'default'), false);
  assert.equal(await data.get('member', 'private', 'zz', 'default'), 'default');
  assert.equal(await data.get('member', 'private', 'zz'), undefined);
  assert.equal(await data.get('member', 'private', '__proto__x', 'default'), 'default');
  assert.deepEqual(await data.get('board', 'private'), { a: 3 });
  assert.deepEqual(await data.get('organization', 'private'), {});
  assert.equal(await data.get('card', 'shared', 'a', 'default'), 'default');
  assert.equal(asked.length, 11);
  assert.deepEqual(asked[0], { command: 'data', params: {} });
});

test('a card’s id or short link stands for the scope, and goes along', async () => {
  const { data, asked } = openPluginData({ card: { shared: '{"a":1}' } });
  for (const idCard of [CARD, 'AbCd1234']) {
    assert.equal(await data.get(idCard, 'shared', 'a'), 1);
    assert.deepEqual(asked.pop(), { command: 'data', params: { idCard } });
  }
});

for (const [text, whole] of /** @type {[any, any][]} */ ([
  [undefined, {}],
  [{ ready: 'made' }, {}],
  ['not json', {}],
  ['', {}],
  ['[1,2]', [1, 2]],
  ['"text"', 'text'],
  ['7', 7],
  ['null', 'default'],
  ['0', 'default'],
  ['false', 'default'],
  ['""', 'default'],
])) {
  test(`the whole of ${JSON.stringify(text)} is ${JSON.stringify(whole)}`, async () => {
    const { data } = openPluginData({ member: { private: text } });
    assert.deepEqual(await data.get('member', 'private', null, 'default'), whole);
    assert.deepEqual(await data.get('member', 'private', undefined, 'default'), whole);
    assert.equal(await data.get('member', 'private', 'name', 'default'), 'default');
  });
}

test('a name that is a path to something present gives undefined, not the default', async () => {
  const { data } = openPluginData({ member: { private: '{"o":{"x":1},"a.b":2,"l":[5]}' } });
  for (const path of ['o.x', 'l[0]', 'l.0']) {
    assert.equal(await data.get('member', 'private', path, 'default'), undefined, path);
  }
  assert.equal(await data.get('member', 'private', 'o.y', 'default'), 'default');
  assert.equal(await data.get('member', 'private', 'a.b', 'default'), 2);
  assert.equal(await data.get('member', 'private', ''), undefined);
});

test('reads that are under way are shared: all scopes together, each card by itself', async () => {
  const { data, asked, answer } = openPluginData(
    { member: { private: '{"a":1}' } },
    { held: true },
  );
  const reads = [
    data.get('member', 'private', 'a'),
    data.get('board', 'shared'),
    data.get('card', 'shared'),
    data.get(CARD, 'shared'),
    data.get(CARD, 'private'),
    data.get('AbCd1234', 'private'),
  ];
  assert.deepEqual(
    asked.map(({ params }) => params),
    [{}, { idCard: CARD }, { idCard: 'AbCd1234' }],
  );
  await answer();
  assert.deepEqual(await Promise.all(reads), [1, {}, {}, {}, {}, {}]);
});

test('nothing is kept: a read after the answer asks again', async () => {
  const { data, asked, trello } = openPluginData({ member: { private: '{"a":1}' } });
  assert.equal(await data.get('member', 'private', 'a'), 1);
  trello.member = { private: '{"a":2}' };
  assert.equal(await data.get('member', 'private', 'a'), 2);
  assert.equal(asked.length, 2);
});

test('an error rejects all who share the read, and the next read asks again', async () => {
  const { data, asked, fail } = openPluginData({ member: { private: '{"a":1}' } });
  fail(1);
  const reads = [data.get('member', 'private', 'a'), data.get('board', 'shared')];
  for (const outcome of await Promise.allSettled(reads)) {
    assert.equal(/** @type {any} */ (outcome).reason.message, 'no (Command: data)');
  }
  assert.equal(asked.length, 1);
  assert.equal(await data.get('member', 'private', 'a'), 1);
});

test('getAll gives all that Trello sent, parsed', async () => {
  const { data, asked } = openPluginData({
    member: { private: '{"a":1}', shared: 'not json' },
    board: { shared: '[1]' },
    card: {},
  });
  assert.deepEqual(await data.getAll(), {
    member: { private: { a: 1 }, shared: {} },
    board: { shared: [1] },
    card: {},
  });
  assert.deepEqual(asked[0].params, undefined);
});

test('calls of getAll share one request, which is not that of get', async () => {
  const { data, asked, answer } = openPluginData({}, { held: true });
  const all = [data.getAll(), data.getAll()];
  const one = data.get('member', 'private');
  assert.equal(asked.length, 2);
  await answer();
  await Promise.all([...all, one]);
  const again = data.getAll();
  await answer();
  assert.deepEqual(await again, {});
  assert.equal(asked.length, 3);
});

test('a getAll that failed is not what the next one gets', async () => {
  const { data, fail } = openPluginData({});
  fail(1);
  const failed = [data.getAll(), data.getAll()];
  for (const promise of failed) {
    await assert.rejects(async () => promise, { message: 'no (Command: data)' });
  }
  assert.deepEqual(await data.getAll(), {});
});
