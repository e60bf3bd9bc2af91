// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementOf, elements, openT } from './surfaces-fixture.js';

const run = () => {};
const SIGNED = 'https://a.example/dir/x.html#{"a":1}';

for (const [method, name] of [
  ['modal', 'Modal'],
  ['boardBar', 'BoardBar'],
]) {
  test(`${method} needs a url, and actions in an array; else it throws at once`, () => {
    const t = openT();
    for (const options of [undefined, null, {}, { url: '' }, { url: 5 }, { url: ['x'] }]) {
      assert.throws(() => t[method](options), { message: `${name} options requires a valid url` });
    }
    for (const actions of [{}, 'text', 5]) {
      assert.throws(() => t[method]({ url: './x.html', actions }), {
        message: `${name} actions property must be an array`,
      });
    }
    assert.deepEqual(t.sent, []);
  });
}

test('modal sends a signed url and what it was given, or the defaults', async () => {
  const t = openT();
  const url = './x.html';
  assert.equal(
    await t.modal({ url, args: { a: 1 }, actions: null, height: 0, unknown: 1 }),
    'answered',
  );
  const given = {
    ...{ actions: [{ icon: './i.svg', callback: run }], callback: run, accentColor: 'green' },
    ...{ fullscreen: true, height: 500, title: 'T' },
  };
  await t.modal({ url, args: { a: 1 }, ...given });
  const frame = { type: 'iframe', url: SIGNED };
  const defaults = { actions: [], fullscreen: false, height: 400 };
  const absent = { callback: undefined, accentColor: undefined, title: undefined };
  assert.deepEqual(t.sent, [
    ['modal', { content: { ...defaults, ...absent, ...frame } }],
    ['modal', { content: { ...given, ...frame } }],
  ]);
});

test('boardBar sends a signed url and what it was given, or the defaults', async () => {
  const t = openT();
  const url = './x.html';
  assert.equal(await t.boardBar({ url, args: { a: 1 } }), 'answered');
  const given = {
    ...{ actions: [{ text: 'a' }], callback: run, accentColor: '#fff' },
    ...{ height: 100, resizable: true, title: 'T' },
  };
  await t.boardBar({ url, args: { a: 1 }, ...given, fullscreen: true });
  const frame = { type: 'iframe', url: SIGNED };
  const defaults = { actions: [], height: 200, resizable: false };
  const absent = { callback: undefined, accentColor: undefined, title: undefined };
  assert.deepEqual(t.sent, [
    ['board-bar', { content: { ...defaults, ...absent, ...frame } }],
    ['board-bar', { content: { ...given, ...frame } }],
  ]);
});

test('updateModal sends what it was given, and nothing when that is nothing', async () => {
  const t = openT();
  for (const options of [undefined, null, {}, { title: '' }, { unknown: 1 }, { url: './x.html' }]) {
    assert.equal(await t.updateModal(options).then(() => 'resolved'), 'resolved');
  }
  assert.deepEqual(t.sent, []);
  assert.equal(await t.updateModal({ title: 'T', fullscreen: false, unknown: 1 }), 'answered');
  await t.updateModal({ actions: [], accentColor: 'green' });
  assert.deepEqual(t.sent, [
    ['update-modal', { content: { fullscreen: false, title: 'T' } }],
    ['update-modal', { content: { actions: [], accentColor: 'green' } }],
  ]);
});

for (const [options, message] of /** @type {[any, string][]} */ ([
  [{ url: './x.html' }, 'Updating Modal url not allowed'],
  [{ callback: run }, 'Unable to update callback.'],
  [{ url: './x.html', callback: run }, 'Updating Modal url not allowed'],
  [{ actions: {} }, 'Modal actions property must be an array'],
])) {
  test(`updateModal throws at once: ${message} (${Object.keys(options)})`, () => {
    const t = openT();
    assert.throws(() => t.updateModal({ title: 'T', ...options }), { message });
    assert.deepEqual(t.sent, []);
  });
}

test('overlay signs its url, and sends nothing without one', async () => {
  const t = openT();
  assert.equal(await t.overlay({ url: './x.html', args: { a: 1 } }), 'answered');
  await t.overlay({});
  assert.deepEqual(t.sent, [
    ['overlay', { content: { type: 'iframe', url: SIGNED } }],
    ['overlay', {}],
  ]);
});

