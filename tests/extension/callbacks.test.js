// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Bluebird from 'bluebird/js/main/bluebird.js';
import { copier, createCallbackCache, relativeUrl } from '../../extension/src/page/callbacks.js';
import { MESSAGE_ERRORS } from '../../extension/src/page/message-errors.js';

const window = { location: { href: 'https://a.example/power-up/index.html?a=./b#c/d' } };
Object.assign(globalThis, { window });

const T = { NotHandled: MESSAGE_ERRORS.NotHandled };
const same = (/** @type {any} */ value) => value;

/** @param {import('node:test').TestContext} t */
function openCache(t) {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const cache = createCallbackCache(Bluebird);
  /** @param {string} action @param {string} callback @param {any} [options] */
  const ask = (action, callback, options) => cache.callback(T, { callback, action, options }, same);
  /** @param {any} promise */
  const refusal = async (promise) => {
    /** @type {any} */
    let refused;
    await assert.rejects(
      async () => promise,
      (error) => {
        refused = error;
        return true;
      },
    );
    assert.ok(refused instanceof MESSAGE_ERRORS.NotHandled);
    assert.equal(refused.code, 'not handled');
    return refused.message;
  };
  return { cache, ask, refusal, tick: (/** @type {number} */ ms) => t.mock.timers.tick(ms) };
}

test('each function gets a new name, also the same function again', (t) => {
  const { cache } = openCache(t);
  const names = [same, same, () => {}].map((run) => cache.serialize(run));
  assert.deepEqual(names, [{ _callback: 'cb1' }, { _callback: 'cb2' }, { _callback: 'cb3' }]);
});

test('run calls the function with t and the options, as often as it is asked', async (t) => {
  const { cache, ask } = openCache(t);
  const calls = /** @type {any[]} */ ([]);
  cache.serialize(
    /** @this {any} @param {any[]} args */
    function (...args) {
      calls.push([this, ...args]);
      return Promise.resolve(calls.length);
    },
  );
  assert.equal(await ask('run', 'cb1', { a: 1 }), 1);
  assert.equal(await ask('run', 'cb1', undefined), 2);
  assert.equal(calls[0][1], T);
  assert.deepEqual([calls[0][2], calls[1][2]], [{ a: 1 }, undefined]);
});

test('the result of a function is copied', async (t) => {
  const { cache } = openCache(t);
  cache.serialize(() => ({ again: () => {} }));
  const request = { callback: 'cb1', action: 'run', options: null };
  assert.deepEqual(await cache.callback(T, request, copier(cache.serialize)), {
    again: { _callback: 'cb2' },
  });
});

test('what a function throws or rejects with is the answer', async (t) => {
  const { cache, ask } = openCache(t);
  const error = new Error('m');
  cache.serialize(() => {
    throw error;
  });
  cache.serialize(() => Promise.reject(error));
  for (const id of ['cb1', 'cb2']) {
    await assert.rejects(async () => ask('run', id), error);
  }
});

test('retain answers the name, once; afterwards it can only be run', async (t) => {
  const { cache, ask, refusal } = openCache(t);
  cache.serialize(() => 'ran');
  assert.equal(await ask('retain', 'cb1'), 'cb1');
  assert.equal(await refusal(ask('retain', 'cb1')), 'callback can no longer be retained');
  assert.equal(await ask('run', 'cb1'), 'ran');

  cache.serialize(() => 'ran');
  await ask('run', 'cb2');
  assert.equal(await refusal(ask('retain', 'cb2')), 'callback can no longer be retained');
  assert.equal(await refusal(ask('retain', 'cb9')), 'callback can no longer be retained');
});

test('release forgets, whether it was known, retained, run, or not', async (t) => {
  const { cache, ask, refusal } = openCache(t);
  for (const before of [[], ['retain'], ['run']]) {
    const { _callback: id } = cache.serialize(() => 'ran');
    for (const action of before) {
      await ask(action, id);
    }
    assert.equal(await ask('release', id), null);
    assert.equal(await refusal(ask('run', id)), 'callback does not exist or was not retained');
    assert.equal(await ask('release', id), null);
  }
});

test('an unknown name or action is not handled', async (t) => {
  const { cache, ask, refusal } = openCache(t);
  cache.serialize(() => 'ran');
  for (const id of ['cb2', 'toString', '', undefined]) {
    const message = await refusal(ask('run', /** @type {any} */ (id)));
    assert.equal(message, 'callback does not exist or was not retained');
  }
  for (const action of ['', 'toString', 'Run', undefined]) {
    const message = await refusal(ask(/** @type {any} */ (action), 'cb1'));
    assert.equal(message, 'unknown callback action');
  }
  assert.equal(await ask('run', 'cb1'), 'ran');
});

