// SPDX-License-Identifier: MIT
// The page's localStorage and the host's items, event by event. Slots 0 and 1 are for `documented`,
// 2 and 3 for `library`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackgroundPort, OriginScene, slotOf } from './origin-scene.js';

console.warn = () => {}; // storages fail on purpose

const SLOT = slotOf(0);
const OTHER = slotOf(1);

async function openOrigin() {
  const scene = new OriginScene();
  const frame = await scene.addFrame();
  /** @param {any} promise */
  const ended = async (promise) => {
    promise.catch(() => {}); // the caller's await comes later
    await scene.settle();
    return promise;
  };
  const store = (slot = SLOT, by = frame) => ended(by.call('documented', 'store', slot));
  const load = (slot = SLOT, by = frame) => ended(by.call('documented', 'load', slot));
  const clear = (slot = SLOT, by = frame) => ended(by.call('documented', 'clear', slot));
  return { scene, frame, store, load, clear, ended };
}

test('the first call of a frame brings everything together, the next ones compare nothing', async () => {
  const { scene, store, load, clear } = await openOrigin();
  scene.host.set(OTHER, 'from the host');
  scene.storage.setItem(SLOT, 'from the page');

  await load();
  assert.equal(scene.storage.getItem(OTHER), 'from the host');
  assert.equal(scene.host.get(SLOT), 'from the page');
  const { value } = await store();
  await load();
  await load(OTHER);
  assert.equal(scene.storage.getItem(SLOT), value);
  await clear();
  const first = ['synchronizeItems', 'loadSecret'];
  assert.deepEqual(scene.served, [
    ...first,
    'storeSecret',
    'loadSecret',
    'loadSecret',
    'clearSecret',
  ]);
  assert.equal(scene.storage.getItem(SLOT), null);
});

test('entries that are no slots stay in the page', async () => {
  const { scene, load } = await openOrigin();
  for (const name of ['theme', 'F'.repeat(64), '0'.repeat(63), '0'.repeat(65), `${SLOT}\n`, '']) {
    scene.storage.setItem(name, 'of the page');
  }
  await load();
  assert.deepEqual([...scene.host], []);
  assert.equal(scene.storage.length, 6);
});

test('an empty entry is an entry', async () => {
  const { scene, load } = await openOrigin();
  await load();
  scene.storage.setItem(SLOT, '');
  await load();
  assert.equal(scene.host.get(SLOT), '');
});

test('what page and host changed both is the host’s; what one changed is that one’s', async () => {
  const { scene, store, load } = await openOrigin();
  for (const slot of [0, 1, 2, 3].map(slotOf)) {
    await store(slot);
  }
  scene.storage.setItem(slotOf(0), 'page');
  scene.host.set(slotOf(0), 'host');
  scene.storage.setItem(slotOf(1), 'page');
  scene.host.set(slotOf(2), 'host');
  scene.storage.removeItem(slotOf(3));
  await load(slotOf(0));
  for (const [slot, value] of ['host', 'page', 'host', null].entries()) {
    assert.equal(scene.storage.getItem(slotOf(slot)), value);
    assert.equal(scene.host.get(slotOf(slot)) ?? null, value);
  }
});

test('a change that the page makes while all is compared is not undone', async () => {
  const { scene, frame, store, load } = await openOrigin();
  await store();
  scene.host.set(SLOT, 'from outside');
  scene.storage.setItem(OTHER, 'of the page');
  const loading = frame.call('documented', 'load', OTHER);
  await scene.deliverToBridge(frame);
  scene.hostServes();
  scene.storage.setItem(SLOT, 'of the page');
  await scene.settle();
  assert.equal(await loading, 'secret in of the page');
  assert.equal(scene.storage.getItem(SLOT), 'of the page');
  await load();
  assert.equal(scene.host.get(SLOT), 'of the page');
});

