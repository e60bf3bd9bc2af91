// SPDX-License-Identifier: MIT
// The port between page script and bridge, in frames whose parent is of the same origin and listens in
// from the first moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, command, setStage } from './stage.js';

const AT_PAGE = `frame.contentWindow.location.pathname === '/page.html'`;
const HAS_TEXT = `frame.contentDocument.body.textContent === 'text'`;

/** Frames that a page can make of its own origin, and when one has its last document: it may be loaded with
 * its initial about:blank before. @type {Record<string, {make: string, isThere: string}>} */
const FRAMES = {
  'with an address': {
    make: `frame.src = '/page.html'; document.body.append(frame)`,
    isThere: AT_PAGE,
  },
  'that gets an address later': {
    make: `document.body.append(frame); listen(); frame.src = '/page.html'`,
    isThere: AT_PAGE,
  },
  'navigated by its window': {
    make: `document.body.append(frame); listen(); frame.contentWindow.location = '/page.html'`,
    isThere: AT_PAGE,
  },
  'with a text': { make: `frame.srcdoc = 'text'; document.body.append(frame)`, isThere: HAS_TEXT },
  empty: { make: 'document.body.append(frame)', isThere: 'true' },
  'of javascript': {
    make: `frame.src = 'javascript:"text"'; document.body.append(frame)`,
    isThere: HAS_TEXT,
  },
};

test('a parent of the same origin cannot hear the port of a frame, however early it listens', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'token', 'of the page');
  for (const [name, { make, isThere }] of Object.entries(FRAMES)) {
    const heard = await page.evaluate(`(async () => {
      const heard = [];
      const frame = document.createElement('iframe');
      // Whatever the type: a port has to come with an event.
      const types = ['powerup-secrets-port', 'powerup-secrets-settings', 'message', 'load', 'port', 'connect'];
      const targets = new Set();
      const listen = () => {
        for (const target of [frame, frame.contentWindow, frame.contentDocument, frame.contentDocument?.documentElement]) {
          if (target && !targets.has(target)) {
            targets.add(target);
            for (const type of types) {
              target.addEventListener(type, (event) => event.ports && heard.push(type), true);
            }
          }
        }
      };
      const loaded = new Promise((resolve) =>
        frame.addEventListener('load', () => ${isThere} && resolve()));
      ${make};
      listen();
      await loaded;
      listen();
      // The frame's own calls work: its page script has the port.
      const t = frame.contentWindow.TrelloPowerUp.iframe();
      const secret = await t.loadSecret('token');
      frame.remove();
      return { heard, secret };
    })()`);
    assert.deepEqual(heard, { heard: [], secret: 'of the page' }, name);
  }
});

test('a document without an address inherits the settings, whatever its maker has replaced', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await command(stage, 'storage', 'denied', '--origin', stage.origin('localhost'));
  const seen = await page.evaluate(() => {
    const heard = /** @type {string[]} */ ([]);
    const { dispatchEvent, CustomEvent: Native } = window;
    window.dispatchEvent = (event) => {
      heard.push(event.type);
      return dispatchEvent.call(window, event);
    };
    window.CustomEvent = /** @type {any} */ (
      function (/** @type {string} */ type, /** @type {any} */ init) {
        heard.push(type);
        init?.detail?.({ storage: 'enabled' });
        return new Native(type, init);
      }
    );
    const frame = document.createElement('iframe');
    document.body.append(frame);
    try {
      void (/** @type {Window} */ (frame.contentWindow).localStorage);
      return { heard, met: 'enabled' };
    } catch (error) {
      return { heard, met: /** @type {Error} */ (error).name };
    } finally {
      Object.assign(window, { dispatchEvent, CustomEvent: Native });
    }
  });
  assert.deepEqual(seen, { heard: [], met: 'SecurityError' });
});