test('what takes no options sends its command alone', async () => {
  const t = openT();
  const commands = {
    closeModal: 'close-modal',
    closeBoardBar: 'close-board-bar',
    hideBoardBar: 'close-board-bar',
    closeOverlay: 'close-overlay',
    hideOverlay: 'close-overlay',
    hideAlert: 'hideAlert',
    hideCard: 'hideCard',
  };
  for (const [method, command] of Object.entries(commands)) {
    assert.equal(await t[method]({ ignored: 1 }), 'answered');
    assert.deepEqual(t.sent.pop(), [command]);
  }
});

test('an alert has 1 to 140 characters', async () => {
  const t = openT();
  for (const length of [1, 140]) {
    const message = 'x'.repeat(length);
    const shown = t.alert({ message, duration: 5, display: 'error', unknown: 1 });
    assert.equal(await shown, 'answered');
    assert.deepEqual(t.sent.pop(), ['alert', { message, duration: 5, display: 'error' }]);
  }
  for (const message of ['', 'x'.repeat(141), '\u{1f600}'.repeat(71), 5, ['text'], undefined]) {
    await assert.rejects(async () => t.alert({ message }), {
      message: 'Alert requires a message of 1 to 140 characters',
    });
  }
  await assert.rejects(async () => t.alert(undefined), /1 to 140 characters/);
  assert.deepEqual(t.sent, []);
});

test('sizeTo takes a positive number as it is', async () => {
  const t = openT();
  for (const height of [1, 0.5, 1e6]) {
    assert.equal(await t.sizeTo(height), 'answered');
    assert.deepEqual(t.sent.pop(), ['resize', { height }]);
  }
  for (const size of [0, -1, NaN, Infinity, undefined, null, {}, true, [], { nodeType: 1 }]) {
    await assert.rejects(async () => t.sizeTo(size), {
      message: 'Invalid argument. Must be a selector, element, or positive number',
    });
  }
  assert.deepEqual(t.sent, []);
});

test('sizeTo measures an element, rounded up, and hides what hangs over', async () => {
  const t = openT();
  elements['#tall'] = elementOf(100, 250.2);
  for (const [size, height] of /** @type {[any, number][]} */ ([
    ['#tall', 251],
    [elementOf(100, 99.9), 100],
    [elementOf(0, 0.1), 1],
  ])) {
    await t.sizeTo(size);
    assert.deepEqual(t.sent.pop(), ['resize', { height }]);
  }
  assert.equal(elements['#tall'].style.overflow, 'hidden');
  for (const [size, message] of /** @type {[any, string][]} */ ([
    ['#none', 'No elements matched'],
    ['', 'No elements matched'],
    ['!', "'!' is not a valid selector."],
    [elementOf(0, 0), 'Unable to determine desired height.'],
  ])) {
    await assert.rejects(async () => t.sizeTo(size), { message });
  }
  assert.deepEqual(t.sent, []);
});

test('navigate needs a url, showCard an id', async () => {
  const t = openT();
  await t.navigate({ url: 'https://trello.com/b/1', unknown: 1 });
  await t.showCard('abc');
  assert.deepEqual(t.sent.splice(0), [
    ['navigate', { url: 'https://trello.com/b/1', unknown: 1 }],
    ['showCard', { idCard: 'abc' }],
  ]);
  for (const options of [undefined, null, {}, { url: 5 }, 'https://trello.com']) {
    await assert.rejects(async () => t.navigate(options), {
      message: 'Invalid or missing url provided in options object',
    });
  }
  for (const id of [undefined, '', 5, {}]) {
    await assert.rejects(async () => t.showCard(id), { message: 'Invalid idCard provided' });
  }
  assert.deepEqual(t.sent, []);
});

test('attach needs the right to write to the card; else it throws at once', async () => {
  const t = openT();
  assert.equal(await t.attach({ name: 'n', url: 'u' }), 'answered');
  t.mayWrite = false;
  assert.throws(() => t.attach({}), { message: 'User lacks write permission on card.' });
  assert.deepEqual(t.sent, [['attach-to-card', { name: 'n', url: 'u' }]]);
});

test('confetti comes from the event’s place, or from where Trello likes', async () => {
  const t = openT();
  assert.equal(await t.confetti({ clientX: 1, clientY: 2 }), 'answered');
  await t.confetti();
  assert.deepEqual(t.sent, [
    ['confetti', { pos: { x: 1, y: 2 } }],
    ['confetti', {}],
  ]);
});
