// SPDX-License-Identifier: MIT
// Trello's own library keeps all but its secret calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Bluebird from 'bluebird/js/main/bluebird.js';
import { MemoryStorage } from './browser-storage.js';

const window = Object.assign(new EventTarget(), {
  crypto: globalThis.crypto,
  localStorage: new MemoryStorage(),
  location: new URL('https://a.example/'),
});
Object.assign(globalThis, { window, Storage: MemoryStorage });
const { takeOver } = await import('../../extension/src/page/takeover.js');

const SECRET_CALLS = ['storeSecret', 'loadSecret', 'clearSecret'];

/** @this {any} @param {any[]} args */
function show(...args) {
  this.shown.push(args);
  return 'shown';
}

/** A library that keeps what it was given, and its taken form. */
function openLibrary() {
  const asked = /** @type {any[]} */ ([]);
  const channel = /** @type {any} */ ({
    record() {},
    started() {},
    settle: async () => ({ answer: { ok: true, result: null } }),
    async ask(/** @type {string} */ method, /** @type {any} */ members) {
      asked.push([method, members]);
      const result = method === 'getSettings' ? { fidelity: 'documented' } : 'ours';
      return { answer: { ok: true, result }, kept: 'kept' };
    },
  });
  /** @param {any} context @returns {any} */
  const createT = (context) => ({
    shown: [],
    getContext: () => context,
    isMemberSignedIn: () => context.member !== undefined,
    get: () => 'the library’s',
    popup: show,
    modal: show,
    updateModal: show,
    boardBar: show,
    storeSecret: () => 'the library’s',
    loadSecret: () => 'the library’s',
    clearSecret: () => 'the library’s',
  });
  const frame = createT({ member: 'frame' });
  const library = {
    Promise: Bluebird,
    handlers: /** @type {any} */ (undefined),
    options: /** @type {any} */ (undefined),
    iframe: (/** @type {any} */ options = undefined) => {
      library.options = options;
      return frame;
    },
    initialize(/** @type {any} */ handlers, /** @type {any} */ options) {
      Object.assign(this, { handlers, options });
      return 'connector';
    },
  };
  /** @type {any} */
  const settings = { confirmed: async () => ({ fidelity: 'documented' }) };
  return { library, taken: takeOver(library, channel, settings), frame, createT, asked };
}

/** Whose secret calls a t has. @param {any} t @param {any[]} asked */
async function isOurs(t, asked) {
  asked.length = 0;
  const promise = t.loadSecret('k');
  if (!(promise instanceof Bluebird)) {
    return false;
  }
  await promise;
  const [, members] = asked.find(([method]) => method === 'loadSecret');
  assert.deepEqual(members, { member: t.getContext().member, key: 'k' });
  return true;
}

test('the library is the same object, and its t too', async () => {
  const { library, taken, frame, asked } = openLibrary();
  assert.equal(taken, library);
  const options = { appKey: 'a' };
  assert.equal(taken.iframe(options), frame);
  assert.equal(library.options, options);
  assert.equal(frame.get(), 'the library’s');
  assert.equal(await isOurs(frame, asked), true);
  const calls = SECRET_CALLS.map((name) => frame[name]);
  assert.equal(taken.iframe(), frame);
  assert.deepEqual(
    SECRET_CALLS.map((name) => frame[name]),
    calls,
  );
});

test('nobody signed in throws at once', () => {
  const { taken, frame } = openLibrary();
  taken.iframe();
  frame.getContext().member = undefined;
  for (const name of SECRET_CALLS) {
    assert.throws(() => frame[name]('k', 'v'), { message: 'No active member in context.' });
  }
});

test('handlers get a taken t, keep their this, arguments and results, and so do the callbacks', async () => {
  const { library, taken, createT, asked } = openLibrary();
  const calls = /** @type {any[]} */ ([]);
  const date = new Date();
  /** @this {any} @param {any[]} args @returns {any} */
  function handler(...args) {
    calls.push([this, ...args]);
    return [{ text: 'x', date, callback: handler, nested: { items: [handler] } }];
  }
  const options = {};
  assert.equal(
    taken.initialize({ 'card-buttons': handler, later: async () => handler() }, options),
    'connector',
  );
  assert.equal(library.options, options);

  const t = createT({ member: 'handler' });
  const [button] = library.handlers['card-buttons'].call('this', t, 1, 2);
  assert.deepEqual(calls.pop(), ['this', t, 1, 2]);
  assert.equal(await isOurs(t, asked), true);
  assert.deepEqual([button.text, button.date], ['x', date]);
  for (const callback of [button.callback, button.nested.items[0]]) {
    const other = createT({ member: 'callback' });
    callback(other, {});
    assert.equal(await isOurs(other, asked), true);
  }
  const [later] = await library.handlers.later(createT({ member: 'm' }));
  const last = createT({ member: 'later' });
  later.callback(last);
  assert.equal(await isOurs(last, asked), true);
});

test('what a handler throws or rejects with passes', async () => {
  const { library, taken } = openLibrary();
  const error = new Error('m');
  taken.initialize({
    throws() {
      throw error;
    },
    rejects: () => Promise.reject(error),
  });
  assert.throws(() => library.handlers.throws({}), error);
  await assert.rejects(library.handlers.rejects({}), error);
});

for (const t of [undefined, null, 'text', 5]) {
  test(`a function that is called with ${t} instead of a t is called with it`, () => {
    const { library, taken } = openLibrary();
    taken.initialize({ x: (/** @type {any} */ given) => given });
    assert.equal(library.handlers.x(t), t);
  });
}

for (const method of ['popup', 'modal', 'updateModal', 'boardBar']) {
  test(`the functions of ${method} get a taken t; events, elements and dates go as they are`, async () => {
    const { taken, createT, asked } = openLibrary();
    const t = taken.iframe();
    const mouseEvent = new Event('click');
    const date = new Date();
    const given = [createT({ member: 'given' }), createT({ member: 'listed' })];
    const options = {
      mouseEvent,
      date,
      callback: (/** @type {any} */ each) => each,
      items: [{ text: 'a', callback: (/** @type {any} */ each) => each }],
    };
    assert.equal(t[method](options), 'shown');
    const [[shown]] = t.shown;
    assert.equal(shown.mouseEvent, mouseEvent);
    assert.equal(shown.date, date);
    shown.callback(given[0]);
    shown.items[0].callback(given[1]);
    for (const each of given) {
      assert.equal(await isOurs(each, asked), true);
    }
  });
}

test('handlers in an object without a prototype, as `import * as` gives, are taken too', async () => {
  const { library, taken, createT, asked } = openLibrary();
  const handlers = Object.assign(Object.create(null), { x: () => 1 });
  taken.initialize(Object.freeze(handlers));
  const t = createT({ member: 'm' });
  assert.equal(library.handlers.x(t), 1);
  assert.equal(await isOurs(t, asked), true);
});
