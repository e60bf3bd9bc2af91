// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPluginData } from './plugin-data-fixture.js';

const CARD = '5f00000000000000000000c9';
/** @param {string} [text] */
const privateText = (text) =>
  openPluginData(text === undefined ? {} : { member: { private: text } });

test('set reads, merges one name and writes the whole', async () => {
  const { data, asked, written } = privateText('{"a":1,"b":2}');
  assert.equal(await data.set('member', 'private', 'a', [3]), null);
  assert.deepEqual(asked, [{ command: 'data', params: {} }]);
  assert.deepEqual(written, [
    {
      params: { scope: 'member', visibility: 'private', data: '{"a":[3],"b":2}' },
      base: '{"a":1,"b":2}',
    },
  ]);
});

test('what was not there is replaced as such', async () => {
  const { data, written } = privateText();
  await data.set('member', 'private', 'a', 1);
  assert.equal(written[0].base, null);
});

test('a card’s id goes along with reads and writes', async () => {
  const { data, asked, written, trello } = openPluginData();
  for (const idCard of [CARD, 'AbCd1234']) {
    await data.set(idCard, 'shared', 'k', idCard);
    assert.deepEqual(asked.pop(), { command: 'data', params: { idCard } });
    const text = JSON.stringify({ k: idCard });
    const params = { scope: 'card', idCard, visibility: 'shared', data: text };
    assert.deepEqual(written.pop()?.params, params);
    delete trello.card;
  }
});

test('set merges the own enumerable names of an object, an array’s places too', async () => {
  const { data, trello } = privateText('{"a":1,"b":2}');
  const given = Object.create({ inherited: 1 }, { hidden: { value: 1 } });
  given.b = 3;
  given.c = new Date(0);
  await data.set('member', 'private', given);
  assert.equal(trello.member.private, '{"a":1,"b":3,"c":"1970-01-01T00:00:00.000Z"}');
  await data.set('member', 'private', ['x', 'y']);
  assert.equal(
    trello.member.private,
    '{"0":"x","1":"y","a":1,"b":3,"c":"1970-01-01T00:00:00.000Z"}',
  );
});

for (const [title, args] of /** @type {[string, any[]][]} */ ([
  ['the same value', ['a', 1]],
  ['an equal value', ['o', { x: [1] }]],
  ['undefined', ['u', undefined]],
  ['a function', ['f', () => 1]],
  ['a symbol', ['s', Symbol('s')]],
  ['nothing at all', []],
  ['an empty object', [{}]],
])) {
  test(`set of ${title} changes nothing and writes nothing`, async () => {
    const { data, asked, written } = privateText('{"a":1,"o":{"x":[1]}}');
    assert.equal(await data.set('member', 'private', ...args), undefined);
    assert.deepEqual([asked.length, written.length], [1, 0]);
  });
}

test('what cannot be written rejects with what JavaScript says, and writes nothing', async () => {
  const { data, written } = privateText('{"a":1}');
  const cyclic = /** @type {any} */ ({});
  cyclic.self = cyclic;
  for (const [args, message] of /** @type {[any[], RegExp][]} */ ([
    [[null], /^Cannot convert undefined or null to object$/],
    [['big', 10n], /^Do not know how to serialize a BigInt$/],
    [['cyclic', cyclic], /^Converting circular structure to JSON/],
  ])) {
    await assert.rejects(async () => data.set('member', 'private', ...args), {
      name: 'TypeError',
      message,
    });
  }
  assert.deepEqual(written, []);
});

for (const [text, expected] of [
  ['not json', '{"k":1}'],
  ['null', '{"k":1}'],
  ['7', '{"k":1}'],
  ['false', '{"k":1}'],
  ['[5,6]', '{"0":5,"1":6,"k":1}'],
  ['"ab"', '{"0":"a","1":"b","k":1}'],
]) {
  test(`set into the text ${text} makes it ${expected}`, async () => {
    const { data, trello, written } = privateText(text);
    await data.set('member', 'private', 'k', 1);
    assert.equal(trello.member.private, expected);
    assert.equal(written[0].base, text);
  });
}