test('two secrets stored at once in `library` are both at the host when the promises say so', async () => {
  const { scene, frame, ended } = await openOrigin();
  const slots = [slotOf(2), slotOf(3)];
  /** @type {(string | undefined)[]} */
  const held = [];
  const calls = slots.map((slot) =>
    frame.call('library', 'store', slot).then(() => held.push(scene.host.get(slot))),
  );
  await ended(Promise.all(calls));
  assert.deepEqual(
    held,
    slots.map((slot) => scene.storage.getItem(slot)),
  );
});

test('a secret that was stored and cleared at once does not come back', async () => {
  const { scene, frame, store, load } = await openOrigin();
  await store(OTHER);
  void frame.call('documented', 'store', SLOT);
  void frame.call('documented', 'clear', SLOT);
  for (let calls = 0; calls < 2; calls++) {
    await scene.deliverToBridge(frame);
    scene.hostServes();
    await scene.deliverAnswer();
  }
  await scene.deliverToPage(frame); // the page writes what it stored
  await scene.deliverToBridge(frame);
  scene.storage.setItem(OTHER, 'of another frame');
  void frame.call('documented', 'load', OTHER); // compares everything
  await scene.deliverToBridge(frame);
  await scene.settle();

  scene.storage.setItem(OTHER, 'again of another frame');
  await load(OTHER);
  assert.equal(scene.storage.getItem(SLOT), null);
  assert.equal(scene.host.has(SLOT), false);
});

test('a secret that is cleared when a comparison begins does not come back', async () => {
  const { scene, frame, store, load } = await openOrigin();
  await store(OTHER);
  void frame.call('documented', 'clear', SLOT);
  await scene.deliverToBridge(frame);
  scene.storage.setItem(SLOT, 'of the page');
  scene.storage.setItem(OTHER, 'of another frame');
  void frame.call('documented', 'load', OTHER); // compares everything
  await scene.deliverToBridge(frame);
  for (let requests = 0; requests < 2; requests++) {
    scene.hostServes();
    await scene.deliverAnswer();
  }
  await scene.settle();

  scene.storage.setItem(OTHER, 'again of another frame');
  await load(OTHER);
  assert.equal(scene.storage.getItem(SLOT), null);
  assert.equal(scene.host.has(SLOT), false);
});

test('what one frame stored and the page removed, another frame does not bring back', async () => {
  const { scene, frame, store, load } = await openOrigin();
  const popup = await scene.addFrame();
  await load();
  await store(SLOT, popup);
  scene.storage.clear();
  scene.removeFrame(popup);
  scene.storage.setItem(OTHER, 'of the page');
  await load(OTHER, frame);
  assert.equal(scene.storage.getItem(SLOT), null);
  assert.equal(scene.host.has(SLOT), false);
});

test('what does not fit into the page’s localStorage stays at the host, and arrives when there is room', async () => {
  const { scene, load } = await openOrigin();
  scene.host.set(SLOT, 'from the host');
  scene.storage.full = true;
  for (let times = 0; times < 3; times++) {
    assert.equal(await load(), null);
    assert.equal(scene.host.get(SLOT), 'from the host');
  }
  scene.storage.full = false;
  scene.storage.setItem(OTHER, 'of the page');
  await load(OTHER);
  assert.equal(scene.storage.getItem(SLOT), 'from the host');
});

test('a store that the page’s localStorage refuses leaves both sides as they were', async () => {
  const { scene, frame, store, ended } = await openOrigin();
  const { value } = await store();
  const storing = frame.call('documented', 'store', SLOT);
  await scene.deliverToBridge(frame);
  scene.storage.full = true; // filled by somebody after there was room
  await assert.rejects(ended(storing), { name: 'QuotaError' });
  assert.equal(scene.storage.getItem(SLOT), value);
  assert.equal(scene.host.get(SLOT), value);
});

for (const [title, fail] of /** @type {[string, (scene: OriginScene) => void][]} */ ([
  ['cannot be read', (scene) => (scene.database.failsReading = true)],
  ['cannot be written', (scene) => (scene.database.failsWriting = true)],
  [
    'cannot be opened',
    (scene) =>
      (scene.database.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }),
  ],
])) {
  test(`a page whose IndexedDB ${title} keeps its secrets`, async () => {
    const { scene, store, load, clear } = await openOrigin();
    fail(scene);
    const { value } = await store();
    assert.equal(await load(), `secret in ${value}`);
    assert.equal(scene.host.get(SLOT), value);
    assert.equal(await clear(), null);
    assert.equal(scene.host.has(SLOT), false);
    assert.equal(await load(), null);
  });
}

