// SPDX-License-Identifier: MIT
// The page's localStorage and the host's items, event by event. Slots 0 and 1 are for `documented`,
// 2 and 3 for `library`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackgroundPort, OriginFixture, slotOf } from './origin-fixture.js';

console.warn = () => {}; // storages fail on purpose

const SLOT = slotOf(0);
const OTHER = slotOf(1);

async function openOrigin() {
  const fixture = new OriginFixture();
  const frame = await fixture.addFrame();
  /** @param {any} promise */
  const ended = async (promise) => {
    promise.catch(() => {}); // the caller's await comes later
    await fixture.settle();
    return promise;
  };
  const store = (slot = SLOT, by = frame) => ended(by.call('documented', 'store', slot));
  const load = (slot = SLOT, by = frame) => ended(by.call('documented', 'load', slot));
  const clear = (slot = SLOT, by = frame) => ended(by.call('documented', 'clear', slot));
  return { fixture, frame, store, load, clear, ended };
}

test('the first call of a frame brings everything together, the next ones compare nothing', async () => {
  const { fixture, store, load, clear } = await openOrigin();
  fixture.host.set(OTHER, 'from the host');
  fixture.storage.setItem(SLOT, 'from the page');

  await load();
  assert.equal(fixture.storage.getItem(OTHER), 'from the host');
  assert.equal(fixture.host.get(SLOT), 'from the page');
  const { value } = await store();
  await load();
  await load(OTHER);
  assert.equal(fixture.storage.getItem(SLOT), value);
  await clear();
  const first = ['synchronizeItems', 'loadSecret'];
  assert.deepEqual(fixture.served, [
    ...first,
    'storeSecret',
    'loadSecret',
    'loadSecret',
    'clearSecret',
  ]);
  assert.equal(fixture.storage.getItem(SLOT), null);
});

test('entries that are no slots stay in the page', async () => {
  const { fixture, load } = await openOrigin();
  for (const name of ['theme', 'F'.repeat(64), '0'.repeat(63), '0'.repeat(65), `${SLOT}\n`, '']) {
    fixture.storage.setItem(name, 'of the page');
  }
  await load();
  assert.deepEqual([...fixture.host], []);
  assert.equal(fixture.storage.length, 6);
});

test('an empty entry is an entry', async () => {
  const { fixture, load } = await openOrigin();
  await load();
  fixture.storage.setItem(SLOT, '');
  await load();
  assert.equal(fixture.host.get(SLOT), '');
});

test('what page and host changed both is the host’s; what one changed is that one’s', async () => {
  const { fixture, store, load } = await openOrigin();
  for (const slot of [0, 1, 2, 3].map(slotOf)) {
    await store(slot);
  }
  fixture.storage.setItem(slotOf(0), 'page');
  fixture.host.set(slotOf(0), 'host');
  fixture.storage.setItem(slotOf(1), 'page');
  fixture.host.set(slotOf(2), 'host');
  fixture.storage.removeItem(slotOf(3));
  await load(slotOf(0));
  for (const [slot, value] of ['host', 'page', 'host', null].entries()) {
    assert.equal(fixture.storage.getItem(slotOf(slot)), value);
    assert.equal(fixture.host.get(slotOf(slot)) ?? null, value);
  }
});

test('a change that the page makes while all is compared is not undone', async () => {
  const { fixture, frame, store, load } = await openOrigin();
  await store();
  fixture.host.set(SLOT, 'from outside');
  fixture.storage.setItem(OTHER, 'of the page');
  const loading = frame.call('documented', 'load', OTHER);
  await fixture.deliverToBridge(frame);
  fixture.hostServes();
  fixture.storage.setItem(SLOT, 'of the page');
  await fixture.settle();
  assert.equal(await loading, 'secret in of the page');
  assert.equal(fixture.storage.getItem(SLOT), 'of the page');
  await load();
  assert.equal(fixture.host.get(SLOT), 'of the page');
});

test('of two frames that write what the host had, the one that is late does not bring it back', async () => {
  const { fixture, store, load } = await openOrigin();
  await store();
  const calls = [];
  for (const value of ['newer', 'newest']) {
    const frame = await fixture.addFrame();
    fixture.hostChanges(SLOT, value);
    calls.push(frame.call('documented', 'load', SLOT));
    await fixture.deliverToBridge(frame);
    fixture.hostServes();
  }
  await fixture.settle();
  await Promise.all(calls);
  await load();
  assert.equal(fixture.host.get(SLOT), 'newest');
  assert.equal(fixture.storage.getItem(SLOT), 'newest');
});

