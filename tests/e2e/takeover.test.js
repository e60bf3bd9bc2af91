// SPDX-License-Identifier: MIT
// A page that loads Trello's library keeps it inside Trello, with our secret calls; elsewhere ours
// stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFrame, call, command, hashOf, setStage } from './stage.js';

const CONTEXT = { member: 'm', board: 'b' };

/**
 * A frame of a page that loads the library-shaped script.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} path
 * @param {string} [fidelity]
 */
async function openFramed(t, path, fidelity = 'documented') {
  const stage = await setStage(t);
  const browser = await stage.launch();
  await command(stage, 'fidelity', fidelity);
  const top = await stage.open(browser, 'trello.localhost');
  const src = `${stage.origin('powerup.localhost')}${path}${hashOf({ secret: 's', context: CONTEXT })}`;
  return addFrame(top, { src });
}

for (const fidelity of ['documented', 'library']) {
  for (const path of ['/library-first.html', '/library-late.html']) {
    test(`${fidelity}: ${path} keeps the library’s t with our secret calls`, async (t) => {
      const frame = await openFramed(t, path, fidelity);

      const seen = await frame.evaluate(async () => {
        const { t, TrelloPowerUp } = /** @type {any} */ (window);
        const stored = t.storeSecret('token', 'ours');
        return {
          version: TrelloPowerUp.version,
          same: TrelloPowerUp.iframe() === t,
          promise: stored instanceof TrelloPowerUp.Promise,
          stored: Object.keys(await stored),
          loaded: await t.loadSecret('token'),
          cleared: await t.clearSecret('token'),
          gone: await t.loadSecret('token'),
          get: await t.get('member', 'private', 'x'),
          popup: await t.popup({ title: 'x' }),
        };
      });
      assert.deepEqual(seen, {
        version: 'library-shaped',
        same: true,
        promise: true,
        stored: ['key', 'value'],
        loaded: 'ours',
        cleared: null,
        gone: null,
        get: ['the library itself answered', 'member', 'private', 'x'],
        popup: 'shown',
      });
    });
  }
}

test('before the library is there, and outside of Trello, ours answers', async (t) => {
  const frame = await openFramed(t, '/library-late.html');
  assert.equal(await frame.evaluate('window.seenBefore'), '1.25.1');

  const stage = await setStage(t);
  const browser = await stage.launch();
  for (const path of ['/library-first.html', '/library-late.html']) {
    for (const hash of ['', hashOf({ context: CONTEXT })]) {
      const page = await browser.newPage();
      await page.goto(`${stage.origin('localhost')}${path}${hash}`);
      assert.equal(await page.evaluate('TrelloPowerUp.version'), '1.25.1');
      assert.ok('resolved' in (await call(page, 'storeSecret', 'token', 'x')));
    }
  }
});

test('in handlers, the callbacks they return, and those of a popup our secret calls answer', async (t) => {
  const frame = await openFramed(t, '/library-first.html');

  const seen = await frame.evaluate(async (context) => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    const log = /** @type {any[]} */ ([]);
    TrelloPowerUp.initialize({
      async 'card-buttons'(/** @type {any} */ t, /** @type {any} */ options) {
        await t.storeSecret('token', 'from the handler');
        log.push(options.context.member);
        return [
          {
            text: 'Press',
            async callback(/** @type {any} */ inner) {
              log.push(await inner.loadSecret('token'));
              await inner.popup({
                items: [
                  {
                    text: 'Deeper',
                    callback: async (/** @type {any} */ deepest) =>
                      log.push(await deepest.clearSecret('token')),
                  },
                ],
              });
              return inner.shown.at(-1).items[0].callback;
            },
          },
        ];
      },
    });
    const [button] = await TrelloPowerUp.ask('card-buttons', context);
    const item = await TrelloPowerUp.run(button.callback, context);
    await TrelloPowerUp.run(item, context);
    return log;
  }, CONTEXT);
  assert.deepEqual(seen, ['m', 'from the handler', null]);
});

test('nobody signed in throws at once in a t that was taken over', async (t) => {
  const frame = await openFramed(t, '/library-first.html');

  const message = await frame.evaluate(() => {
    const { t } = /** @type {any} */ (window);
    delete t.args[0].context.member;
    try {
      return t.loadSecret('token');
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  });
  assert.equal(message, 'No active member in context.');
});
