// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Bluebird from 'bluebird/js/main/bluebird.js';
import { copier, createCallbackCache } from '../../extension/src/page/callbacks.js';
import { createHandlers } from '../../extension/src/page/handlers.js';
import { MESSAGE_ERRORS } from '../../extension/src/page/message-errors.js';

const defaultContext = () => ({ member: 'default', board: 'b' });

const parent = {};
Object.assign(globalThis, { window: { parent, location: { href: 'https://a.example/dir/' } } });

/** @param {import('node:test').TestContext} t @param {any} handlers @param {any} [options] */
function openConnector(t, handlers, options) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const warned = t.mock.method(console, 'warn', () => {});
  const callbackCache = createCallbackCache(Bluebird);
  const copy = copier(callbackCache.serialize);
  const createT = (/** @type {any} */ own) => ({ ...own, NotHandled: MESSAGE_ERRORS.NotHandled });
  const { invoke, register } = createHandlers({
    Promise: Bluebird,
    createT,
    copy,
    callbackCache,
    defaultContext,
  });
  register(handlers, options);
  /** @param {string} command @param {any[]} args */
  const ask = (command, ...args) => invoke({ command, args });
  return { ask, warnings: () => warned.mock.callCount() };
}

test('a handler gets t, and the object that also has the context', async (t) => {
  const calls = /** @type {any[]} */ ([]);
  const options = { appKey: 'a' };
  const handlers = {
    /** @this {any} @param {any[]} args */
    'card-buttons'(...args) {
      calls.push([this, ...args]);
      return [];
    },
  };
  const { ask } = openConnector(t, handlers, options);
  const context = { member: 'm' };
  assert.deepEqual(await ask('card-buttons', { context, a: 1 }, 'rest'), {
    success: true,
    response: [],
  });
  await ask('card-buttons', { context });
  const [[self, first, ...args], [, second]] = calls;
  assert.deepEqual(args, [{ context, a: 1 }, 'rest']);
  assert.equal(/** @type {any} */ (args[0]).context, context);
  assert.equal(self, first);
  assert.notEqual(first, second);
  assert.deepEqual(first.args, args);
  assert.deepEqual([first.command, first.source, first.options], ['card-buttons', parent, options]);
  assert.equal(first.PluginDisabled, MESSAGE_ERRORS.PluginDisabled);
  assert.equal(first.InvalidContext, MESSAGE_ERRORS.InvalidContext);
});

test('without a context there is the default one', async (t) => {
  const { ask } = openConnector(t, {
    x: (/** @type {any} */ _, /** @type {any} */ given) => given,
  });
  for (const args of [[], [undefined], [{}]]) {
    assert.deepEqual((await ask('x', ...args)).response, { context: defaultContext() });
  }
});

test('the answer is the result or what it resolves to, copied', async (t) => {
  const button = { icon: './icon.svg', callback: () => {}, date: new Date(0) };
  const copied = { icon: 'https://a.example/dir/icon.svg', date: {} };
  const { ask } = openConnector(t, {
    now: () => [button],
    later: async () => button,
    bluebird: () => Bluebird.resolve(button),
    nothing: () => {},
  });
  assert.deepEqual((await ask('now')).response, [{ ...copied, callback: { _callback: 'cb1' } }]);
  assert.deepEqual((await ask('later')).response, { ...copied, callback: { _callback: 'cb2' } });
  assert.deepEqual((await ask('bluebird')).response.callback, { _callback: 'cb3' });
  assert.deepEqual(await ask('nothing'), { success: true, response: undefined });
});

test('what a handler throws or rejects with is reported by code and message', async (t) => {
  const error = Object.assign(new TypeError('m'), { code: 'c', extra: 1 });
  const { ask, warnings } = openConnector(t, {
    throws() {
      throw error;
    },
    rejects: () => Promise.reject(error),
    text() {
      throw 'text';
    },
    nothing: () => Promise.reject(undefined),
    null: () => Promise.reject(null),
  });
  const failed = (/** @type {any} */ response) => ({ success: false, response });
  for (const command of ['throws', 'rejects']) {
    assert.deepEqual(await ask(command), failed({ code: 'c', message: 'm' }));
  }
  for (const command of ['text', 'nothing', 'null']) {
    assert.deepEqual(await ask(command), failed({ code: undefined, message: undefined }));
  }
  assert.equal(warnings(), 5);
});

test('"not handled" is reported without a warning', async (t) => {
  const { ask, warnings } = openConnector(t, {
    with: (/** @type {any} */ { NotHandled }) => Promise.reject(new NotHandled('m')),
    without(/** @type {any} */ { NotHandled }) {
      throw NotHandled('m');
    },
  });
  for (const command of ['with', 'without']) {
    const response = { code: 'not handled', message: 'm' };
    assert.deepEqual(await ask(command), { success: false, response });
  }
  assert.equal(warnings(), 0);
});

test('a command that nobody registered is unsupported, also one that any object has', async (t) => {
  const { ask } = openConnector(t, Object.create({ inherited: () => 1 }));
  for (const command of ['card-buttons', 'toString', '__proto__', 'inherited', '']) {
    assert.deepEqual(await ask(command), {
      success: false,
      response: {
        code: 'unsupported command',
        message: `unsupported command: ${command}`,
      },
    });
  }
});

test('a function of an answer is called by its name, with its own t', async (t) => {
  const calls = /** @type {any[]} */ ([]);
  const callback = (/** @type {any[]} */ ...args) => {
    calls.push(args);
    return { again: callback };
  };
  const { ask } = openConnector(t, { x: () => ({ callback }) });
  await ask('x', { context: { member: 'm' } });
  const request = { context: { member: 'n' }, callback: 'cb1', action: 'run', options: { a: 1 } };
  assert.deepEqual(await ask('callback', request), {
    success: true,
    response: { again: { _callback: 'cb2' } },
  });
  const [[called, options]] = calls;
  assert.deepEqual([called.args[0].context, options], [{ member: 'n' }, { a: 1 }]);
  assert.deepEqual(await ask('callback', { callback: 'cb9', action: 'run' }), {
    success: false,
    response: { code: 'not handled', message: 'callback does not exist or was not retained' },
  });
});

const CODES = {
  PluginDisabled: 'plugin disabled',
  InvalidContext: 'invalid context',
  NotHandled: 'not handled',
  UnsupportedCommand: 'unsupported command',
};
for (const [name, code] of Object.entries(CODES)) {
  test(`${name} is an error with and without new`, () => {
    const ErrorClass = /** @type {any} */ (MESSAGE_ERRORS)[name];
    for (const error of /** @type {any[]} */ ([new ErrorClass('m'), ErrorClass('m')])) {
      assert.equal(error instanceof Error, true);
      assert.equal(error instanceof ErrorClass, true);
      assert.deepEqual(
        [error.name, error.code, error.message, `${error}`],
        [`PostMessageIO:${name}`, code, 'm', `PostMessageIO:${name}: m`],
      );
      assert.deepEqual(Object.keys(error).includes('code'), false);
      assert.match(error.stack, /handlers\.test\.js/);
    }
  });
}
