// SPDX-License-Identifier: MIT
// The background's ports to all frames.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

/** Those with a page. @type {number[]} */
let tabs = [];
/** Tabs that show an error page. @type {number[]} */
let errorPages = [];
const { Frames, passed, SILENT_MS } = await import('../../extension/src/background/frames.js');

/** What the browser says of its tabs. @type {import('../../extension/src/background/frames.js').Tabs} */
const browserTabs = {
  withPages: async () => tabs,
  isPage: async (tab) => !errorPages.includes(tab),
};

const ORIGIN = 'https://a.example';

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
   * @param {string} [origin]
   */
  constructor(tab, frameId = 0, answer = () => ({ result: null }), origin = ORIGIN) {
    /** @type {import('../../extension/src/background/frames.js').Who} */
    this.who = {
      page: `page ${tab}.${frameId}`,
      caller: { origin },
      address: `${origin}/page.html`,
      tab,
      isTop: frameId === 0,
    };
    this.answer = answer;
  }

  /** @param {any} message */
  postMessage({ id, method, args }) {
    this.asked.push(method === undefined ? 'greeting' : [method, ...args]);
    const outcome = method === undefined ? undefined : this.answer(method, args);
    if (outcome !== undefined) {
      this.say({ id, ...outcome });
    }
  }

  /** @param {any} message */
  say(message) {
    this.#listeners.forEach((listener) => listener(message));
  }

  disconnect() {
    this.#leave.forEach((listener) => listener());
  }
}

/** @param {FramePort[]} ports */
function framesOf(...ports) {
  const frames = new Frames(browserTabs);
  tabs = [];
  errorPages = [];
  for (const port of ports) {
    frames.add(/** @type {any} */ (port), port.who);
    port.asked = [];
  }
  return frames;
}

/** @param {Record<string, number>} [pluginData] @param {any[]} [origins] @returns {any} */
const allSettings = (pluginData = {}, origins = []) => ({
  origins,
  faults: [],
  pluginData,
});
const silent = () => undefined;
const turn = () => new Promise(setImmediate);

test('every frame gets the settings, also one that comes later', async () => {
  const [top, inner, late] = [new FramePort(1), new FramePort(1, 7), new FramePort(2)];
  const frames = framesOf(top, inner);
  await frames.apply(allSettings());
  frames.add(/** @type {any} */ (late), late.who);
  assert.deepEqual(top.asked, [['apply', allSettings()]]);
  assert.deepEqual(inner.asked, top.asked);
  assert.deepEqual(late.asked, ['greeting', ['apply', allSettings()]]);
});

test('a command waits for the port of an open page, and for its answer', async () => {
  const frames = framesOf();
  tabs = [1];
  let isDone = false;
  const done = frames.apply(allSettings()).then(() => (isDone = true));
  await turn();
  assert.equal(isDone, false);
  const port = new FramePort(1);
  frames.add(/** @type {any} */ (port), port.who);
  await done;
  assert.deepEqual(port.asked, ['greeting', ['apply', allSettings()]]);
});

test('an error page, which never opens a port, is waited for a second, another page longer', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    for (const [isError, ms] of /** @type {const} */ ([
      [true, 1_000],
      [false, 4_000],
    ])) {
      const frames = framesOf();
      tabs = [9];
      errorPages = isError ? [9] : [];
      let isDone = false;
      const done = frames
        .apply(allSettings(), { limit: passed(4_000) })
        .then(() => (isDone = true));
      await turn();
      mock.timers.tick(1_000);
      await turn();
      assert.equal(isDone, isError);
      mock.timers.tick(ms - 1_000);
      await done;
    }
  } finally {
    mock.timers.reset();
  }
});

test('a command asks and waits for the frames that it is about, and no others', async () => {
  const [mine, busy] = [new FramePort(1), new FramePort(2, 0, silent, 'https://b.example')];
  const frames = framesOf(mine, busy);
  const scope = { origins: [ORIGIN] };
  await frames.apply(allSettings(), scope);
  await frames.render(scope);
  await frames.report(scope, async () => {});
  await frames.invoke({ origin: ORIGIN, page: 'page 1.0', invocation: { command: 'x', args: [] } });
  assert.deepEqual(
    mine.asked.map(([method]) => method),
    ['apply', 'render', 'report', 'offer'],
  );
  assert.deepEqual(busy.asked, []);
});

