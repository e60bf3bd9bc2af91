// SPDX-License-Identifier: MIT
// The promise class of every call: bluebird 2.11.0, as in Trello's library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageIn } from '../support/browser-messages.js';
import { browserName, call, setStage } from './stage.js';

test('every call gives a TrelloPowerUp.Promise', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const others = await page.evaluate(() => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const t = TrelloPowerUp.iframe();
    /** @type {Record<string, any>} */
    const promises = {
      storeSecret: t.storeSecret('k', 'v'),
      loadSecret: t.loadSecret('k'),
      clearSecret: t.clearSecret('k'),
      get: t.get('member', 'private'),
      set: t.set('member', 'private', 'a', 1),
      setAgain: t.set('member', 'private', 'a', 1),
      remove: t.remove('member', 'private', 'a'),
      getAll: t.getAll(),
      alert: t.alert({ message: 'x' }),
      popup: t.popup({ items: [] }),
    };
    return Object.keys(promises).filter(
      (name) => !(promises[name] instanceof TrelloPowerUp.Promise),
    );
  });
  assert.deepEqual(others, []);
});

test('spread, tap, error, filtered catch and the rest work on what the calls give', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const { resolved } = await call(page, 'storeSecret', 'broken', 'x');
  await call(page, 'storeSecret', 'k', 'v');

  const seen = await page.evaluate(async ({ key, value }) => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const t = TrelloPowerUp.iframe();
    const { Promise: Library } = TrelloPowerUp;
    const tapped = /** @type {any[]} */ ([]);
    localStorage.setItem(key, value.slice(0, -2));
    const message = (/** @type {Error} */ error) => `handled: ${error.message}`;
    const byError = await t.loadSecret('broken').error(message);
    localStorage.setItem(key, 'zz;zz');
    return {
      tap: await t.loadSecret('k').tap((/** @type {any} */ secret) => tapped.push(secret)),
      tapped,
      spread: await Library.all([t.loadSecret('k'), 2]).spread(
        (/** @type {any[]} */ ...all) => all,
      ),
      get: await t.storeSecret('k2', 'v').get('key').call('slice', 0, 8),
      thenReturn: await t.loadSecret('k').return('instead'),
      props: await Library.props({ a: t.loadSecret('k'), b: 1 }),
      byError,
      notByError: await t
        .loadSecret('broken')
        .error(message)
        .catch(() => 'passed on'),
      filtered: await t
        .loadSecret('broken')
        .catch(TypeError, () => 'as a TypeError')
        .catch(
          (/** @type {Error} */ error) => error.message === 'Invalid hexString',
          () => 'by its message',
        ),
      lastly: await t.loadSecret('k').finally(() => 'ignored'),
      reflected: (await t.loadSecret('broken').reflect()).isRejected(),
      awaited: await t.loadSecret('k'),
    };
  }, resolved);
  assert.deepEqual(seen, {
    tap: 'v',
    tapped: ['v'],
    spread: ['v', 2],
    get: seen.get,
    thenReturn: 'instead',
    props: { a: 'v', b: 1 },
    byError: `handled: ${messageIn(browserName, 'Decryption failed. Message: ')}`,
    notByError: 'passed on',
    filtered: 'by its message',
    lastly: 'v',
    reflected: true,
    awaited: 'v',
  });
  assert.match(seen.get, /^[0-9a-f]{8}$/);
});

test('a rejection that nobody handles is reported as bluebird does', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const { resolved } = await call(page, 'storeSecret', 'k', 'v');
  const warned = new Promise((/** @type {(text: string) => void} */ resolve) => {
    page.on('console', (message) => {
      if (message.type() === 'warn') {
        resolve(message.text());
      }
    });
  });

  const seen = await page.evaluate((slot) => {
    localStorage.setItem(slot, 'aa;zz');
    return new Promise((resolve) => {
      addEventListener('unhandledrejection', (/** @type {any} */ event) =>
        resolve({
          constructor: event.constructor.name,
          cancelable: event.cancelable,
          hasReason: 'reason' in event,
          detail: Object.keys(event.detail).sort(),
          message: event.detail.reason.message,
        }),
      );
      void (/** @type {any} */ (window).TrelloPowerUp.iframe().loadSecret('k'));
    });
  }, resolved.key);
  assert.deepEqual(seen, {
    constructor: 'CustomEvent',
    cancelable: true,
    hasReason: false,
    detail: ['promise', 'reason'],
    message: 'Invalid hexString',
  });
  // bluebird shows the stack, which has no message in Firefox.
  assert.match(
    await warned,
    browserName === 'firefox'
      ? /^Unhandled rejection .*@/
      : /Unhandled rejection Error: Invalid hexString/,
  );

  const taken = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const self = /** @type {any} */ (window);
        self.onunhandledrejection = (/** @type {Error} */ reason, /** @type {any} */ promise) => {
          if (reason instanceof Error) {
            resolve([reason.message, promise instanceof self.TrelloPowerUp.Promise]);
          }
        };
        void self.TrelloPowerUp.iframe().loadSecret('k');
      }),
  );
  assert.deepEqual(taken, ['Invalid hexString', true]);
});