test('two secrets stored at once in `library` are both at the host when the promises say so', async () => {
  const { fixture, frame, ended } = await openOrigin();
  const slots = [slotOf(2), slotOf(3)];
  /** @type {(string | undefined)[]} */
  const held = [];
  const calls = slots.map((slot) =>
    frame.call('library', 'store', slot).then(() => held.push(fixture.host.get(slot))),
  );
  await ended(Promise.all(calls));
  assert.deepEqual(
    held,
    slots.map((slot) => fixture.storage.getItem(slot)),
  );
});

test('a secret that was stored and cleared at once does not come back', async () => {
  const { fixture, frame, store, load } = await openOrigin();
  await store(OTHER);
  void frame.call('documented', 'store', SLOT);
  void frame.call('documented', 'clear', SLOT);
  for (let calls = 0; calls < 2; calls++) {
    await fixture.deliverToBridge(frame);
    fixture.hostServes();
    await fixture.deliverAnswer();
  }
  await fixture.deliverToPage(frame); // the page writes what it stored
  await fixture.deliverToBridge(frame);
  fixture.storage.setItem(OTHER, 'of another frame');
  void frame.call('documented', 'load', OTHER); // compares everything
  await fixture.deliverToBridge(frame);
  await fixture.settle();

  fixture.storage.setItem(OTHER, 'again of another frame');
  await load(OTHER);
  assert.equal(fixture.storage.getItem(SLOT), null);
  assert.equal(fixture.host.has(SLOT), false);
});

test('a secret that is cleared when a comparison begins does not come back', async () => {
  const { fixture, frame, store, load } = await openOrigin();
  await store(OTHER);
  void frame.call('documented', 'clear', SLOT);
  await fixture.deliverToBridge(frame);
  fixture.storage.setItem(SLOT, 'of the page');
  fixture.storage.setItem(OTHER, 'of another frame');
  void frame.call('documented', 'load', OTHER); // compares everything
  await fixture.deliverToBridge(frame);
  for (let requests = 0; requests < 2; requests++) {
    fixture.hostServes();
    await fixture.deliverAnswer();
  }
  await fixture.settle();

  fixture.storage.setItem(OTHER, 'again of another frame');
  await load(OTHER);
  assert.equal(fixture.storage.getItem(SLOT), null);
  assert.equal(fixture.host.has(SLOT), false);
});

test('what one frame stored and the page removed, another frame does not bring back', async () => {
  const { fixture, frame, store, load } = await openOrigin();
  const popup = await fixture.addFrame();
  await load();
  await store(SLOT, popup);
  fixture.storage.clear();
  fixture.removeFrame(popup);
  fixture.storage.setItem(OTHER, 'of the page');
  await load(OTHER, frame);
  assert.equal(fixture.storage.getItem(SLOT), null);
  assert.equal(fixture.host.has(SLOT), false);
});

test('what does not fit into the page’s localStorage stays at the host, and arrives when there is room', async () => {
  const { fixture, load } = await openOrigin();
  fixture.host.set(SLOT, 'from the host');
  fixture.storage.full = true;
  for (let times = 0; times < 3; times++) {
    assert.equal(await load(), null);
    assert.equal(fixture.host.get(SLOT), 'from the host');
  }
  fixture.storage.full = false;
  fixture.storage.setItem(OTHER, 'of the page');
  await load(OTHER);
  assert.equal(fixture.storage.getItem(SLOT), 'from the host');
});

test('a store that the page’s localStorage refuses leaves both sides as they were', async () => {
  const { fixture, frame, store, ended } = await openOrigin();
  const { value } = await store();
  const storing = frame.call('documented', 'store', SLOT);
  await fixture.deliverToBridge(frame);
  fixture.storage.full = true; // filled by somebody after there was room
  await assert.rejects(ended(storing), { name: 'QuotaError' });
  assert.equal(fixture.storage.getItem(SLOT), value);
  assert.equal(fixture.host.get(SLOT), value);
});