test('a frame of another origin is concerned when its plugin data changed', async () => {
  const [mine, other] = [new FramePort(1), new FramePort(2, 0, undefined, 'https://b.example')];
  const frames = framesOf(mine, other);
  await frames.apply(allSettings({ 'https://b.example': 1 }), {});
  await frames.apply(allSettings({ 'https://b.example': 2 }), { origins: [ORIGIN] });
  await frames.apply(allSettings({ 'https://b.example': 2 }), { origins: [ORIGIN] });
  assert.equal(other.asked.length, 2);
  assert.equal(mine.asked.length, 3);
});

test('a page that does not answer in time is named, with what is likely', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const frames = framesOf(new FramePort(1), new FramePort(2, 0, silent));
    const applied = frames.apply(allSettings(), { limit: passed(900) });
    await turn();
    mock.timers.tick(900);
    await assert.rejects(
      applied,
      /^Error: https:\/\/a\.example\/page\.html does not answer: .*script.*alert.*debugger/,
    );
  } finally {
    mock.timers.reset();
  }
});

test('nobody waits for a frame whose document went away', async () => {
  const port = new FramePort(1, 0, silent);
  const frames = framesOf(port);
  const applied = frames.apply(allSettings());
  await turn();
  port.disconnect();
  await applied;
  await frames.apply(allSettings());

  const handles = new FramePort(2, 0, (method) =>
    method === 'offer' ? { result: { handlers: ['show-settings'] } } : undefined,
  );
  const others = framesOf(handles);
  const invocation = { command: 'show-settings', args: [] };
  const invoking = others.invoke({ origin: ORIGIN, invocation });
  while (handles.asked.length < 2) {
    await turn();
  }
  handles.disconnect();
  await assert.rejects(
    invoking,
    /a page went away before it answered "show-settings": .*page\.html/,
  );
});

test('what fails in a frame is reported with its address', async () => {
  const frames = framesOf(new FramePort(1, 0, () => ({ error: 'no host' })));
  await assert.rejects(frames.apply(allSettings()), /https:\/\/a\.example\/page\.html: no host/);
});

test('what a frame has not reported is kept before the answer', async () => {
  const report = { calls: [1], items: [2] };
  const frames = framesOf(new FramePort(1, 0, () => ({ result: report })), new FramePort(2));
  /** @type {any[]} */
  const kept = [];
  await frames.report({}, async ({ who }, given) => void kept.push([who.page, given]));
  assert.deepEqual(kept, [['page 1.0', report]]);
  const failing = async () => {
    throw new Error('no room');
  };
  await assert.rejects(frames.report({}, failing), /no room/);
});

/**
 * A page with handlers, and what it answers when one is invoked.
 *
 * @param {number} tab
 * @param {string[] | undefined} handlers
 * @param {any} [answer]
 */
const withHandlers = (tab, handlers, answer) =>
  new FramePort(tab, 0, (method) => ({ result: method === 'offer' ? { handlers } : answer }));

/** @param {FramePort} port */
const invoked = (port) => port.asked.filter(([method]) => method === 'invoke').length;

test('a handler is invoked in one page, the newest that has it, and no other', async () => {
  const answer = { success: true, response: 1 };
  const pages = [
    withHandlers(1, ['x'], answer),
    withHandlers(2, ['x'], answer),
    withHandlers(3, ['y'], answer),
    withHandlers(4, undefined, answer),
  ];
  const frames = framesOf(...pages);
  const invocation = { command: 'x', args: [] };
  assert.deepEqual(await frames.invoke({ origin: ORIGIN, invocation }), {
    ...answer,
    page: 'page 2.0',
  });
  assert.deepEqual(pages.map(invoked), [0, 1, 0, 0]);
});

test('a callback is that of the page that is named, else of the newest that has it', async () => {
  const nobody = { success: false, response: { code: 'not handled' } };
  const pages = [
    withHandlers(1, [], { success: true, response: 1 }),
    withHandlers(2, [], { success: true, response: 2 }),
    withHandlers(3, undefined, nobody),
  ];
  const frames = framesOf(...pages);
  const options = { origin: ORIGIN, invocation: { command: 'callback', args: [] } };
  assert.equal((await frames.invoke({ ...options, page: 'page 1.0' })).response, 1);
  assert.deepEqual(pages.map(invoked), [1, 0, 0]);
  assert.equal((await frames.invoke(options)).response, 2);
  assert.deepEqual(pages.map(invoked), [1, 1, 1]);
  assert.equal(await frames.invoke({ ...options, page: 'none' }), null);
});

