// SPDX-License-Identifier: MIT
// The rest of t, as Power-Ups use it beside the secret calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, setAnswer } from '../support/store.js';
import { addFrame, call, hashOf, invoke, setStage, until } from './stage.js';

/**
 * The recorded calls of some methods, once there are that many.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {string[]} methods
 */
async function recorded(stage, methods) {
  const of = () => calls(stage.stateFolder).filter(({ method }) => methods.includes(method));
  await until(() => of().length === methods.length);
  return of().map(({ method, detail }) => [method, detail.arguments]);
}

test('what a Power-Up shows resolves and is recorded with its arguments', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await call(page, 'loadSecret', 'no such secret'); // now there is a store

  await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    await t.popup({ title: 'Connect', items: [{ text: 'Yes', callback: () => 'pressed' }] });
    await t.closePopup();
    await t.modal({ url: 'https://example.test/', title: 'Large' });
    await t.closeModal();
    await t.boardBar({ url: 'https://example.test/bar', height: 100 });
    await t.alert({ message: 'Connected', duration: 5 });
    await t.sizeTo(120);
    await t.navigate({ url: 'https://trello.com/' });
  });
  const [popup, ...others] = await recorded(stage, [
    'popup',
    'closePopup',
    'modal',
    'closeModal',
    'boardBar',
    'alert',
    'sizeTo',
    'navigate',
  ]);
  assert.equal(popup[0], 'popup');
  assert.equal(popup[1].title, 'Connect');
  const { _callback: id } = popup[1].items[0].callback;
  assert.deepEqual(others[0], ['closePopup', {}]);
  assert.equal(others[1][1].title, 'Large');
  assert.match(others[1][1].url, /^https:\/\/example\.test\/#%7B/);
  assert.equal(others[3][1].height, 100);
  assert.deepEqual(others[4], ['alert', { message: 'Connected', duration: 5 }]);
  assert.deepEqual(others[5], ['sizeTo', { height: 120 }]);
  assert.deepEqual(others[6], ['navigate', { url: 'https://trello.com/' }]);
  // The function that the popup was given stays callable by its name.
  assert.deepEqual(await invoke(stage, page, 'callback', { callback: id, action: 'run' }), {
    success: true,
    response: 'pressed',
  });
});

test('get, set and remove are recorded with their place and size, and never with a value', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'loadSecret', 'no such secret'); // now there is a store

  await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    await t.set('board', 'shared', 'colour', 'a marker');
    await t.set('board', 'shared', { a: 'a marker', b: 1 });
    await t.get('board', 'shared', 'colour');
    await t.get('board', 'shared', 'nothing', 'a marker');
    await t.remove('board', 'shared', ['a', 'b']);
    await t.getAll();
    await t.storeSecret('token', 'secret'); // its own calls of get and set are not the page's
    try {
      t.get('board', 'public', 'x');
    } catch {
      // as in the library
    }
    await t.set('member', 'private', 'large', 'x'.repeat(5000)).catch(() => {});
  });
  const methods = ['set', 'set', 'get', 'get', 'remove', 'getAll', 'get', 'set'];
  const of = () => calls(stage.stateFolder).filter(({ method }) => methods.includes(method));
  await until(() => of().length === methods.length);
  assert.deepEqual(
    of().map(({ method, detail: { durationMs, error, ...detail } }) => [method, detail]),
    [
      [
        'set',
        { scope: 'board', visibility: 'shared', key: 'colour', outcome: 'resolved', size: 10 },
      ],
      [
        'set',
        { scope: 'board', visibility: 'shared', keys: ['a', 'b'], outcome: 'resolved', size: 22 },
      ],
      [
        'get',
        { scope: 'board', visibility: 'shared', key: 'colour', outcome: 'resolved', size: 10 },
      ],
      ['get', { scope: 'board', visibility: 'shared', key: 'nothing', outcome: 'resolved' }],
      ['remove', { scope: 'board', visibility: 'shared', keys: ['a', 'b'], outcome: 'resolved' }],
      ['getAll', { outcome: 'resolved' }],
      ['get', { scope: 'board', visibility: 'public', key: 'x', outcome: 'threw' }],
      ['set', { scope: 'member', visibility: 'private', key: 'large', outcome: 'rejected' }],
    ],
  );
  assert.ok(!JSON.stringify(of()).includes('marker'));
});

test('what the library refuses is refused in its words', async (t) => {
  const stage = await setStage(t);
  const hash = hashOf({ secret: 's', context: { member: 'm', board: 'b' } });
  const page = await stage.open(await stage.launch(), 'localhost', hash);

  const messages = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const say = (/** @type {Error} */ error) => `rejected: ${error.message}`;
    const attempt = (/** @type {() => any} */ run) => {
      try {
        return run().then(() => 'resolved', say);
      } catch (error) {
        return `thrown: ${/** @type {Error} */ (error).message}`;
      }
    };
    return Promise.all([
      attempt(() => t.popup({ title: 'x', items: [] })),
      attempt(() => t.popup({ title: 'x', mouseEvent: { clientX: 1, clientY: 2 } })),
      attempt(() => t.alert({ message: '' })),
      attempt(() => t.alert({ message: 'x'.repeat(141) })),
      attempt(() => t.alert({ message: 'x'.repeat(140) })),
      attempt(() => t.modal({})),
      attempt(() => t.attach({ url: 'https://example.test/' })),
      attempt(() => t.navigate({})),
      attempt(() => t.sizeTo('#nowhere')),
      attempt(() => t.getRestApi()),
      attempt(() => t.jwt({ state: 'x' })),
      attempt(() => t.getColorToken('color.text')),
      attempt(() => t.render('no function')),
    ]);
  });
  assert.deepEqual(messages, [
    'rejected: Context missing target element and no mouse event provided',
    'rejected: Unknown popup type requested',
    'rejected: Alert requires a message of 1 to 140 characters',
    'rejected: Alert requires a message of 1 to 140 characters',
    'resolved',
    'thrown: Modal options requires a valid url',
    'thrown: User lacks write permission on card.',
    'rejected: Invalid or missing url provided in options object',
    'rejected: No elements matched',
    'thrown: To use the API helper, make sure you specify appKey and appName when you call TrelloPowerUp.iframe or TrelloPowerUp.initialize.',
    `rejected: powerup-secrets does not know what Trello answers to "jwt"; set it with: powerup-secrets answer jwt '{…}'`,
    "rejected: powerup-secrets does not emulate t.getColorToken: Trello's design tokens are not available.",
    'thrown: Argument passed to render must be a function',
  ]);
});