test('a function that nobody called or retained is dropped after 120 s, looked at every 30 s', async (t) => {
  const { cache, ask, refusal, tick } = openCache(t);
  cache.serialize(() => 'first');
  cache.serialize(() => 'retained');
  await ask('retain', 'cb2');
  tick(15_000);
  cache.serialize(() => 'later');
  tick(105_000); // 120 s after the first
  cache.serialize(() => 'last');
  assert.equal(await ask('run', 'cb3'), 'later'); // 105 s old, and kept from now on
  tick(30_000);
  assert.equal(await refusal(ask('run', 'cb1')), 'callback does not exist or was not retained');
  tick(60_000);
  assert.equal(await ask('run', 'cb4'), 'last');
  tick(600_000);
  assert.equal(await ask('run', 'cb2'), 'retained');
  assert.equal(await ask('run', 'cb3'), 'later');
});

test('a function is there for 120 s to the millisecond', async (t) => {
  const { cache, ask, tick } = openCache(t);
  cache.serialize(() => 'ran');
  tick(120_000);
  assert.equal(await ask('run', 'cb1'), 'ran');
});

test('reset forgets all and counts from one again', async (t) => {
  const { cache, ask, refusal } = openCache(t);
  cache.serialize(() => 'waiting');
  cache.serialize(() => 'retained');
  await ask('retain', 'cb2');
  cache.reset();
  for (const id of ['cb1', 'cb2']) {
    assert.equal(await refusal(ask('run', id)), 'callback does not exist or was not retained');
  }
  assert.deepEqual(cache.serialize(same), { _callback: 'cb1' });
});

test('arrays and objects are copied by their own enumerable names', () => {
  const copy = copier(() => assert.fail());
  const given = Object.create({ inherited: 1 }, { hidden: { value: 1 } });
  Object.assign(given, { list: [1, [2, { a: 3 }]], date: new Date(0), map: new Map([[1, 2]]) });
  given[Symbol('s')] = 1;
  const copied = copy(given);
  assert.deepEqual(copied, { list: [1, [2, { a: 3 }]], date: {}, map: {} });
  assert.notEqual(copied.list, given.list);
  assert.deepEqual(copy(new (class { own = 1; method() {} })()), { own: 1 }); // prettier-ignore
});

test('what is falsy, and what is no object, is passed as it is', () => {
  const copy = copier(() => assert.fail());
  for (const value of [undefined, null, 0, '', false, NaN, 5, 'text', true, 10n]) {
    assert.equal(copy(value), value);
    assert.deepEqual(copy({ url: value, list: [value] }), { url: value, list: [value] });
  }
});

test('functions become names, wherever they are', () => {
  const runs = /** @type {Function[]} */ ([]);
  const copy = copier((run) => ({ _callback: `cb${runs.push(run)}` }));
  const [one, two] = [() => 1, class {}];
  assert.deepEqual(copy({ callback: one, items: [{ callback: two }] }), {
    callback: { _callback: 'cb1' },
    items: [{ callback: { _callback: 'cb2' } }],
  });
  assert.deepEqual(copy(one), { _callback: 'cb3' });
  assert.deepEqual(runs, [one, two, one]);
});

test('addresses that start with "./" are made absolute under the names url and icon alone', () => {
  const copy = copier(() => assert.fail());
  const icon = './icon.svg';
  const absolute = 'https://a.example/power-up/icon.svg';
  assert.deepEqual(copy({ icon, url: icon, text: icon, src: icon, Icon: icon, list: [icon] }), {
    ...{ icon: absolute, url: absolute },
    ...{ text: icon, src: icon, Icon: icon, list: [icon] },
  });
  assert.deepEqual(copy({ icon: { url: icon, dark: icon } }), {
    icon: { url: absolute, dark: icon },
  });
  assert.equal(copy(icon), icon);
  for (const url of ['icon.svg', '/icon.svg', '../icon.svg', '.icon', 'https://b.example/./x']) {
    assert.equal(copy({ url }).url, url);
  }
});

test('addresses are relative to the page’s directory', () => {
  assert.equal(relativeUrl('./x/../y.html?z=1#w'), 'https://a.example/power-up/y.html?z=1#w');
  assert.equal(relativeUrl('https://b.example/'), 'https://b.example/');
});
