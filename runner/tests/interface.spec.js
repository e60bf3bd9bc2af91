// SPDX-License-Identifier: MIT
// Every method of Trello, by what a page meets and what is stored afterwards.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { attachTrello, expect, test, trelloLaunchOptions } from 'powerup-secrets/playwright';
import { freePort } from '../../tests/support/pages.js';
import { baseURL as served } from './patient-config.js';

test.use({ trace: 'on' });

const PAGE = '/connector/authorize.html';

/**
 * Calls a method of t in the page.
 *
 * @param {import('@playwright/test').Page | import('@playwright/test').Frame} where
 * @param {string} method
 * @param {...any} args
 * @returns {Promise<any>}  what it resolved with; {error} when it threw or rejected
 */
const call = (where, method, ...args) =>
  where.evaluate(
    async ([name, given]) => {
      try {
        return await TrelloPowerUp.iframe()[name](...given);
      } catch ({ name: error, message }) {
        return { error, message };
      }
    },
    [method, args],
  );

test('plugin data, answers and who is signed in', async ({ page, trello }) => {
  await trello.setPluginData('board', 'shared', 'colour', { name: 'blue' });
  await trello.answer('board', { name: 'A board' });
  await trello.open(PAGE);
  expect(await call(page, 'get', 'board', 'shared', 'colour')).toEqual({ name: 'blue' });
  expect(await trello.pluginData('board', 'shared')).toEqual({ colour: { name: 'blue' } });
  expect(await call(page, 'board', 'name')).toEqual({ name: 'A board' });
  await trello.answer('board');
  expect((await call(page, 'board', 'name')).message).toContain("trello.answer('board', {…})");

  await trello.signOut();
  await trello.open(PAGE);
  const signedOut = { message: 'No active member in context.' };
  expect(await call(page, 'loadSecret', 'token')).toMatchObject(signedOut);
  const member = 'a'.repeat(24);
  await trello.signIn(member);
  await trello.open(PAGE);
  await call(page, 'storeSecret', 'token', 'of a');
  expect(await trello.secret('token')).toBe('of a');
  expect(await trello.secret('token', { member: 'b'.repeat(24) })).toBe(null);
  await trello.open(PAGE, { member: null });
  expect(await call(page, 'loadSecret', 'token')).toMatchObject(signedOut);
});

test('what open gives to the page', async ({ page, trello }) => {
  await trello.open(PAGE, { args: { step: 2 }, context: { card: 'c'.repeat(24) } });
  expect(
    await page.evaluate(() => {
      const t = TrelloPowerUp.iframe();
      return [t.arg('step'), t.getContext().card, t.isMemberSignedIn()];
    }),
  ).toEqual([2, 'c'.repeat(24), true]);
});

test('keys and items', async ({ page, trello }) => {
  await trello.seedSecret('token', 'abc');
  await trello.open(PAGE);
  expect(await trello.items()).toHaveLength(1);
  await trello.switchBrowser();
  expect(await call(page, 'loadSecret', 'token')).toBe(null);
  await trello.switchBrowser('default');
  expect(await call(page, 'loadSecret', 'token')).toBe('abc');
  await trello.rotateKey();
  expect((await call(page, 'loadSecret', 'token')).message).toMatch(/^Decryption failed/);
  await expect(trello.secret('token')).rejects.toThrow(/decrypt/i);
  await trello.clearSiteData();
  expect(await call(page, 'loadSecret', 'token')).toBe(null);
  expect(await trello.items()).toEqual([]);
  expect(Object.keys(await trello.pluginData('member', 'private'))).toEqual(['aescbc']);
  await trello.removePersonalSettings();
  expect(await trello.pluginData('member', 'private')).toEqual({});
});

