// SPDX-License-Identifier: MIT
// An embedded Power-Up keeps what it stores for the site around it, as browsers do: what a test reads and
// seeds is in the place that it names, and toHaveSecret looks where the test's page is.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { matchers } from '../src/index.js';
import { addFrame, BROWSERS, callT, start } from './both-browsers.js';

for (const browser of BROWSERS) {
  describe(browser, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let here;
    /** @type {import('../src/trello.js').Trello} */
    let trello;
    const topLevelSite = 'http://board.localhost';
    before(async () => {
      here = await start(browser);
      ({ trello } = here);
    });
    after(() => here?.close());
    beforeEach(() => trello.clearSiteData());

    /** Opens a board with the Power-Up in a frame. @param {string} [host] */
    async function embed(host = 'board.localhost') {
      await here.page.goto(`http://${host}:${here.port}/page.html`);
      return addFrame(here.page, trello.address('/page.html', { args: { step: 3 } }));
    }

    /** @param {string} [value] @param {object} [context] */
    const haveSecret = async (value, context = {}) => {
      const { pass, message } = await matchers.toHaveSecret.call(
        { timeout: 0, ...context },
        trello,
        'token',
        value,
      );
      return { pass, message: message() };
    };

    test('address is what open goes to', async () => {
      const frame = await embed();
      const [step, member] = await frame.evaluate(() => {
        const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
        return [t.arg('step'), t.getContext().member];
      });
      assert.equal(step, 3);
      assert.match(member, /^[0-9a-f]{24}$/);
    });

    test('what a frame stores is read with its top-level site', async () => {
      const frame = await embed();
      await callT(frame, 'storeSecret', 'token', 'of the frame');
      assert.equal(await trello.secret('token'), null);
      assert.equal(await trello.secret('token', { topLevelSite }), 'of the frame');
      assert.equal((await trello.items()).length, 1);
      assert.equal((await trello.items({ topLevelSite })).length, 1);
      assert.equal((await trello.items({ topLevelSite: null })).length, 0);
    });

    test('what is seeded for a site is seen by a frame in it alone', async () => {
      await trello.seedSecret('token', 'for frames', { topLevelSite });
      assert.equal(await callT(await embed(), 'loadSecret', 'token'), 'for frames');
      assert.equal(await callT(await embed('other.localhost'), 'loadSecret', 'token'), null);
      await trello.open('/page.html');
      assert.equal(await callT(here.page, 'loadSecret', 'token'), null);
    });

    test('toHaveSecret looks where the page is, and says where else there is one', async () => {
      const frame = await embed();
      await callT(frame, 'storeSecret', 'token', 'of the frame');
      assert.equal(await trello.topLevelSite(), topLevelSite);
      assert.equal((await haveSecret('of the frame')).pass, true);

      await embed('other.localhost');
      const elsewhere = await haveSecret();
      assert.equal(elsewhere.pass, false);
      assert.match(
        elsewhere.message,
        /but there is none in pages embedded by http:\/\/other\.localhost, where the test's page is; there is one in pages embedded by http:\/\/board\.localhost$/,
      );

      await trello.open('/page.html');
      assert.equal(await trello.topLevelSite(), null);
      const atTop = await haveSecret();
      assert.equal(atTop.pass, false);
      assert.match(atTop.message, /there is none at top level, .*embedded by http:\/\/board/);

      await trello.seedSecret('token', 'of the top level');
      assert.equal((await haveSecret('of the top level')).pass, true);
      await embed();
      assert.equal((await haveSecret('of the top level')).pass, false);
    });

    test('toHaveSecret names both origins when the page is of another one', async () => {
      await here.page.goto(`http://127.0.0.1:${here.port}/page.html`);
      await callT(here.page, 'storeSecret', 'token', 'of the other origin');
      const { pass, message } = await haveSecret();
      assert.equal(pass, false);
      assert.ok(
        message.endsWith(
          `but there is none of the Power-Up's origin ${trello.origin}: the test's page is of ` +
            `another one, http://127.0.0.1:${here.port}. Open it at the origin of baseURL, or set ` +
            'baseURL to where it is',
        ),
        message,
      );
      assert.doesNotMatch(message, /embed/);
    });

    test('without partitions there is one place', async () => {
      await trello.partitionStorage(false);
      try {
        const frame = await embed();
        await callT(frame, 'storeSecret', 'token', 'everywhere');
        assert.equal(await trello.topLevelSite(), null);
        assert.equal((await haveSecret('everywhere')).pass, true);
      } finally {
        await trello.partitionStorage(true);
      }
    });

    test('a secret that does not decrypt neither passes nor fails at once', async () => {
      await trello.open('/page.html');
      await trello.seedSecret('token', 'abc');
      await trello.rotateKey();
      for (const isNot of [false, true]) {
        const { pass, message } = await haveSecret(undefined, { isNot });
        assert.equal(pass, isNot); // that is: it fails
        assert.match(message, /but what is stored at top level does not decrypt: .*decrypt/i);
        // It is waited for, as every state is.
        const waiting = haveSecret('new', { isNot, timeout: 60_000 });
        await (isNot
          ? callT(here.page, 'clearSecret', 'token')
          : callT(here.page, 'storeSecret', 'token', 'new'));
        assert.equal((await waiting).pass, !isNot);
        await trello.seedSecret('token', 'abc');
        await trello.rotateKey();
      }
    });
  });
}
