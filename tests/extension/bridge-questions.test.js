// SPDX-License-Identifier: MIT
// What the background asks of a page, by its bridge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackgroundPort, OriginFixture, slotOf } from './origin-fixture.js';

async function openOrigin() {
  const fixture = new OriginFixture();
  return { fixture, frame: await fixture.addFrame() };
}

test('an error of the page’s world ends in an answer', async () => {
  const { fixture, frame } = await openOrigin();
  frame.listen({
    async invoke() {
      throw new Error('the page is broken');
    },
    render() {},
  });
  await fixture.settle();
  const asked = BackgroundPort.last.ask('invoke', { command: 'x', args: [] });
  assert.deepEqual(await fixture.ended(asked), { error: 'the page is broken' });
});

test('a question of the background may be there before the page’s word that it is a Power-Up', async () => {
  const { fixture, frame } = await openOrigin();
  let rendered = 0;
  frame.listen({
    invoke: async (/** @type {any} */ { command }) => ({ success: true, response: command }),
    render: () => rendered++,
  });
  const background = BackgroundPort.last;
  assert.equal(frame.bridge.inbox.length, 1); // its word is still on its way
  const asked = background.ask('invoke', { command: 'card-buttons', args: [] });
  assert.deepEqual(await fixture.ended(asked), {
    result: { success: true, response: 'card-buttons' },
  });
  assert.deepEqual(background.said, ['powerUp']);

  const other = await fixture.addFrame();
  other.listen({ render: () => rendered++ });
  const render = BackgroundPort.last.ask('render');
  await fixture.ended(render);
  assert.equal(rendered, 1);
});

test('a connector says which handlers it has, another page that it has none', async () => {
  const { fixture, frame } = await openOrigin();
  const invoke = async () => assert.fail('it was invoked');
  frame.listen({ invoke, render() {}, handlers: ['card-buttons'] });
  const asked = BackgroundPort.last.ask('offer');
  assert.deepEqual(await fixture.ended(asked), { result: { handlers: ['card-buttons'] } });

  const other = await fixture.addFrame();
  other.listen({ invoke, render() {} });
  const elsewhere = BackgroundPort.last.ask('offer');
  assert.deepEqual(await fixture.ended(elsewhere), { result: { handlers: undefined } });
});

test('a page that calls initialize and iframe keeps its handlers', async () => {
  const { fixture, frame } = await openOrigin();
  frame.listen({ invoke: async () => null, render() {}, handlers: ['card-buttons'] });
  frame.listen({ invoke: async () => null, render() {} });
  const asked = BackgroundPort.last.ask('offer');
  assert.deepEqual(await fixture.ended(asked), { result: { handlers: ['card-buttons'] } });
});

test('a page that does not use TrelloPowerUp is not asked to do anything', async () => {
  const { fixture } = await openOrigin();
  fixture.storage.setItem(slotOf(0), 'of the page');
  for (const method of ['offer', 'render', 'describe', 'report']) {
    const asked = BackgroundPort.last.ask(method, { command: 'x', args: [] });
    const nothing = method === 'report' ? { calls: [] } : null;
    assert.deepEqual(await fixture.ended(asked), { result: nothing }, method);
  }
  assert.deepEqual(await fixture.database.databases(), []);
  assert.equal(fixture.host.size, 0);
});