test('storage modes in an open page, in every context of the browser', async ({
  browser,
  page,
  trello,
}) => {
  await trello.open(PAGE);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other
    .goto(PAGE, { baseURL: page.url() })
    .catch(() => other.goto(new URL(PAGE, page.url()).href));
  for (const [change, message] of [
    ['blockStorage', /Access is denied/],
    ['missingStorage', /of null/],
    ['fillStorage', /exceeded the quota/],
  ]) {
    await trello[change]();
    for (const one of [page, other]) {
      expect((await call(one, 'storeSecret', 'token', 'x')).message).toMatch(message);
    }
  }
  await trello.allowStorage();
  expect(await call(page, 'storeSecret', 'token', 'x')).toMatchObject({ value: /.+/ });
  await context.close();
});

test('calls that fail, wait or are never answered', async ({ page, trello }) => {
  await trello.open(PAGE);
  await trello.fail('loadSecret', new DOMException('not today', 'SecurityError'));
  const failed = { error: 'SecurityError', message: 'not today' };
  expect(await call(page, 'loadSecret', 'token')).toEqual(failed);
  await trello.fail('loadSecret', 'oh no', { times: 2 });
  for (let i = 0; i < 2; i++) {
    expect(await call(page, 'loadSecret', 'token')).toEqual({ error: 'Error', message: 'oh no' });
  }
  await trello.delay('loadSecret', 300);
  const took = await page.evaluate(async () => {
    const start = performance.now();
    await TrelloPowerUp.iframe().loadSecret('token');
    return performance.now() - start;
  });
  expect(took).toBeGreaterThan(295);
  await trello.hang('loadSecret');
  const first = await page.evaluate(() => {
    const t = TrelloPowerUp.iframe();
    const hanging = t.loadSecret('token').then(() => 'answered');
    return Promise.race([hanging, t.get('member', 'private', 'x', 'nothing')]);
  });
  expect(first).toBe('nothing');
});

test('an embedded page has a storage of its own for the site around it', async ({
  page,
  trello,
}) => {
  await trello.scenario('storage-partitioned');
  await trello.open(PAGE);
  const { origin, port } = new URL(page.url());
  await call(page, 'storeSecret', 'token', 'of the top level');
  for (const [partition, seen] of [
    [true, null],
    [false, 'of the top level'],
  ]) {
    await trello.partitionStorage(partition);
    await page.goto(`http://around.localhost:${port}${PAGE}`);
    await page.evaluate(
      (src) =>
        new Promise((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { src, onload: resolve });
          document.body.append(frame);
        }),
      `${origin}${PAGE}`,
    );
    expect(await call(page.frames()[1], 'loadSecret', 'token')).toBe(seen);
  }
});

test('what leaks is what can be read, and no ciphertext', async ({ page, trello }) => {
  await trello.seedSecret('token', 'not-to-be-seen');
  await trello.open(PAGE);
  await call(page, 'loadSecret', 'token');
  const [{ value }] = await trello.items();
  expect(await page.evaluate(() => Object.values(localStorage))).toContain(value);
  await expect(trello).not.toLeak(value.slice(0, 12));
  const { secret } = await page.evaluate(() =>
    JSON.parse(decodeURIComponent(location.hash.slice(1))),
  );
  await expect(trello).not.toLeak(secret);
  await expect(trello).not.toLeak('not-to-be-seen');
  for (const leak of [
    () => localStorage.setItem('copy', 'not-to-be-seen 1'),
    () => console.log('not-to-be-seen 2'),
    () => document.body.append('not-to-be-seen 3'),
    () => fetch('/service/tasks?token=not-to-be-seen%204'),
    () => (document.body.appendChild(document.createElement('input')).value = 'not-to-be-seen 5'),
  ].entries()) {
    await expect(trello).not.toLeak(`not-to-be-seen ${leak[0] + 1}`);
    await page.evaluate(leak[1]);
    await expect(trello).toLeak(`not-to-be-seen ${leak[0] + 1}`);
  }
  await page.evaluate(() => document.body.append('.'.repeat(5_000)));
  const { message } = await expect(trello)
    .not.toLeak('not-to-be-seen 3')
    .catch((error) => error);
  expect(message).toMatch(/it is in the page: ….{0,60}not-to-be-seen 3.{60}…/s);
  expect(message.length).toBeLessThan(1_000);
});

