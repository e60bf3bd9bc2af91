// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementOf, openT } from './surfaces-fixture.js';

const run = () => {};

/** What a popup sends beside its title. @param {any} options */
async function contentOf(options) {
  const t = openT();
  assert.equal(await t.popup({ title: 'T', ...options }), 'answered');
  const [[command, { title, ...params }]] = t.sent;
  assert.deepEqual([t.sent.length, command, title], [1, 'popup', 'T']);
  return params;
}

/** @param {any} options @param {string | RegExp} message */
async function refused(options, message) {
  const t = openT();
  const promise = t.popup(options); // rejects, and does not throw
  await assert.rejects(async () => promise, { name: /Error/, message });
  assert.deepEqual(t.sent, []);
}

test('a popup of a page', async () => {
  const url = './popup.html';
  assert.deepEqual(await contentOf({ url, args: { a: 1 }, width: 1, height: 2, items: [1] }), {
    content: {
      type: 'iframe',
      url: 'https://a.example/dir/popup.html#{"a":1}',
      width: 1,
      height: 2,
    },
  });
});

test('a popup of a list: an array or a function is sent as it is', async () => {
  const items = [{ text: 'a', callback: run }];
  const search = { count: 5 };
  assert.deepEqual(await contentOf({ items, search }), {
    content: { type: 'list', items, search },
  });
  assert.deepEqual(await contentOf({ items: run, callback: run }), {
    callback: run,
    content: { type: 'list', items: run, search: undefined },
  });
});

test('a popup of a list: the names of an object are the texts', async () => {
  const items = { a: run, b: { callback: run, extra: 1 }, c: { callback: 'no function' }, d: null };
  const { content } = await contentOf({ items });
  assert.deepEqual(content.items, [
    { text: 'a', callback: run },
    { text: 'b', callback: run, extra: 1 },
    { text: 'c' },
    { text: 'd' },
  ]);
});

for (const items of ['text', 5, true]) {
  test(`a list of ${JSON.stringify(items)} is refused`, async () => {
    await refused(
      { items },
      'Unsupported items type for popup. Must be an array, object, or function',
    );
  });
}

const CONFIRM = { type: 'confirm', message: 'M', confirmText: 'C', onConfirm: run };
test('a popup that asks back', async () => {
  const content = { ...CONFIRM, confirmStyle: 'primary' };
  assert.deepEqual(await contentOf(CONFIRM), { content });
  assert.deepEqual(await contentOf({ ...CONFIRM, confirmStyle: 'danger', cancelText: 'X' }), {
    content: { ...content, confirmStyle: 'danger', cancelText: 'X' },
  });
  assert.deepEqual(await contentOf({ ...CONFIRM, cancelText: 'X', onCancel: run }), {
    content: { ...content, cancelText: 'X', onCancel: run },
  });
});

for (const [options, message] of /** @type {[any, string][]} */ ([
  [{ message: undefined }, 'Confirm popups must have a message and confirmText'],
  [{ confirmText: 5 }, 'Confirm popups must have a message and confirmText'],
  [{ message: null, onConfirm: null }, 'Confirm popups must have a message and confirmText'],
  [{ onConfirm: 'run' }, 'Confirm popup requires onConfirm function'],
  [{ onCancel: run }, 'Confirm popup requires cancelText to support onCancel function'],
  [
    { onCancel: run, cancelText: 5 },
    'Confirm popup requires cancelText to support onCancel function',
  ],
])) {
  test(`a popup that asks back is refused with ${Object.keys(options)} wrong: ${message}`, () =>
    refused({ ...CONFIRM, ...options }, message));
}

for (const type of ['date', 'datetime']) {
  test(`a popup for a ${type}: dates travel as text, whatever has toISOString`, async () => {
    const [date, minDate, maxDate] = [5, 0, 9].map((day) => new Date(day * 86_400_000));
    const options = { type, callback: run, date, minDate, maxDate };
    assert.deepEqual(await contentOf(options), {
      content: {
        type,
        callback: run,
        date: '1970-01-06T00:00:00.000Z',
        minDate: '1970-01-01T00:00:00.000Z',
        maxDate: '1970-01-10T00:00:00.000Z',
      },
    });
    assert.deepEqual(
      await contentOf({ ...options, date: 'x', minDate: null, maxDate: undefined }),
      {
        content: { type, callback: run },
      },
    );
    const same = { type, callback: run, minDate, maxDate: minDate };
    assert.equal((await contentOf(same)).content.maxDate, '1970-01-01T00:00:00.000Z');
    await refused(
      { ...options, minDate: maxDate, maxDate: minDate },
      'Date popup maxDate must come after minDate if specified',
    );
    await refused({ type, callback: 'run' }, 'Date popups must have a callback function');
    await refused({ type, callback: run, date: new Date(NaN) }, 'Invalid time value');
  });
}

for (const options of [{}, { url: '' }, { url: 5 }, { items: null }, { type: 'list' }]) {
  test(`a popup of ${JSON.stringify(options)} is of an unknown type`, () =>
    refused(options, 'Unknown popup type requested'));
}

test('a popup without options is refused', async () => {
  await refused(undefined, /undefined/);
});

test('a popup needs something to open beside: the context’s element or the mouse event', async (t) => {
  const warned = t.mock.method(console, 'warn', () => {});
  const page = openT();
  delete page.context.el;
  for (const options of [undefined, { items: [] }]) {
    await assert.rejects(async () => page.popup(options), {
      message: 'Context missing target element and no mouse event provided',
    });
  }
  assert.equal(warned.mock.callCount(), 2);
  await page.popup({ items: [1], mouseEvent: { clientX: 1, clientY: 0 } });
  assert.deepEqual(page.sent[0][1].pos, { x: 1, y: 0 });
});

test('the place is the mouse’s, or the element’s when the event came from the keyboard', async () => {
  const target = elementOf(0, 0);
  for (const [mouseEvent, pos] of /** @type {[any, any][]} */ ([
    [
      { clientX: 0, clientY: 7, target },
      { x: 0, y: 7 },
    ],
    [
      { clientX: -1.5, clientY: 0, target },
      { x: -1.5, y: 0 },
    ],
    [
      { clientX: 0, clientY: 0, target },
      { x: 3, y: 4 },
    ],
  ])) {
    assert.deepEqual((await contentOf({ items: [], mouseEvent })).pos, pos);
  }
  for (const mouseEvent of [
    {},
    { clientX: 1 },
    { clientX: '1', clientY: 1 },
    { clientX: NaN, clientY: 1 },
    { clientX: 0, clientY: 0 },
    { clientX: 0, clientY: 0, target: {} },
    true,
  ]) {
    await refused({ items: [], mouseEvent }, 'Invalid mouseEvent was provided');
  }
});

test('closing and going back send their commands alone', async () => {
  const t = openT();
  for (const method of ['closePopup', 'hide', 'back']) {
    assert.equal(await t[method](), 'answered');
  }
  assert.deepEqual(t.sent, [['close-popup'], ['close-popup'], ['pop-popup']]);
});