for (const [title, fail] of /** @type {[string, (fixture: OriginFixture) => void][]} */ ([
  ['cannot be read', (fixture) => (fixture.database.failsReading = true)],
  ['cannot be written', (fixture) => (fixture.database.failsWriting = true)],
  [
    'cannot be opened',
    (fixture) =>
      (fixture.database.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }),
  ],
])) {
  test(`a page whose IndexedDB ${title} keeps its secrets`, async () => {
    const { fixture, store, load, clear } = await openOrigin();
    fail(fixture);
    const { value } = await store();
    assert.equal(await load(), `secret in ${value}`);
    assert.equal(fixture.host.get(SLOT), value);
    assert.equal(await clear(), null);
    assert.equal(fixture.host.has(SLOT), false);
    assert.equal(await load(), null);
  });
}

/** What ends with a change that both sides have agreed on.
 * @type {[string, (frame: import('./origin-fixture.js').Frame) => Promise<any>][]} */
const AGREEING = [
  ['storeSecret, documented', (frame) => frame.call('documented', 'store', SLOT)],
  ['clearSecret, documented', (frame) => frame.call('documented', 'clear', SLOT)],
  ['storeSecret, library', (frame) => frame.call('library', 'store', SLOT)],
  ['clearSecret, library', (frame) => frame.call('library', 'clear', SLOT)],
  [
    'a command that changes items',
    () => BackgroundPort.last.ask('apply', { origins: [], faults: [], pluginData: {} }),
  ],
];
for (const [name, act] of AGREEING) {
  test(`${name} ends when the next document would know what was agreed`, async () => {
    const { fixture, frame, store } = await openOrigin();
    frame.listen({ invoke: async () => null, render() {} });
    await store();
    fixture.host.set(OTHER, 'from outside');
    let hasEnded = false;
    fixture.database.held = [];
    const ending = act(frame).then(() => (hasEnded = true));
    await fixture.settle();
    assert.equal(hasEnded, false);
    fixture.database.release();
    await fixture.ended(ending);
  });
}

test('a host’s failure is reported, and it gets later what it missed', async () => {
  const { fixture, load } = await openOrigin();
  fixture.storage.setItem(SLOT, 'of the page');
  fixture.hostFails = true;
  await assert.rejects(load(), { message: 'the host failed' });
  await assert.rejects(load(), { message: 'the host failed' });
  fixture.hostFails = false;
  await load();
  assert.equal(fixture.host.get(SLOT), 'of the page');
});

test('a blocked localStorage is not accessed, and the page gets the browser’s error', async () => {
  const { fixture, frame, load, clear, ended } = await openOrigin();
  await load();
  fixture.served = [];
  fixture.storageIsBlocked = true;
  fixture.host.set(SLOT, 'from the host');
  await assert.rejects(load(), { name: 'SecurityError' });
  await assert.rejects(clear(), { name: 'SecurityError' });
  await assert.rejects(ended(frame.call('library', 'load', SLOT)), { name: 'SecurityError' });
  assert.equal(fixture.host.get(SLOT), 'from the host');
  assert.equal(fixture.served.includes('synchronizeItems'), false);
});

test('calls after the extension is gone say so', async () => {
  const { store, load } = await openOrigin();
  await store();
  BackgroundPort.isGone = true;
  await assert.rejects(load(), /^Error: powerup-secrets: .*Extension context invalidated.*reload/);
  BackgroundPort.isGone = false;
  await load();
});

test('calls under way when the background ends reject; later ones wait for the next', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { fixture, frame, store, load } = await openOrigin();
  await store();
  const calls = [1, 2].map(() => frame.call('documented', 'load', SLOT));
  await fixture.deliverToBridge(frame);
  await fixture.deliverToBridge(frame);
  const first = BackgroundPort.last;
  first.end();
  const ended = Promise.allSettled(calls);
  await fixture.settle();
  for (const { reason } of /** @type {PromiseRejectedResult[]} */ (await ended)) {
    assert.match(String(reason), /^Error: powerup-secrets: .*background ended.*reload/);
  }
  const next = frame.call('documented', 'load', SLOT);
  await fixture.settle();
  assert.equal(BackgroundPort.last, first); // not in the moment in which the background ends
  t.mock.timers.tick(1_000);
  assert.notEqual(BackgroundPort.last, first);
  await new Promise(setImmediate);
  await fixture.settle();
  assert.match(await next, /^secret in /);
  await load();
});