test('render reaches the page, and reading does not', async ({ page, trello }) => {
  await trello.open(PAGE);
  const rendered = () => page.evaluate(() => window.rendered);
  await page.evaluate(() => {
    window.rendered = 0;
    TrelloPowerUp.iframe().render(() => window.rendered++);
  });
  await expect.poll(rendered).toBe(1); // after load
  await trello.calls();
  await trello.items();
  await trello.secret('token');
  await trello.pluginData('board', 'shared');
  await expect(trello).not.toHaveSecret('token');
  await trello.renderWriter(false);
  expect(await rendered()).toBe(1);
  await trello.render();
  expect(await rendered()).toBe(2);
});

test('whether the page that changes plugin data renders can be set', async ({ page, trello }) => {
  await trello.open(PAGE);
  const rendered = () => page.evaluate(() => window.rendered);
  await page.evaluate(() => {
    window.rendered = 0;
    TrelloPowerUp.iframe().render(() => window.rendered++);
  });
  await expect.poll(rendered).toBe(1); // after load
  await trello.renderWriter(false);
  await call(page, 'set', 'board', 'shared', 'colour', 'blue');
  await trello.calls(); // what the page was told before has arrived
  expect(await rendered()).toBe(1);
  await trello.renderWriter(true);
  await call(page, 'set', 'board', 'shared', 'colour', 'red');
  await expect.poll(rendered).toBe(2);
});

test.describe('options', () => {
  test.use({
    trelloMember: 'd'.repeat(24),
    trelloContext: { board: 'e'.repeat(24) },
    trelloData: { board: { shared: { colour: 'red' } } },
    trelloFidelity: 'library',
    storageState: {
      cookies: [],
      origins: [{ origin: served, localStorage: [{ name: 'own', value: '1' }] }],
    },
  });

  test('are in force, and the context’s own stay', async ({ page, trello }, testInfo) => {
    await trello.open(PAGE);
    expect(await call(page, 'get', 'board', 'shared', 'colour')).toBe('red');
    const context = await page.evaluate(() => TrelloPowerUp.iframe().getContext());
    expect(context).toMatchObject({ member: 'd'.repeat(24), board: 'e'.repeat(24) });
    expect(await page.evaluate(() => localStorage.own)).toBe('1');
    await trello.seedSecret('token', 'abc');
    await trello.removePersonalSettings();
    expect(await call(page, 'loadSecret', 'token')).toBe(null); // what the library does
    expect(testInfo.project.use.trelloFidelity ?? 'documented').toBe('documented');
  });
});

test.describe('misuse', () => {
  test.use({ trelloProblems: 'fail' });

  test('fails the test where that is wanted', async ({ page, trello }) => {
    test.fail();
    await trello.open(PAGE);
    await call(page, 'storeSecret', 'token', { an: 'object' });
  });
});

test.describe('an unknown value of trelloProblems', () => {
  test.use({ trelloProblems: 'fial' });
  test.fail();

  test('fails the test at its start', async ({ trello }) => {
    await trello.open(PAGE);
  });
});

test('a page that is not there, or not reached, is told', async ({ trello }) => {
  await expect(trello.open('/service/tasks')).rejects.toThrow(
    `trello.open('/service/tasks'): ${served}/service/tasks answered 401. Is the path right?`,
  );
  const nowhere = `http://localhost:${await freePort()}/x.html`;
  await expect(trello.open(nowhere)).rejects.toThrow(
    `${nowhere} cannot be reached (net::ERR_CONNECTION_REFUSED). Is the server running?`,
  );
  await expect(trello.open(undefined)).rejects.toThrow(/^trello\.open\(undefined\): the path must/);
});

