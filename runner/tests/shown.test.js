// SPDX-License-Identifier: MIT
// What a Power-Up shows, pressed by a test, and the handlers that a test calls.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, start } from './both-browsers.js';

for (const browser of BROWSERS) {
  describe(browser, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let here;
    /** @type {import('../src/trello.js').Trello} */
    let trello;
    before(async () => {
      here = await start(browser);
      ({ trello } = here);
    });
    after(() => here?.close());

    /** Presses a button of the connector. @param {string} text */
    async function press(text) {
      const buttons = await trello.capability('board-buttons');
      await buttons.find((/** @type {any} */ button) => button.text === text).callback();
    }

    /** The last one alerted. */
    const alerted = async () => (await trello.alerts()).at(-1)?.message;

    test('a popup with items', async () => {
      await trello.open('/connector.html');
      await press('list');
      const popup = (await trello.popups()).at(-1);
      assert.ok(popup?.items);
      assert.deepEqual([popup.type, popup.title], ['list', 'List']);
      const [one, failing] = popup.items;
      assert.equal(one.text, 'One');
      await one.callback?.();
      assert.equal(await alerted(), 'one in Connector');
      await assert.rejects(async () => failing.callback?.(), { message: 'out of order' });
    });

    test('a question', async () => {
      await trello.open('/connector.html');
      await press('question');
      const popup = (await trello.popups()).at(-1);
      assert.ok(popup?.onConfirm && popup.onCancel);
      assert.deepEqual(
        [popup.type, popup.message, popup.confirmText, popup.cancelText],
        ['confirm', 'Really?', 'Yes', 'No'],
      );
      await popup.onConfirm();
      assert.equal(await alerted(), 'confirmed');
      await popup.onCancel();
      assert.equal(await alerted(), 'cancelled');
    });

    test('a date', async () => {
      await trello.open('/connector.html');
      await press('date');
      const popup = (await trello.popups()).at(-1);
      assert.ok(popup?.callback);
      assert.equal(popup.type, 'date');
      await popup.callback({ date: '2026-01-02T00:00:00.000Z' });
      assert.equal(await alerted(), 'on 2026-01-02T00:00:00.000Z');
    });

    test('a modal and a board bar, with their actions', async () => {
      await trello.open('/connector.html');
      await press('modal');
      await press('bar');
      const modal = (await trello.modals()).at(-1);
      const bar = (await trello.boardBars()).at(-1);
      assert.ok(modal?.callback && bar);
      assert.equal(modal.fullscreen, true);
      assert.equal(bar.resizable, true);
      for (const surface of [modal, bar]) {
        assert.equal(surface.title, 'Large');
        assert.equal(surface.height, 300);
        assert.ok(surface.url.startsWith(`http://localhost:${here.port}/popup.html#`));
        await surface.actions[0].callback?.();
        assert.equal(await alerted(), 'more');
      }
      await modal.callback();
      assert.equal(await alerted(), 'closed');
    });

    test('a function of a page that has been reloaded says so', async () => {
      await trello.open('/connector.html');
      await press('list');
      const item = (await trello.popups()).at(-1)?.items?.[0];
      await trello.open('/connector.html');
      await assert.rejects(async () => item?.callback?.(), {
        message:
          'a function from trello.popups(): the page that this function came from has been closed or reloaded.',
      });
    });

    test('the page of the last popup is opened', async () => {
      await trello.open('/connector.html');
      await press('page');
      const popup = (await trello.popups()).at(-1);
      assert.deepEqual([popup?.type, popup?.title, popup?.height], ['iframe', 'Page', 100]);
      await trello.openPopup();
      assert.equal(await here.page.$eval('p', ({ textContent }) => textContent), 'Step 2');
      await trello.openPopup(); // once more, though the address is the same
      assert.equal(await here.page.$eval('p', ({ textContent }) => textContent), 'Step 2');
    });

    test('a popup that is no page is not opened', async () => {
      await trello.open('/connector.html');
      await press('list');
      await assert.rejects(trello.openPopup(), {
        message: /^trello\.openPopup\(\): the last popup is no page \(its type is "list"\)/,
      });
    });

    test('a function is called in the page that passed it', async () => {
      const other = await here.browser.newPage();
      try {
        await trello.open('/page.html');
        await other.goto(here.page.url());
        // Each page has names of its own for its functions; they are the same in both.
        for (const [page, name] of /** @type {const} */ ([
          [here.page, 'first'],
          [other, 'second'],
        ])) {
          await page.evaluate((title) => {
            const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
            return t.popup({
              title,
              items: [{ text: 'Say', callback: () => t.alert({ message: title }) }],
              mouseEvent: { clientX: 1, clientY: 1 },
            });
          }, name);
        }
        for (const name of ['first', 'second', 'first']) {
          const popup = (await trello.popups()).find(({ title }) => title === name);
          await popup?.items?.[0].callback?.();
          assert.equal(await alerted(), name);
        }
      } finally {
        await other.close();
      }
    });

    test('a handler’s own error is passed on, with its code', async () => {
      await trello.open('/connector.html');
      await assert.rejects(trello.capability('authorization-status'), {
        name: 'Error',
        code: 'not handled',
        message: 'ask again later',
      });
      await assert.rejects(trello.capability('show-settings'), (/** @type {Error} */ error) => {
        assert.equal(error.message, 'no settings');
        assert.equal('code' in error, false);
        return true;
      });
    });

    test('a page that is about to register a handler is waited for', async () => {
      await trello.open('/late.html');
      let isAnswered = false;
      const asked = trello.capability('card-buttons').finally(() => (isAnswered = true));
      await trello.items(); // another command, from the test to the page and back
      assert.equal(isAnswered, false);
      await here.page.evaluate('load()');
      assert.equal((await asked)[0].text, 'Late');
    });
  });
}

test('there is no popup to open', async () => {
  const { trello, close } = await start('chrome');
  try {
    await trello.open('/page.html');
    await assert.rejects(trello.openPopup(), { message: /has opened no popup/ });
  } finally {
    await close();
  }
});