test('every member of the library’s t is there, and none hangs', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const members =
    'storeSecret loadSecret clearSecret get set remove getAll getContext isMemberSignedIn memberCanWriteToModel arg args signUrl safe request requestWithContext card cards list lists member board organization navigate showCard hideCard alert hideAlert popup closePopup back modal updateModal closeModal boardBar closeBoardBar overlay closeOverlay hideOverlay hideBoardBar hide sizeTo confetti attach requestToken authorize jwt authorizationCodeExchange refreshTokens getRestApi getOAuth2ApiClient localizeKey localizeKeys localizeNode getColorToken getComputedColorToken subscribeToThemeChanges notifyParent NotHandled render';

  const missing = await page.evaluate((names) => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    return names.filter((name) => t[name] === undefined);
  }, members.split(' '));
  assert.deepEqual(missing, []);

  // What nobody has set an answer for rejects at once.
  for (const name of 'card cards list lists member board organization requestToken jwt authorizationCodeExchange refreshTokens getOAuth2ApiClient'.split(
    ' ',
  )) {
    const { rejected } = await call(page, name);
    assert.match(rejected.message, /^powerup-secrets does not (know|emulate)/);
  }
});

test('board, card and their like answer what the test has set', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const { rejected } = await call(page, 'card', 'name');
  assert.match(rejected.message, /answer card/);

  setAnswer(stage.stateFolder, '', 'card', { id: 'c', name: 'A card' });
  assert.deepEqual(await call(page, 'card', 'name'), { resolved: { id: 'c', name: 'A card' } });
  setAnswer(stage.stateFolder, stage.origin('localhost'), 'lists', [{ id: 'l' }]);
  assert.deepEqual(await call(page, 'lists', 'all'), { resolved: [{ id: 'l' }] });
});

test('signUrl and arg pass arguments to the next page', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);

  const url = await page.evaluate(() => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    return t.signUrl('page.html', { id: 7 });
  });
  const next = await browser.newPage();
  await next.goto(new URL(url, page.url()).href);
  assert.deepEqual(await call(next, 'arg', 'id'), { resolved: 7 });
  assert.equal((await call(next, 'getContext')).resolved.board, '5f00000000000000000000b1');
});

test('render runs after load and whenever plugin data of the Power-Up changed', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html' });

  await frame.evaluate(() => {
    const self = /** @type {any} */ (window);
    self.renders = 0;
    self.rendered = (/** @type {number} */ times) =>
      new Promise((resolve) => {
        self.enough = () => self.renders >= times && resolve(undefined);
        self.enough();
      });
    self.TrelloPowerUp.iframe().render(() => {
      self.renders++;
      self.enough?.();
    });
  });
  await frame.evaluate('rendered(1)');
  await call(page, 'set', 'board', 'shared', 'colour', 'green');
  await frame.evaluate('rendered(2)');
  assert.deepEqual(await call(frame, 'get', 'board', 'shared', 'colour'), { resolved: 'green' });
});

/** Ways in which the opened window hands its token back. */
const RETURNS = {
  'window.authorize': [`t.authorize(ADDRESS)`, `opener.authorize('the token')`],
  'the storage event': [`t.authorize(ADDRESS)`, `localStorage.setItem('token', 'the token')`],
  'a message': [
    `t.authorize((secret) => ADDRESS + '?secret=' + secret)`,
    `opener.postMessage({ secret: new URLSearchParams(location.search).get('secret'),
      type: 'bulk', data: [{ type: 'request',
        data: { id: '1', command: 'value', args: [{ token: 'the token' }] } }] }, '*')`,
  ],
};
for (const [way, [start, hand]] of Object.entries(RETURNS)) {
  test(`authorize opens a window and takes its token by ${way}`, async (t) => {
    const stage = await setStage(t);
    const browser = await stage.launch();
    const page = await stage.open(browser);
    const address = JSON.stringify(`${stage.origin('localhost')}/page.html`);

    await page.evaluate(
      `{ const t = TrelloPowerUp.iframe();
        const run = () => { window.token = ${start.replace('ADDRESS', address)} };
        document.body.innerHTML = '<button>Connect</button>';
        document.querySelector('button').onclick = run; }`,
    );
    /** @type {Promise<import('puppeteer-core').Page | null>} */
    const opening = new Promise((resolve) => page.once('popup', resolve));
    await page.click('button');
    const popup = await opening;
    assert.ok(popup);
    await popup.waitForFunction(() => document.readyState === 'complete');
    await popup.evaluate(hand);
    assert.equal(await page.evaluate('Promise.resolve(window.token)'), 'the token');
  });
}