test('a page that does not answer delays the others’ handlers only for a moment', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const answer = { success: true, response: 1 };
    const frames = framesOf(new FramePort(1, 0, silent), withHandlers(2, ['x'], answer));
    const invoking = frames.invoke({ origin: ORIGIN, invocation: { command: 'x', args: [] } });
    await turn();
    mock.timers.tick(SILENT_MS);
    assert.equal((await invoking).response, 1);
  } finally {
    mock.timers.reset();
  }
});

test('a handler that does not settle is named, and the page is not blamed', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const port = new FramePort(1, 0, (method) =>
      method === 'offer' ? { result: { handlers: ['x'] } } : undefined,
    );
    const frames = framesOf(port);
    const invocation = { command: 'x', args: [] };
    const invoking = frames.invoke({ origin: ORIGIN, invocation, limit: passed(900) });
    await turn();
    mock.timers.tick(SILENT_MS);
    await turn();
    mock.timers.tick(900);
    await assert.rejects(invoking, /page\.html: "x" has not settled in time$/);
  } finally {
    mock.timers.reset();
  }
});

test('a page that is about to initialize is waited for, unless one has', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    /** @type {any} */
    let offer = {};
    const answer = { success: true, response: 1 };
    const port = new FramePort(1, 0, (method) => ({ result: method === 'offer' ? offer : answer }));
    const frames = framesOf(port);
    const invocation = { command: 'x', args: [] };
    const options = { origin: ORIGIN, invocation, waits: true };
    const invoking = frames.invoke({ ...options, limit: passed(5_000) });
    await turn();
    assert.equal(invoked(port), 0);
    offer = { handlers: ['x'] };
    port.say({ powerUp: true });
    assert.equal((await invoking).response, 1);

    offer = { handlers: ['card-buttons'] };
    assert.deepEqual(await frames.invoke({ ...options, limit: passed(5_000) }), offer);

    offer = {};
    const never = frames.invoke({ ...options, limit: passed(5_000) });
    await turn();
    mock.timers.tick(5_000);
    assert.deepEqual(await never, { handlers: [] });

    const none = framesOf().invoke({ ...options, limit: passed(5_000) });
    await turn();
    mock.timers.tick(5_000);
    assert.equal(await none, null);
  } finally {
    mock.timers.reset();
  }
});

test('changed plugin data are shown to the pages of their origins, and to the writer if it is set so', async () => {
  const [writer, open, other] = [
    new FramePort(1),
    new FramePort(2),
    new FramePort(3, 0, undefined, 'https://b.example'),
  ];
  const frames = framesOf(open, other);
  const frame = frames.add(/** @type {any} */ (writer), writer.who);
  writer.asked = [];
  frames.see({ [ORIGIN]: 1 }, frame);
  assert.deepEqual(
    [writer.asked, open.asked, other.asked],
    [[['see', 1, true]], [['see', 1, true]], []],
  );
  await frames.apply(allSettings({}, [{ origin: '', settings: { renderWriter: 'off' } }]), {
    origins: [],
  });
  frames.see({ [ORIGIN]: 2 }, frame);
  assert.deepEqual(writer.asked.at(-1), ['see', 2, false]);
  assert.deepEqual(open.asked.at(-1), ['see', 2, true]);
});

test('pages are described with their tab, also one that does not answer', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const page = { origin: ORIGIN, url: `${ORIGIN}/x` };
    const frames = framesOf(
      new FramePort(3, 0, () => ({ result: page })),
      new FramePort(4),
      new FramePort(5, 0, silent),
    );
    const described = frames.describe({ limit: passed(900) });
    await turn();
    mock.timers.tick(900);
    assert.deepEqual(await described, [
      { ...page, tab: 3, answers: true },
      { origin: ORIGIN, url: `${ORIGIN}/page.html`, tab: 5, answers: false },
    ]);
  } finally {
    mock.timers.reset();
  }
});
