// SPDX-License-Identifier: MIT
// The storage mode that a page meets: in its first script, in every kind of frame, and while it is open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FULL_ENTRY } from '../../extension/src/messages.js';
import { messageIn } from '../support/browser-messages.js';
import { modeOf } from './modes.js';
import { addFrame, browserName, call, command, setStage } from './stage.js';

/**
 * A page with frames of every kind.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {import('puppeteer-core').Browser} browser
 */
async function openWithFrames(stage, browser) {
  const page = await stage.open(browser);
  const frames = [
    await addFrame(page, {}),
    await addFrame(page, { srcdoc: '<p>inside</p>' }),
    await addFrame(page, { src: '/page.html' }),
  ];
  return { page, places: [page, ...frames] };
}

const MODES = ['denied', 'missing', 'full', 'enabled'];

test('each storage mode is met by the first script of a page, and by pages that are open', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const { places } = await openWithFrames(stage, browser);
  await call(places[0], 'storeSecret', 'token', 'secret');

  for (const mode of MODES) {
    await command(stage, 'storage', mode);
    for (const place of places) {
      assert.equal(await modeOf(place), mode);
    }
    const page = await browser.newPage();
    await page.goto(`${stage.origin('localhost')}/first-script.html`);
    assert.equal(
      await page.evaluate(() => /** @type {any} */ (window).storageSeenByTheFirstScript),
      mode,
    );
    await page.close();
    const other = await openWithFrames(stage, browser);
    for (const place of other.places) {
      assert.equal(await modeOf(place), mode);
    }
    await other.page.close();
  }
});

test('denied, missing and full are the browser’s own errors, for the secret calls as well', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const { resolved } = await call(page, 'storeSecret', 'token', 'secret');

  await command(stage, 'storage', 'denied');
  const denied = await page.evaluate(() => {
    try {
      return typeof localStorage;
    } catch (error) {
      const { constructor, name, message, code, stack } = /** @type {DOMException} */ (error);
      return [constructor.name, name, message, code, typeof stack, error instanceof DOMException];
    }
  });
  const words = messageIn(
    browserName,
    "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
  );
  assert.deepEqual(denied, ['DOMException', 'SecurityError', words, 18, 'string', true]);
  for (const method of ['storeSecret', 'loadSecret', 'clearSecret']) {
    assert.deepEqual(await call(page, method, 'token', 'x'), {
      rejected: {
        class: 'DOMException',
        name: 'SecurityError',
        message: words,
        operational: false,
      },
    });
  }

  await command(stage, 'storage', 'missing');
  for (const [method, access] of [
    ['storeSecret', 'setItem'],
    ['loadSecret', 'getItem'],
    ['clearSecret', 'removeItem'],
  ]) {
    const { rejected } = await call(page, method, 'token', 'x');
    assert.equal(rejected.class, 'TypeError');
    const expected = `Cannot read properties of null (reading '${access}')`;
    assert.equal(rejected.message, messageIn(browserName, expected));
  }

  await command(stage, 'storage', 'full');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
  const { rejected } = await call(page, 'storeSecret', 'token', 'longer than before');
  assert.equal(rejected.name, 'QuotaExceededError');
  assert.equal(
    rejected.message,
    messageIn(
      browserName,
      `Failed to execute 'setItem' on 'Storage': Setting the value of '${resolved.key}' exceeded the quota.`,
    ),
  );
  const seen = await page.evaluate(() => {
    const errors = [];
    for (const attempt of [
      () => localStorage.setItem('k', 'v'),
      () => (localStorage.foo = 'v'),
      () => Storage.prototype.setItem.call(localStorage, 'k', 'v'),
    ]) {
      try {
        attempt();
      } catch (error) {
        errors.push(/** @type {Error} */ (error).message);
      }
    }
    return {
      errors,
      same: localStorage === window.localStorage,
      isStorage: localStorage instanceof Storage,
      length: localStorage.length,
      names: Object.keys(localStorage),
      own: sessionStorage.setItem('k', 'v'),
    };
  });
  assert.deepEqual(
    seen.errors,
    [
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'k' exceeded the quota.",
      "Failed to set a named property 'foo' on 'Storage': Setting the value of 'foo' exceeded the quota.",
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'k' exceeded the quota.",
    ].map((message) => messageIn(browserName, message)),
  );
  assert.deepEqual([seen.same, seen.isStorage, seen.length], [true, true, 2]);
  assert.deepEqual(seen.names.sort(), [resolved.key, FULL_ENTRY].sort());

  await command(stage, 'storage', 'enabled');
  const native = await page.evaluate(() => {
    const { get, set, enumerable, configurable } = /** @type {PropertyDescriptor} */ (
      Object.getOwnPropertyDescriptor(window, 'localStorage')
    );
    return [
      String(get),
      set === undefined,
      enumerable,
      configurable,
      localStorage.getItem === Storage.prototype.getItem,
    ];
  });
  const [source, ...rest] = native;
  assert.match(String(source), /^function (get )?localStorage\(\) \{\s*\[native code\]\s*\}$/);
  assert.deepEqual(rest, [true, true, true, true]);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
});

/** How often a mode is changed right before a page is loaded. */
const ALTERNATIONS = Number(process.env.POWERUP_SECRETS_ALTERNATIONS ?? 24);

