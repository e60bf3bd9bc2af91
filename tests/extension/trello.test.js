// SPDX-License-Identifier: MIT
// What stands in for Trello: which requests go to the host, which are recorded, which are answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Bluebird from 'bluebird/js/main/bluebird.js';

Object.assign(globalThis, { window: new EventTarget() });
const { createCalls } = await import('../../extension/src/page/calls.js');
const { createTrello } = await import('../../extension/src/page/trello.js');
const { METHODS } = await import('../../extension/src/page/methods.js');

const CONTEXT = { member: 'm', board: 'b', card: 'c', organization: 'o' };

/** @param {{fidelity?: string, answers?: Record<string, any>}} [options] */
function openTrello({ fidelity = 'documented', answers = {} } = {}) {
  const asked = /** @type {any[]} */ ([]);
  const recorded = /** @type {any[]} */ ([]);
  const channel = /** @type {any} */ ({
    record: (/** @type {any} */ entry) => recorded.push(entry),
    async ask(/** @type {string} */ method, /** @type {any} */ members) {
      asked.push([method, members]);
      const name = method === 'answer' ? members.method : method;
      const settings = method === 'getSettings' ? { runner: false } : null;
      const known = Object.hasOwn(answers, name) ? answers[name] : settings;
      return { answer: known instanceof Error ? failure(known) : { ok: true, result: known } };
    },
  });
  const confirmedSettings = async () => /** @type {any} */ ({ fidelity });
  const calls = createCalls(channel);
  const applyFault = async () => {};
  const trello = createTrello({ Promise: Bluebird, channel, confirmedSettings, calls, applyFault });
  return { ...trello, asked, recorded };
}

/** @param {Error} error */
const failure = ({ name, message }) => ({
  ok: false,
  error: { class: name, name, message, operational: true },
});

/** A promise of ours as the test's own. @param {any} promise */
const native = async (promise) => promise;

test('data asks the host for what the context names, as text', async () => {
  const texts = { member: { private: '{}' } };
  const { request, asked, recorded } = openTrello({ answers: { getPluginData: texts } });
  assert.equal(await request('data', [{ context: CONTEXT }]), texts);
  await request('data', [{ context: { member: 0, board: '', card: null } }]);
  await request('data', [{ context: { ...CONTEXT, member: 'notLoggedIn' }, idCard: 'd' }]);
  await request('data', [{ context: null }]);
  await request('data', []);
  const nothing = { member: undefined, board: undefined, card: undefined, organization: undefined };
  assert.deepEqual(asked, [
    ['getPluginData', CONTEXT],
    ['getPluginData', { ...nothing, member: '0', board: '' }],
    ['getPluginData', { ...CONTEXT, member: undefined, card: 'd' }],
    ['getPluginData', nothing],
    ['getPluginData', nothing],
  ]);
  assert.deepEqual(recorded, []);
});

for (const [params, owner] of /** @type {[any, string][]} */ ([
  [{ scope: 'member' }, 'm'],
  [{ scope: 'board' }, 'b'],
  [{ scope: 'organization' }, 'o'],
  [{ scope: 'card' }, 'c'],
  [{ scope: 'card', idCard: 'd' }, 'd'],
])) {
  test(`a write to ${JSON.stringify(params)} is that of ${owner}`, async () => {
    const { request, asked, recorded } = openTrello();
    const text = { visibility: 'private', data: '{}' };
    assert.equal(await request('set', [{ ...params, ...text, context: CONTEXT }]), null);
    const { scope } = params;
    assert.deepEqual(asked, [
      [
        'setPluginData',
        { scope, owner, visibility: 'private', member: 'm', text: '{}', base: undefined },
      ],
    ]);
    assert.deepEqual(recorded, []);
  });
}

for (const [fidelity, base] of /** @type {[string, any][]} */ ([
  ['documented', 'before'],
  ['library', undefined],
])) {
  test(`${fidelity}: a write ${base ? 'says what it replaces' : 'replaces what there is'}`, async () => {
    const result = { written: false };
    const { set, asked } = openTrello({ fidelity, answers: { setPluginData: result } });
    const params = { scope: 'board', visibility: 'shared', data: '{}', context: CONTEXT };
    assert.equal(await set(params, 'before'), result);
    assert.equal(asked[0][1].base, base);
    await set(params, null);
    assert.equal(asked[1][1].base, base && null);
  });
}

for (const [scope, context] of /** @type {[string, any][]} */ ([
  ['member', { ...CONTEXT, member: 'notLoggedIn' }],
  ['member', {}],
  ['board', { member: 'm' }],
  ['card', null],
])) {
  test(`a write to a ${scope} that ${JSON.stringify(context)} has not is refused`, async () => {
    const { request, asked } = openTrello();
    const params = { scope, visibility: 'private', data: '{}', context };
    await assert.rejects(native(request('set', [params])), {
      message: `there is no ${scope} in the context (Command: set)`,
      isOperational: true,
    });
    assert.deepEqual(asked, []);
  });
}

test('the page gets the host’s refusals', async () => {
  for (const command of ['getPluginData', 'setPluginData']) {
    const { request } = openTrello({ answers: { [command]: new TypeError('m') } });
    const params = { scope: 'member', visibility: 'private', data: '{}', context: CONTEXT };
    const name = command === 'getPluginData' ? 'data' : 'set';
    await assert.rejects(native(request(name, [params])), {
      name: 'TypeError',
      message: 'm',
      isOperational: true,
    });
  }
});

const RECORDED = (
  'alert attach-to-card board-bar close-board-bar close-modal close-overlay close-popup confetti ' +
  'hideAlert hideCard modal navigate overlay pop-popup popup resize showCard update-modal'
).split(' ');
test('what only shows something is recorded, without the context, and answered with null', async () => {
  const { request, asked, recorded } = openTrello();
  for (const command of RECORDED) {
    assert.equal(await request(command, [{ a: 1, context: CONTEXT }]), null);
    const { method, detail } = recorded.pop();
    assert.deepEqual(detail, { member: 'm', arguments: { a: 1 } });
    assert.equal(METHODS.find(({ name }) => name === method)?.command, command);
  }
  await request('alert', [{ context: { member: 'notLoggedIn' } }]);
  assert.deepEqual(recorded.pop().detail, { arguments: {} });
  assert.deepEqual([asked, recorded], [[], []]);
});

test('anything else is recorded, and answered as the tester has set', async () => {
  const json = { json: '{"id":"b"}' };
  const { request, asked, recorded } = openTrello({ answers: { board: json } });
  assert.deepEqual(await request('board', [{ fields: ['id'], context: CONTEXT }]), { id: 'b' });
  assert.deepEqual(asked, [['answer', { method: 'board' }]]);
  assert.deepEqual(recorded[0].detail.arguments, { fields: ['id'] });
  for (const [command, advice] of [
    ['toString', 'no method of t sends'],
    ['jwt', "powerup-secrets answer jwt '{…}'"],
    ['request-token', "powerup-secrets answer requestToken '{…}'"],
  ]) {
    await assert.rejects(native(request(command, [{ context: CONTEXT }])), (error) => {
      assert.match(`${error}`, /^Error: powerup-secrets does not know what Trello answers to "/);
      assert.ok(`${error}`.includes(advice));
      assert.equal('isOperational' in /** @type {any} */ (error), false);
      return true;
    });
  }
});