test('a background that does not answer on one port is called on another', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  BackgroundPort.isGreeting = false;
  const { fixture, frame } = await openOrigin();
  const calls = [1, 2].map(() => frame.call('documented', 'load', SLOT));
  calls[1].catch(() => {});
  await fixture.deliverToBridge(frame);
  const first = BackgroundPort.last;
  assert.equal(fixture.toHost.length, 0); // nothing is sent to where nobody is
  t.mock.timers.tick(1_000);
  assert.equal(first.isOpen, false);
  BackgroundPort.isGreeting = true;
  t.mock.timers.tick(2_000);
  await new Promise(setImmediate);
  await fixture.settle();
  assert.equal(await calls[0], null);
});

test('a call ends when the background never starts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  BackgroundPort.isGreeting = false;
  const { fixture, frame } = await openOrigin();
  const call = frame.call('documented', 'load', SLOT);
  call.catch(() => {});
  await fixture.deliverToBridge(frame);
  t.mock.timers.tick(60_000);
  BackgroundPort.isGreeting = true;
  await new Promise(setImmediate);
  await fixture.settle();
  await assert.rejects(call, /does not start/);
});

test('calls of a page that the user has left are refused', async () => {
  const { fixture, store, load } = await openOrigin();
  await store();
  window.dispatchEvent(new Event('pagehide'));
  await assert.rejects(load(), /^Error: powerup-secrets: .*the user has left the page/);
  fixture.served = [];
  // Firefox keeps the window of an initial about:blank for the document that replaces it.
  Object.assign(window, { document: {} });
  await load();
  assert.ok(fixture.served.includes('loadSecret'));
});

test('a page renders once for each revision that it has not seen, and not for the first', async () => {
  const { fixture, frame } = await openOrigin();
  let rendered = 0;
  frame.listen({ invoke: async () => null, render: () => rendered++ });
  const background = BackgroundPort.last;
  /** @param {string} method @param {any[]} args */
  const ask = async (method, ...args) => {
    const asked = background.ask(method, ...args);
    return fixture.ended(asked);
  };
  /** @param {number} revision */
  const all = (revision) => ({
    origins: [],
    faults: [],
    pluginData: { 'https://a.example': revision },
  });
  /** @type {[string, any[], number][]} */
  const steps = [
    ['apply', [all(3)], 0],
    ['apply', [all(3)], 0],
    ['apply', [all(4)], 1],
    ['see', [4, true], 1],
    ['see', [5, false], 1],
    ['apply', [all(5)], 1],
    ['see', [6, true], 2],
    ['report', [], 2],
    ['describe', [], 2],
    ['render', [], 3],
  ];
  for (const [method, args, count] of steps) {
    await ask(method, ...args);
    assert.equal(rendered, count, `${method} ${JSON.stringify(args)}`);
  }
});

test('a change that comes before the settings is one that the page has not seen', async () => {
  const { fixture, frame } = await openOrigin();
  let rendered = 0;
  frame.listen({ invoke: async () => null, render: () => rendered++ });
  await fixture.settle();
  const asked = BackgroundPort.last.ask('see', 1, true);
  await fixture.ended(asked);
  assert.equal(rendered, 1);
});

test('reading takes what the page has not reported, changes nothing in it, and opens no database', async () => {
  const { fixture, frame, store } = await openOrigin();
  frame.listen({ invoke: async () => null, render: () => assert.fail('it rendered') });
  await fixture.settle();
  const report = async () => {
    const asked = BackgroundPort.last.ask('report');
    return fixture.ended(asked);
  };
  frame.record({ method: 'alert', detail: {} });
  assert.deepEqual((await report()).result.calls.length, 1);
  assert.deepEqual((await report()).result, { calls: [] });
  assert.deepEqual(await fixture.database.databases(), []);

  await store();
  fixture.storage.setItem(SLOT, 'of the page');
  fixture.hostChanges(OTHER, 'from the host');
  await report();
  assert.equal(fixture.host.get(SLOT), 'of the page');
  assert.equal(fixture.storage.getItem(OTHER), null);
  // What was read is agreed: the page's next change is one, too.
  fixture.storage.setItem(SLOT, 'of the page again');
  await report();
  assert.equal(fixture.host.get(SLOT), 'of the page again');
});

test('entries that look like items and are not of secret calls stay the page’s own', async () => {
  const { fixture, frame, load } = await openOrigin();
  frame.listen({ invoke: async () => null, render() {} });
  fixture.storage.setItem(OTHER, 'of the page');
  await load();
  assert.equal(fixture.host.has(OTHER), false);
  await load(OTHER);
  assert.equal(fixture.host.get(OTHER), 'of the page');
});