test(`${ALTERNATIONS} alternations of denied and enabled, each followed at once by a page load, show no stale mode`, async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const open = await openWithFrames(stage, browser);
  const src = `${stage.origin('powerup.localhost')}/page.html`;
  const openOther = await addFrame(open.page, { src });
  const page = await browser.newPage();
  const stale = [];
  let otherMode = 'enabled';

  for (let round = 0; round < ALTERNATIONS; round++) {
    const mode = ['denied', 'enabled'][round % 2];
    if (round % 4 < 2) {
      await command(stage, 'storage', mode, '--origin', stage.origin('localhost'));
    } else {
      await command(stage, 'storage', mode);
      otherMode = mode;
    }
    await page.goto(`${stage.origin('localhost')}/first-script.html?${round}`);
    const first = await page.evaluate(
      () => /** @type {any} */ (window).storageSeenByTheFirstScript,
    );
    const framed = await page.evaluate(() => /** @type {any} */ (window).storageSeenInFrames());
    const live = await Promise.all(open.places.map(modeOf));
    const other = await Promise.all([await addFrame(page, { src }), openOther].map(modeOf));
    for (const [wanted, all] of /** @type {[string, string[]][]} */ ([
      [mode, [first, ...framed, ...live]],
      [otherMode, other],
    ])) {
      if (all.some((seen) => seen !== wanted)) {
        stale.push({ round, wanted, all });
      }
    }
  }
  assert.deepEqual(stale, []);
});

test('a blank frame that an open page makes and reads in one go meets the mode of now', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const pages = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => stage.open(browser, `${name}.localhost`)),
  );
  const wrong = [];
  for (const mode of ['denied', 'enabled', 'missing', 'enabled', 'full', 'denied']) {
    await command(stage, 'storage', mode);
    for (const page of pages) {
      const seen = await page.evaluate(() => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        try {
          const storage = /** @type {Window} */ (frame.contentWindow).localStorage;
          if (storage === null) {
            return 'missing';
          }
          storage.setItem('probe', '1');
          storage.removeItem('probe');
          return 'enabled';
        } catch (error) {
          const { name } = /** @type {Error} */ (error);
          return name === 'SecurityError' ? 'denied' : 'full';
        }
      });
      if (seen !== mode) {
        wrong.push({ mode, seen, url: page.url() });
      }
    }
  }
  assert.deepEqual(wrong, []);
});

/** How often a page may come back: a browser keeps none in its cache that took seconds to freeze, as on
 * a busy machine. */
const RETURNS = 100;

test('a page that comes back from the back/forward cache has the current settings', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch({ own: true }));
  await call(page, 'storeSecret', 'token', 'secret');
  /** @type {unknown[]} */
  const restored = [];
  for (let i = 0; i < RETURNS && !restored.includes(true); i++) {
    const isNow = i % 2 === 0 ? 'denied' : 'missing';
    await page.evaluate(() => {
      window.addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
    });
    await page.goto(`${stage.origin('other.localhost')}/page.html`);
    await command(stage, 'storage', isNow);
    // Once the answer is on its way: a page that went away would not give it.
    await page.evaluate(() => void setTimeout(() => history.back()));
    await page.waitForFunction(
      (origin) => {
        try {
          return window.origin === origin && (window.localStorage ?? null) === null;
        } catch {
          return true;
        }
      },
      {},
      stage.origin('localhost'),
    );
    assert.equal(await modeOf(page), isNow);
    const { name } = (await call(page, 'loadSecret', 'token')).rejected;
    assert.equal(name, isNow === 'denied' ? 'SecurityError' : 'TypeError');
    restored.push(await page.evaluate(() => 'persisted' in window && window.persisted));
  }
  assert.ok(restored.includes(true), `restored: ${restored}`);
});

test('two origins that differ by the port alone have modes of their own', async (t) => {
  const stage = await setStage(t);
  const other = await setStage(t);
  const browser = await stage.launch();
  const [one, two] = [await stage.open(browser), await other.open(browser)];

  await command(stage, 'storage', 'denied', '--origin', stage.origin('localhost'));
  assert.deepEqual([await modeOf(one), await modeOf(two)], ['denied', 'enabled']);
  await Promise.all([one.reload(), two.reload()]);
  assert.deepEqual([await modeOf(one), await modeOf(two)], ['denied', 'enabled']);
  // A mode for all is for all; one for an origin goes before it.
  await command(stage, 'storage', 'missing');
  assert.deepEqual([await modeOf(one), await modeOf(two)], ['missing', 'missing']);
  await command(stage, 'storage', 'enabled', '--origin', stage.origin('localhost'));
  await Promise.all([one.reload(), two.reload()]);
  assert.deepEqual([await modeOf(one), await modeOf(two)], ['enabled', 'missing']);
});

test('a frame of another origin has the mode of its own origin', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser, 'trello.localhost');
  const frame = await addFrame(page, { src: `${stage.origin('powerup.localhost')}/page.html` });

  await command(stage, 'storage', 'denied', '--origin', stage.origin('powerup.localhost'));
  assert.deepEqual([await modeOf(page), await modeOf(frame)], ['enabled', 'denied']);
});