test('a page is opened again until its server is up', async ({ page, trello }) => {
  const port = await freePort();
  const address = `http://localhost:${port}${PAGE}`;
  for (let i = 0; i < 10; i++) {
    await expect(trello.open(address)).rejects.toThrow('Is the server running?');
    await expect(trello.open(PAGE)).resolves.toBe(undefined);
    await expect(trello.open(address)).rejects.toThrow('Is the server running?');
    await expect(trello.open(address)).rejects.toThrow('Is the server running?');
  }
  const server = createServer((_request, response) => response.end('at last')).listen(port);
  await once(server, 'listening');
  await trello.open(address);
  await expect(page.getByText('at last')).toBeVisible();
  server.closeAllConnections();
  server.close();
});

test('a server’s error without a page is told', async ({ trello }) => {
  await expect(trello.open('/settigns.html')).rejects.toThrow(
    `trello.open('/settigns.html'): ${served}/settigns.html answered with an error and no page. Is the path right?`,
  );
});

test('matchers refuse a method that is never recorded, whether wanted or not', async ({
  trello,
}) => {
  for (const expectIt of [expect(trello), expect(trello).not]) {
    await expect(expectIt.toHaveCalled('close-popup')).rejects.toThrow(
      /^expect\(trello\)\.toHaveCalled\('close-popup'\): .*did you mean "closePopup"\?/,
    );
  }
});

test('methods have the names of t', async ({ page, trello }) => {
  await trello.open(PAGE);
  await expect(trello).not.toHaveCalled('closePopup');
  await call(page, 'closePopup');
  await call(page, 'sizeTo', 100);
  await expect(trello).toHaveCalled('closePopup');
  await expect(trello).toHaveCalled('sizeTo');
  await trello.answer('requestToken', 'a token');
  expect(await call(page, 'requestToken', {})).toBe('a token');
  await trello.fail('closePopup', 'not now');
  expect(await call(page, 'closePopup')).toMatchObject({ message: 'not now' });
});

test('plugin data are among the calls, by their keys', async ({ page, trello }) => {
  await trello.open(PAGE);
  await call(page, 'set', 'board', 'shared', 'colour', 'blue');
  await expect(trello).toHaveCalled('set', 'colour');
  await expect(trello).not.toHaveCalled('remove', 'colour');
  expect(JSON.stringify(await trello.calls())).not.toContain('blue');
});

test('a member without a key gets one that is another than before', async ({ page, trello }) => {
  await trello.scenario('key-replaced');
  const { aescbc } = await trello.pluginData('member', 'private');
  expect(aescbc).toMatch(/^[0-9a-f]{64}$/);
  await trello.open(PAGE);
  await call(page, 'storeSecret', 'token', 'abc');
  await trello.scenario('key-replaced');
  expect((await trello.pluginData('member', 'private')).aescbc).not.toBe(aescbc);
});

test('a browser that somebody launched themselves, and its contexts', async ({
  playwright,
  baseURL,
}) => {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await playwright.chromium.launch(trelloLaunchOptions({ executablePath }));
  const trello = await attachTrello(browser, { baseURL, fidelity: 'library', member: null });
  await expect(trello.open(PAGE)).rejects.toThrow(/no page is open/);
  const page = await browser.newPage();
  await trello.open(PAGE);
  expect(await call(page, 'isMemberSignedIn')).toBe(false);
  await page.evaluate(() => console.log('told to the console'));
  await expect(trello).toLeak('told to the console');
  await trello.seedSecret('token', 'abc', { member: 'a'.repeat(24) });
  await browser.close();
  expect(await trello.items()).toHaveLength(1); // what was stored can still be read
});

test('a browser that cannot take the extension is refused with what to do', async ({
  playwright,
}) => {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await playwright.chromium.launch({ executablePath });
  await expect(attachTrello(browser)).rejects.toThrow(/trelloLaunchOptions\(\)/);
  await browser.close();
});
