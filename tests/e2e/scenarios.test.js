// SPDX-License-Identifier: MIT
// The command line changes settings: before a page is loaded, and while it is open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { items, pluginData } from '../support/store.js';
import { modeOf } from './modes.js';
import { addFrame, browserName, call, command, hashOf, MEMBER, run, setStage } from './stage.js';

/** What a browser calls itself. @type {Record<string, RegExp>} */
const PRODUCT = { chromium: /Chrome\/\d+/, firefox: /Firefox\/\d+/ };

test('sign-out and sign-in reach open pages and the next ones', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'token', 'of the first');
  const other = '5f00000000000000000000aa';

  await command(stage, 'sign-out');
  for (const reload of [false, true]) {
    if (reload) {
      await page.reload();
    }
    const { thrown } = await call(page, 'loadSecret', 'token');
    assert.equal(thrown.message, 'No active member in context.');
  }
  await command(stage, 'sign-in', '--member', other);
  for (const reload of [false, true]) {
    if (reload) {
      await page.reload();
    }
    assert.equal((await call(page, 'getContext')).resolved.member, other);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
  }
  await command(stage, 'sign-in');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'of the first' });
});

test('remove-personal-settings: store, remove, load rejects with Decryption failed', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await page.evaluate(() => {
    const self = /** @type {any} */ (window);
    self.TrelloPowerUp.initialize({
      'remove-data': async (/** @type {any} */ t) => {
        self.removed = [t.getContext().member, await t.get('member', 'private', 'choice')];
      },
    });
  });
  await call(page, 'storeSecret', 'token', 'secret');
  await call(page, 'set', 'member', 'private', 'choice', 'blue');

  await command(stage, 'remove-personal-settings', '--origin', stage.origin('localhost'));
  assert.deepEqual(await page.evaluate('removed'), ['5f0000000000000000000001', 'blue']);
  assert.deepEqual(pluginData(stage.stateFolder), []);
  const { rejected } = await call(page, 'loadSecret', 'token');
  assert.match(rejected.message, /^Decryption failed/);
  assert.equal(items(stage.stateFolder).length, 1);
});

test('what is seeded, cleared or tampered with reaches an open page at once', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const origin = stage.origin('localhost');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });

  for (const fidelity of ['documented', 'library']) {
    await command(stage, 'fidelity', fidelity);
    const seeded = await run(stage, ['seed', '--origin', origin, '--key', 'token'], 'seeded é\0');
    assert.deepEqual([seeded.status, seeded.stderr], [0, '1 browser confirmed\n']);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'seeded é\0' });
    const revealed = await run(stage, ['reveal', '--origin', origin, '--key', 'token']);
    assert.equal(revealed.stdout, 'seeded é\0');
    await call(page, 'storeSecret', 'token', 'by the page');
    assert.equal(
      await command(stage, 'reveal', '--origin', origin, '--key', 'token'),
      'by the page',
    );
    await page.evaluate(() => localStorage.clear());
    assert.deepEqual(JSON.parse(await command(stage, 'items', '--json')), []);
    await run(stage, ['seed', '--origin', origin, '--key', 'token'], 'again');
    await command(stage, 'clear-site-data', '--origin', origin);
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
    assert.equal(await page.evaluate(() => localStorage.length), 0);
  }
});

test('items and plugin data that are set or removed reach an open page', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const place = ['--origin', stage.origin('localhost')];
  const { resolved } = await call(page, 'storeSecret', 'token', 'secret');
  const value = await command(stage, 'item', 'get', ...place, '--key', 'token');

  await command(stage, 'item', 'remove', ...place, '--key', 'token');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await run(stage, ['item', 'set', ...place, '--slot', resolved.key], value.trim());
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
  await run(stage, ['item', 'set', ...place, '--key', 'token'], 'no value of the library');
  assert.equal((await call(page, 'loadSecret', 'token')).rejected.message, 'Invalid hexString');

  const data = [...place, '--scope', 'board', '--visibility', 'shared'];
  await page.evaluate(() => {
    const self = /** @type {any} */ (window);
    self.rendered = new Promise((resolve) => {
      self.TrelloPowerUp.iframe().render(resolve);
    });
  });
  await run(stage, ['plugin-data', 'set', ...data, '--name', 'colour'], '"blue"');
  await page.evaluate('rendered');
  const get = () => call(page, 'get', 'board', 'shared', 'colour');
  assert.deepEqual(await get(), { resolved: 'blue' });
  await call(page, 'set', 'board', 'shared', 'size', 7);
  assert.deepEqual(JSON.parse(await command(stage, 'plugin-data', 'get', ...data)), {
    colour: 'blue',
    size: 7,
  });
  await command(stage, 'plugin-data', 'remove', ...data, '--name', 'colour');
  assert.deepEqual((await get()).resolved ?? null, null);
});

