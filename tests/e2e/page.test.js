// SPDX-License-Identifier: MIT
// window.TrelloPowerUp as a page sees it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, hashOf, setStage } from './stage.js';

test('the first script of a page finds TrelloPowerUp', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await browser.newPage();
  await page.goto(`${stage.origin('localhost')}/first-script.html`);

  assert.equal(
    await page.evaluate(() => /** @type {any} */ (window).seenByTheFirstScript),
    '1.25.1',
  );
});

test('the context comes from the hash, args and secret with it', async (t) => {
  const stage = await setStage(t);
  const context = { member: 'm', board: 'b', permissions: { board: 'read' } };
  const hash = hashOf({ secret: 's', context, locale: 'de', args: { a: 1, n: { x: 2 } } });
  const page = await stage.open(await stage.launch(), 'localhost', hash);

  const seen = await page.evaluate(() => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const t = TrelloPowerUp.iframe();
    const { locale } = /** @type {any} */ (window); // only now it is set
    // As text: a driver may tell of an object that stands there twice only once.
    return JSON.stringify({
      context: t.getContext(),
      args: t.args,
      secret: t.secret,
      locale,
      signedIn: t.isMemberSignedIn(),
      arg: ['a', 'zz', 'n.x', 'toString'].map((name) => String(t.arg(name, 'd'))),
      same: TrelloPowerUp.iframe() === t,
      connector: TrelloPowerUp.iframeConnector === t,
    });
  });
  assert.deepEqual(JSON.parse(seen), {
    context,
    args: [
      { context, secret: 's' },
      { a: 1, n: { x: 2 } },
    ],
    secret: 's',
    locale: 'de',
    signedIn: true,
    arg: ['1', 'd', 'undefined', 'd'],
    same: true,
    connector: true,
  });
});

test('a page without a hash gets the default context', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const context = await page.evaluate(() =>
    /** @type {any} */ (window).TrelloPowerUp.iframe().getContext(),
  );
  assert.equal(context.member, '5f0000000000000000000001');
  assert.deepEqual(context.permissions, { organization: 'write', board: 'write', card: 'write' });
});

test('without a member the three calls throw at once', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const error = {
    class: 'Error',
    name: 'Error',
    message: 'No active member in context.',
    operational: false,
  };

  for (const hash of [
    hashOf({ context: { member: 'notLoggedIn' } }),
    hashOf({ context: {} }),
    '#%%',
  ]) {
    const page = await stage.open(browser, 'localhost', hash);
    for (const method of ['storeSecret', 'loadSecret', 'clearSecret']) {
      assert.deepEqual(await call(page, method, 'token', 'x'), { thrown: error });
    }
    await page.close();
  }
});

test('two members of one origin have secrets of their own', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const first = await stage.open(browser, 'localhost', hashOf({ context: { member: 'one' } }));
  const second = await stage.open(browser, 'localhost', hashOf({ context: { member: 'two' } }));

  await call(first, 'storeSecret', 'token', 'of one');
  assert.deepEqual(await call(second, 'loadSecret', 'token'), { resolved: null });
  assert.deepEqual(await call(first, 'loadSecret', 'token'), { resolved: 'of one' });
});

test('promises are the library’s bluebird, and the page’s own Promise stays', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const seen = await page.evaluate(async () => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const promise = TrelloPowerUp.iframe().loadSecret('token');
    return {
      version: TrelloPowerUp.Promise.version,
      library: promise instanceof TrelloPowerUp.Promise,
      native: promise instanceof Promise,
      nativeUntouched: String(Promise).includes('[native code]'),
      nothingElse: !('P' in window),
      spread: await TrelloPowerUp.Promise.all([promise, 2]).spread(
        (/** @type {any[]} */ ...all) => all,
      ),
    };
  });
  assert.deepEqual(seen, {
    version: '2.11.0',
    library: true,
    native: false,
    nativeUntouched: true,
    nothingElse: true,
    spread: [null, 2],
  });
});

test('a copy of the library that assigns itself does not take our place', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  await page.evaluate(() => {
    'use strict';
    /** @type {any} */ (window).TrelloPowerUp = { version: 'another' };
  });
  await call(page, 'storeSecret', 'token', 'ours');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'ours' });
});

test('document.open does not cut the page off', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  await page.evaluate(() => {
    document.open();
    document.write('<p>rewritten</p>');
    document.close();
  });
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
});

test('a page can neither read the port nor be handed another', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await browser.newPage();
  await page.goto(`${stage.origin('localhost')}/hostile.html`);

  await call(page, 'storeSecret', 'token', 'not for other scripts');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'not for other scripts' });
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).overheard), []);
});

test('the page’s localStorage is the browser’s own, untouched', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const { resolved } = await call(page, 'storeSecret', 'token', 'x');

  const seen = await page.evaluate(() => {
    const getter = Object.getOwnPropertyDescriptor(window, 'localStorage')?.get;
    localStorage.setItem('own', 'value');
    return {
      native: String(getter).includes('[native code]'),
      names: Object.keys(localStorage).sort(),
      prototype: Object.getPrototypeOf(localStorage) === Storage.prototype,
    };
  });
  assert.deepEqual(seen, { native: true, names: [resolved.key, 'own'], prototype: true });
});

test('initialize keeps the handlers of the first call', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  const seen = await page.evaluate(() => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const handlers = { 'card-buttons': () => [] };
    const connector = TrelloPowerUp.initialize(handlers, { appName: 'x' });
    return [
      connector === TrelloPowerUp.indexConnector,
      TrelloPowerUp.initialize({}) === connector,
      connector.handlers === handlers,
      connector.options.appName,
      typeof connector.storeSecret,
    ];
  });
  assert.deepEqual(seen, [true, true, true, 'x', 'undefined']);
});

test('the error classes show names that say something', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const names = await page.evaluate(() => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const { Promise, PostMessageIO, restApiError } = TrelloPowerUp;
    const t = TrelloPowerUp.iframe();
    const thrown = [
      () => t.localizeKey('x'),
      () => t.localizeKeys([1]),
      () => t.getRestApi(),
      () => {
        throw t.NotHandled();
      },
    ].map((call) => {
      try {
        return call();
      } catch (error) {
        return /** @type {Error} */ (error).constructor;
      }
    });
    const classes = [Promise, PostMessageIO, restApiError].flatMap((holder) =>
      Object.values(holder).filter(
        (value) => typeof value === 'function' && value.prototype instanceof Error,
      ),
    );
    return [...classes, ...thrown, Promise].map(({ name }) => name);
  });
  assert.ok(names.length > 12, `${names}`);
  for (const name of names) {
    assert.match(name, /^([A-Z][a-z]+)+$/, `${names}`);
  }
});