test('a host that fails is told, and what it missed reaches it later', async () => {
  const { scene, load } = await openOrigin();
  scene.storage.setItem(SLOT, 'of the page');
  scene.hostFails = true;
  await assert.rejects(load(), { message: 'the host failed' });
  await assert.rejects(load(), { message: 'the host failed' });
  scene.hostFails = false;
  await load();
  assert.equal(scene.host.get(SLOT), 'of the page');
});

test('a blocked localStorage is left alone, and the page hears why', async () => {
  const { scene, frame, load, clear, ended } = await openOrigin();
  await load();
  scene.served = [];
  scene.storageIsBlocked = true;
  scene.host.set(SLOT, 'from the host');
  await assert.rejects(load(), { name: 'SecurityError' });
  await assert.rejects(clear(), { name: 'SecurityError' });
  await assert.rejects(ended(frame.call('library', 'load', SLOT)), { name: 'SecurityError' });
  assert.equal(scene.host.get(SLOT), 'from the host');
  assert.equal(scene.served.includes('synchronizeItems'), false);
});

test('an extension that is gone is told as such', async () => {
  const { store, load } = await openOrigin();
  await store();
  BackgroundPort.isGone = true;
  await assert.rejects(load(), /^Error: powerup-secrets: .*Extension context invalidated.*reload/);
  BackgroundPort.isGone = false;
  await load();
});

test('calls that are under way when the background ends reject, and the next one starts it', async () => {
  const { scene, frame, store, load } = await openOrigin();
  await store();
  const calls = [1, 2].map(() => frame.call('documented', 'load', SLOT));
  await scene.deliverToBridge(frame);
  await scene.deliverToBridge(frame);
  BackgroundPort.last.end();
  const ended = Promise.allSettled(calls);
  await scene.settle();
  for (const { reason } of /** @type {PromiseRejectedResult[]} */ (await ended)) {
    assert.match(String(reason), /^Error: powerup-secrets: .*background ended.*reload/);
  }
  await load();
  scene.send = async () => undefined;
  await assert.rejects(store(), /^Error: powerup-secrets: .*no answer.*reload/);
  scene.send = async () => {
    throw new Error('Could not establish connection.');
  };
  await assert.rejects(load(), /^Error: powerup-secrets: .*Could not establish.*reload/);
});

test('a question of the background may be there before the page’s word that it is a Power-Up', async () => {
  const { scene, frame } = await openOrigin();
  let rendered = 0;
  frame.listen({
    invoke: async (/** @type {any} */ { command }) => ({ success: true, response: command }),
    render: () => rendered++,
  });
  const background = BackgroundPort.last;
  assert.equal(frame.bridge.inbox.length, 1); // its word is still on its way
  const asked = background.ask('invoke', 'https://a.example', {
    command: 'card-buttons',
    args: [],
  });
  await scene.settle();
  assert.deepEqual(await asked, { result: { success: true, response: 'card-buttons' } });

  const other = await scene.addFrame();
  other.listen({ render: () => rendered++ });
  const render = BackgroundPort.last.ask('render', 'https://a.example');
  await scene.settle();
  await render;
  assert.equal(rendered, 1);
});

test('a page that does not use TrelloPowerUp is asked nothing of its own', async () => {
  const { scene, frame } = await openOrigin();
  const asked = BackgroundPort.last.ask('invoke', 'https://a.example', { command: 'x', args: [] });
  await scene.settle();
  assert.deepEqual(await asked, { result: null });
  const elsewhere = BackgroundPort.last.ask('invoke', 'https://b.example', {
    command: 'x',
    args: [],
  });
  assert.equal(frame.page.inbox.length, 0);
  assert.deepEqual(await elsewhere, { result: null });
});
