// SPDX-License-Identifier: MIT
// Handlers of TrelloPowerUp.initialize and callbacks, asked for by name as Trello does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, invoke, MEMBER, setStage } from './stage.js';

/**
 * A page that registers handlers.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} handlers  source of the object
 */
async function connect(t, handlers) {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await page.evaluate(`window.seen = []; void TrelloPowerUp.initialize(${handlers})`);
  return { stage, page };
}

test('a handler gets a fresh t and the options with their context, and its answer comes back', async (t) => {
  const { stage, page } = await connect(
    t,
    `{ 'card-buttons'(t, options) {
      seen.push(t);
      return [{ text: options.label, icon: './icon.svg', when: new Date(0), off: null,
        member: t.getContext().member, first: t.args[0] === options, command: t.command }];
    } }`,
  );

  const answer = await invoke(stage, page, 'card-buttons', { label: 'Connect' });
  assert.deepEqual(answer, {
    success: true,
    response: [
      {
        text: 'Connect',
        icon: new URL('icon.svg', page.url()).href,
        when: {},
        off: null,
        member: MEMBER,
        first: true,
        command: 'card-buttons',
      },
    ],
  });
  await invoke(stage, page, 'card-buttons', { context: { member: 'other' } });
  assert.equal(await page.evaluate('seen.length === 2 && seen[0] !== seen[1]'), true);
  assert.equal(await page.evaluate('seen[1].getContext().member'), 'other');
});

test('a handler’s t stores and loads secrets of the context’s member', async (t) => {
  const { stage, page } = await connect(
    t,
    `{ async 'show-settings'(t) {
      await t.storeSecret('token', 'from a handler');
      return [await t.loadSecret('token'), typeof t.render, t.NotHandled('x').code];
    } }`,
  );

  const { response } = await invoke(stage, page, 'show-settings', { context: { member: 'm' } });
  assert.deepEqual(response, ['from a handler', 'undefined', 'not handled']);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
});

test('functions in an answer are called by their names, again and again once kept', async (t) => {
  const { stage, page } = await connect(
    t,
    `{ 'card-buttons': () => [{ text: 'Press', callback: (t, options) => {
      seen.push([t.getContext().member, options]);
      return { next: () => 'inner' };
    } }] }`,
  );

  const { response } = await invoke(stage, page, 'card-buttons');
  const { _callback: id } = response[0].callback;
  assert.match(id, /^cb\d+$/);
  const run = (/** @type {string} */ callback, /** @type {any} */ options) =>
    invoke(stage, page, 'callback', { callback, action: 'run', options });
  const pressed = await run(id, { pressed: 1 });
  assert.equal((await run(pressed.response.next._callback, {})).response, 'inner');
  assert.equal((await run(id, { pressed: 2 })).success, true);
  assert.deepEqual(await page.evaluate('seen'), [
    [MEMBER, { pressed: 1 }],
    [MEMBER, { pressed: 2 }],
  ]);
  assert.deepEqual(await invoke(stage, page, 'callback', { callback: id, action: 'release' }), {
    success: true,
    response: null,
  });
  assert.deepEqual(await run(id, {}), {
    success: false,
    response: { code: 'not handled', message: 'callback does not exist or was not retained' },
  });
});

test('errors of a handler come back by code and message', async (t) => {
  const { stage, page } = await connect(
    t,
    `{ throws() { throw Object.assign(new Error('no'), { code: 'own' }) },
       rejects: () => Promise.reject(new Error('later')),
       declines(t) { throw t.NotHandled('not mine') },
       string() { throw 'text' } }`,
  );

  const failure = (/** @type {object} */ response) => ({ success: false, response });
  assert.deepEqual(await invoke(stage, page, 'throws'), failure({ code: 'own', message: 'no' }));
  assert.deepEqual(await invoke(stage, page, 'rejects'), failure({ message: 'later' }));
  assert.deepEqual(
    await invoke(stage, page, 'declines'),
    failure({ code: 'not handled', message: 'not mine' }),
  );
  assert.deepEqual(await invoke(stage, page, 'string'), failure({}));
  for (const unknown of ['toString', 'card-badges']) {
    assert.deepEqual(await invoke(stage, page, unknown), {
      handlers: ['throws', 'rejects', 'declines', 'string'],
    });
  }
});