for (const [scope, limit] of /** @type {[string, number][]} */ ([
  ['board', 8192],
  ['organization', 8192],
  ['card', 4096],
  ['member', 4096],
  [CARD, 4096],
])) {
  test(`a text of ${scope} may have ${limit} UTF-16 units and no more`, async () => {
    const { data, trello, written } = openPluginData();
    const kept = scope === CARD ? 'card' : scope;
    const room = limit - '{"k":""}'.length;
    for (const value of ['x'.repeat(room), '\u{1f600}'.repeat(room / 2), 'é'.repeat(room)]) {
      await data.set(scope, 'private', 'k', value);
      assert.equal(trello[kept].private.length, limit);
      const before = written.length;
      await assert.rejects(async () => data.set(scope, 'private', 'k', `${value}x`), {
        name: 'Error',
        message: `PluginData length of ${limit} characters exceeded. See: https://developers.trello.com/v1.0/reference#section-size-limit`,
      });
      assert.equal(written.length, before);
    }
    // All names count together, and each visibility by itself.
    await assert.rejects(async () => data.set(scope, 'private', 'l', 1), /exceeded/);
    assert.equal(await data.set(scope, 'shared', 'l', 1), null);
  });
}

test('remove deletes one name or several, and writes nothing when none is there', async () => {
  const { data, trello, written } = privateText('{"a":1,"b":2,"c":3,"d":4}');
  assert.equal(await data.remove('member', 'private', 'a'), null);
  assert.equal(await data.remove('member', 'private', ['b', 'c', 'zz']), null);
  assert.equal(trello.member.private, '{"d":4}');
  assert.equal(await data.remove('member', 'private', 'zz'), undefined);
  assert.equal(await data.remove('member', 'private', []), undefined);
  assert.equal(written.length, 2);
});

test('writes to one place run one after another, each reading first', async () => {
  const { data, trello, asked } = privateText('{"z":0}');
  const names = ['a', 'b', 'c', 'd'];
  const writes = names.map((name) => data.set('member', 'private', name, 1));
  writes.push(data.remove('member', 'private', ['b', 'z']));
  await Promise.all(writes);
  assert.equal(trello.member.private, '{"a":1,"c":1,"d":1}');
  assert.equal(asked.length, 5);
});

test('writes to several places do not wait for each other', async () => {
  const { data, asked, answer, trello } = openPluginData({}, { held: true });
  const writes = [
    data.set('member', 'private', 'a', 1),
    data.set('member', 'shared', 'a', 2),
    data.set('board', 'private', 'a', 3),
  ];
  assert.equal(asked.length, 1); // one read for all of them
  await answer();
  await Promise.all(writes);
  assert.deepEqual(trello, {
    member: { private: '{"a":1}', shared: '{"a":2}' },
    board: { private: '{"a":3}' },
  });
});

test('a write that failed does not stop the next', async () => {
  const { data, trello, fail } = privateText();
  fail(2);
  const writes = [1, 2, 3].map((value) => data.set('member', 'private', `k${value}`, value));
  const outcomes = (await Promise.allSettled(writes)).map(({ status }) => status);
  assert.deepEqual(outcomes, ['rejected', 'rejected', 'fulfilled']);
  assert.equal(trello.member.private, '{"k3":3}');
});

test('a write that finds the text changed meanwhile reads again, and nothing is lost', async () => {
  const { data, trello, asked, written, meanwhile } = privateText();
  const texts = ['{"a":1}', '{"a":1,"b":2}'];
  meanwhile.push(...texts.map((text) => () => (trello.member = { private: text })));
  assert.equal(await data.set('member', 'private', 'mine', 3), null);
  assert.equal(trello.member.private, '{"a":1,"b":2,"mine":3}');
  assert.deepEqual(
    written.map(({ base }) => base),
    [null, ...texts],
  );
  assert.equal(asked.length, 3);
});

test('a write that became needless meanwhile, or too long, ends as such', async () => {
  const { data, trello, meanwhile } = privateText();
  meanwhile.push(() => (trello.member = { private: '{"mine":3}' }));
  assert.equal(await data.set('member', 'private', 'mine', 3), undefined);
  const long = JSON.stringify({ a: 'x'.repeat(4088) });
  meanwhile.push(() => (trello.member = { private: long }));
  await assert.rejects(
    async () => data.set('member', 'private', 'b', 1),
    /4096 characters exceeded/,
  );
  assert.equal(trello.member.private, long);
});

test('two that write one place at once lose nothing, however often they meet', async () => {
  const one = privateText();
  const other = openPluginData(one.trello);
  const writes = Array.from({ length: 20 }, (_, i) =>
    (i % 2 ? one : other).data.set('member', 'private', `k${i}`, i),
  );
  await Promise.all(writes);
  assert.equal(Object.keys(JSON.parse(one.trello.member.private)).length, 20);
  assert.ok(one.asked.length + other.asked.length > 20, 'they never met');
});