test('settings from before the browser starts are in force in its first page', async (t) => {
  const stage = await setStage(t);
  const origin = stage.origin('localhost');
  const place = ['--origin', origin];
  const member = '5f00000000000000000000aa';
  await command(stage, 'power-up', 'mine', origin, stage.origin('b.localhost'));
  await command(stage, 'sign-in', '--member', member);
  await command(stage, 'browser-profile', 'phone');
  await run(stage, ['seed', ...place, '--key', 'token'], 'seeded');
  await run(stage, ['seed', ...place, '--key', 'other'], 'another');
  await command(stage, 'item', 'remove', ...place, '--key', 'other');
  const data = [...place, '--scope', 'board', '--visibility', 'shared'];
  await run(stage, ['plugin-data', 'set', ...data], '{"colour":"blue"}');
  await command(stage, 'answer', 'board', '{"name":"A board"}');
  await command(stage, 'partition', 'off');
  await command(stage, 'fault', ...place, '--op', 'clearSecret', '--error', 'Error:not today');

  const browser = await stage.launch();
  const page = await stage.open(browser);
  assert.equal((await call(page, 'getContext')).resolved.member, member);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'seeded' });
  assert.deepEqual(await call(page, 'loadSecret', 'other'), { resolved: null });
  const colour = ['board', 'shared', 'colour'];
  assert.deepEqual(await call(page, 'get', ...colour), { resolved: 'blue' });
  assert.deepEqual(await call(page, 'board', 'name'), { resolved: { name: 'A board' } });
  assert.equal((await call(page, 'clearSecret', 'token')).rejected.message, 'not today');
  const sister = await stage.open(browser, 'b.localhost');
  assert.deepEqual(await call(sister, 'get', ...colour), { resolved: 'blue' });
  const top = await stage.open(browser, 'trello.localhost');
  const framed = await addFrame(top, { src: `${origin}/page.html` });
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: 'seeded' });

  // And what each of these does to the next page that is opened.
  const next = async () => {
    const opened = await stage.open(browser);
    const outcome = await call(opened, 'loadSecret', 'token');
    await opened.close();
    return outcome;
  };
  await command(stage, 'rotate-key', ...place);
  assert.match((await next()).rejected.message, /^Decryption failed/);
  await run(stage, ['seed', ...place, '--key', 'token'], 'seeded');
  assert.deepEqual(await next(), { resolved: 'seeded' });
  await command(stage, 'remove-personal-settings', ...place);
  assert.match((await next()).rejected.message, /^Decryption failed/);
  await command(stage, 'fidelity', 'library');
  assert.deepEqual(await next(), { resolved: null }); // as the library does without a key
  await command(stage, 'fidelity', 'documented');
  await command(stage, 'clear-site-data');
  assert.deepEqual(await next(), { resolved: null });
  await command(stage, 'sign-out');
  assert.equal((await next()).thrown.message, 'No active member in context.');
  await command(stage, 'reset');
  assert.deepEqual(await next(), { resolved: null });
  assert.equal((await call(page, 'getContext')).resolved.member, MEMBER);
});

test('another browser profile has no items, and the first finds its own again', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'token', 'of the first');

  await command(stage, 'browser-profile', 'second');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
  await call(page, 'storeSecret', 'token', 'of the second');
  await command(stage, 'browser-profile', 'default');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'of the first' });
  await command(stage, 'browser-profile', 'second');
  await page.reload();
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'of the second' });
});

test('rotate-key makes what was stored undecryptable', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await call(page, 'storeSecret', 'token', 'secret');

  await command(stage, 'rotate-key', '--origin', stage.origin('localhost'));
  const { rejected } = await call(page, 'loadSecret', 'token');
  assert.match(rejected.message, /^Decryption failed\./);
});

