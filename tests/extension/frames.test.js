// SPDX-License-Identifier: MIT
// The background's ports to all frames.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

/** What chrome.tabs.query finds. @type {{id: number}[]} */
let tabs = [];
Object.assign(globalThis, { chrome: { runtime: {}, tabs: { query: async () => tabs } } });
const { Frames } = await import('../../extension/src/background/frames.js');

/** A bridge's port, as the background sees it, and its frame. */
class FramePort {
  /** What the frame was asked. @type {any[]} */
  asked = [];
  /** @type {((message: any) => void)[]} */
  #listeners = [];
  /** @type {(() => void)[]} */
  #leave = [];

  onMessage = { addListener: (/** @type {any} */ listener) => void this.#listeners.push(listener) };
  onDisconnect = { addListener: (/** @type {any} */ listener) => void this.#leave.push(listener) };

  /**
   * @param {number} tab
   * @param {number} frameId
   * @param {(method: string, args: any[]) => any} [answer]  undefined: none
   */
  constructor(tab, frameId = 0, answer = () => ({ result: null })) {
    this.sender = { tab: { id: tab }, frameId };
    this.answer = answer;
  }

  /** @param {any} message */
  postMessage({ id, method, args }) {
    this.asked.push(method === undefined ? 'greeting' : [method, ...args]);
    const outcome = method === undefined ? undefined : this.answer(method, args);
    if (outcome !== undefined) {
      this.#listeners.forEach((listener) => listener({ id, ...outcome }));
    }
  }

  disconnect() {
    this.#leave.forEach((listener) => listener());
  }
}

/** @param {any[]} origins @returns {any} */
const allSettings = (...origins) => ({ origins, faults: false });
const silent = () => undefined;

test('every frame gets the settings, also one that comes later', async () => {
  const frames = new Frames();
  const [top, inner, late] = [new FramePort(1), new FramePort(1, 7), new FramePort(2)];
  frames.add(/** @type {any} */ (top));
  frames.add(/** @type {any} */ (inner));
  tabs = [{ id: 1 }];
  await frames.apply(allSettings());
  frames.add(/** @type {any} */ (late));
  assert.deepEqual(top.asked, ['greeting', ['apply', allSettings()]]);
  assert.deepEqual(inner.asked, top.asked);
  assert.deepEqual(late.asked, [['apply', allSettings()]]);
});

test('a command waits for the port of an open page, and for its answer', async () => {
  const frames = new Frames();
  tabs = [{ id: 1 }];
  let isDone = false;
  const done = frames.apply(allSettings()).then(() => (isDone = true));
  await new Promise(setImmediate);
  assert.equal(isDone, false);
  const port = new FramePort(1);
  frames.add(/** @type {any} */ (port));
  await done;
  assert.deepEqual(port.asked, [['apply', allSettings()]]);
});

test('a page that never opens a port is waited for a second', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    tabs = [{ id: 9 }];
    const done = new Frames().apply(allSettings());
    await new Promise(setImmediate);
    mock.timers.tick(1_000);
    await done;
  } finally {
    mock.timers.reset();
  }
});

test('nobody waits for a frame whose document went away', async () => {
  const frames = new Frames();
  tabs = [];
  const port = new FramePort(1, 0, silent);
  frames.add(/** @type {any} */ (port));
  const applied = frames.apply(allSettings());
  const invoked = frames.invoke('https://a.example', { command: 'show-settings', args: [] });
  await new Promise(setImmediate);
  port.disconnect();
  await applied;
  await assert.rejects(invoked, /a page went away before it answered "show-settings"/);
  await frames.apply(allSettings());
});

test('what fails in a frame is reported', async () => {
  const frames = new Frames();
  tabs = [];
  frames.add(/** @type {any} */ (new FramePort(1, 0, () => ({ error: 'no host' }))));
  await assert.rejects(frames.apply(allSettings()), /no host/);
});

test('a handler’s answer counts, whatever the other frames say', async () => {
  const frames = new Frames();
  tabs = [];
  const answer = { success: true, response: 1 };
  frames.add(/** @type {any} */ (new FramePort(1)));
  frames.add(/** @type {any} */ (new FramePort(2, 0, () => ({ result: answer }))));
  assert.deepEqual(await frames.invoke('https://a.example', { command: 'x', args: [] }), answer);
  assert.deepEqual(
    await new Frames().invoke('https://a.example', { command: 'x', args: [] }),
    null,
  );
});

test('pages are described with their tab', async () => {
  const frames = new Frames();
  tabs = [];
  const page = { origin: 'https://a.example', url: 'https://a.example/x' };
  frames.add(/** @type {any} */ (new FramePort(3, 0, () => ({ result: page }))));
  frames.add(/** @type {any} */ (new FramePort(4)));
  assert.deepEqual(await frames.describe(), [{ ...page, tab: 3 }]);
});