test('answers, invocations, calls and browsers from the command line', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(
    await stage.launch(),
    'localhost',
    hashOf({ context: { member: 'm' } }),
  );
  const origin = stage.origin('localhost');
  await page.evaluate(() => {
    /** @type {any} */ (window).TrelloPowerUp.initialize({
      'card-buttons': (/** @type {any} */ _t, /** @type {any} */ options) => [
        { text: options.label },
      ],
      fails: () => Promise.reject(new Error('not today')),
    });
  });

  await command(stage, 'answer', 'card', '{"name":"A card"}');
  assert.deepEqual(await call(page, 'card', 'name'), { resolved: { name: 'A card' } });
  const buttons = await command(
    stage,
    'invoke',
    'card-buttons',
    '--origin',
    origin,
    '--options',
    '{"label":"Go"}',
  );
  assert.deepEqual(JSON.parse(buttons), [{ text: 'Go' }]);
  const failed = await run(stage, ['invoke', 'fails', '--origin', origin]);
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /not today/);
  assert.equal((await run(stage, ['invoke', 'nothing', '--origin', origin])).status, 4);

  await call(page, 'storeSecret', 'token', 'never shown');
  await call(page, 'alert', /** @type {any} */ ({ message: 'Connected' }));
  const recorded = await command(stage, 'calls', '--json', '--origin', origin);
  assert.deepEqual(
    JSON.parse(recorded).map((/** @type {{method: string}} */ { method }) => method),
    ['card', 'storeSecret', 'alert'],
  );
  assert.ok(!recorded.includes('never shown'));
  const [browser] = JSON.parse(await command(stage, 'browsers', '--json'));
  assert.match(browser.browser, PRODUCT[browserName]);
  assert.equal(browser.pages.length, 1);
  assert.equal(browser.pages[0].origin, origin);
});

test('a fault makes the next calls fail, wait or never answer, and is over then', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const origin = stage.origin('localhost');
  await call(page, 'storeSecret', 'token', 'secret');

  const error = 'SecurityError:not today';
  await command(
    stage,
    'fault',
    '--origin',
    origin,
    '--op',
    'loadSecret',
    '--error',
    error,
    '--times',
    '2',
  );
  for (let round = 0; round < 2; round++) {
    const { rejected } = await call(page, 'loadSecret', 'token');
    assert.deepEqual([rejected.class, rejected.message], ['DOMException', 'not today']);
  }
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });

  await command(
    stage,
    'fault',
    '--op',
    'get',
    '--error',
    'Error:nope (Command: data)',
    '--times',
    '1',
  );
  const { rejected } = await call(page, 'get', 'member', 'private', 'x');
  assert.deepEqual(rejected, {
    class: 'Error',
    name: 'Error',
    message: 'nope (Command: data)',
    operational: true,
  });

  await command(stage, 'fault', '--op', 'storeSecret', '--no-reply', '--times', '1');
  const pending = await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const hung = t.storeSecret('hung', 'x');
    await t.storeSecret('other', 'y');
    await t.loadSecret('other');
    return hung.isPending();
  });
  assert.equal(pending, true);
  await command(stage, 'fault', '--op', 'clearSecret', '--delay', '50', '--times', '1');
  assert.deepEqual(await call(page, 'clearSecret', 'token'), { resolved: null });
  await command(stage, 'fault', '--op', 'loadSecret', '--no-reply');
  await command(stage, 'fault', '--clear');
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: null });
});

test('without partitions a framed page finds what was stored at top level', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const top = await stage.open(browser, 'trello.localhost');
  const direct = await stage.open(browser, 'powerup.localhost');
  const src = `${stage.origin('powerup.localhost')}/page.html`;
  const framed = await addFrame(top, { src });
  await call(direct, 'storeSecret', 'token', 'at top level');
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: null });

  await command(stage, 'partition', 'off');
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: 'at top level' });
  await command(stage, 'partition', 'on');
  assert.deepEqual(await call(framed, 'loadSecret', 'token'), { resolved: null });
});

test('several origins become one Power-Up, and reset forgets everything', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const [a, b] = [
    await stage.open(browser, 'a.localhost'),
    await stage.open(browser, 'b.localhost'),
  ];

  await command(
    stage,
    'power-up',
    'mine',
    stage.origin('a.localhost'),
    stage.origin('b.localhost'),
  );
  await call(a, 'set', 'board', 'shared', 'k', 'shared');
  assert.deepEqual(await call(b, 'get', 'board', 'shared', 'k'), { resolved: 'shared' });
  await call(a, 'storeSecret', 'token', 'secret');
  await command(stage, 'storage', 'denied');
  await command(stage, 'reset');
  assert.equal(await modeOf(a), 'enabled');
  assert.deepEqual(await call(a, 'loadSecret', 'token'), { resolved: null });
  assert.deepEqual(await call(a, 'getAll'), { resolved: {} });
  assert.equal(await a.evaluate(() => localStorage.length), 0);
});
