// SPDX-License-Identifier: MIT
// Origins and sites: what the command line and the extension make of an address, against what the
// browser itself makes of it when a page is served there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { siteOf } from '../../extension/src/background/site.js';
import { siteOf as siteOfTheRunner } from '../../runner/src/site.js';
import { servePages } from '../support/pages.js';
import { addFrame, browserName, call, command, MEMBER, run, setStage } from './stage.js';

/** Every name is this machine. Firefox is told so by the preferences of all tests. */
const NAMES = { chromiumArguments: ['--host-resolver-rules=MAP * 127.0.0.1, EXCLUDE [::1]'] };

const LONG_LABEL = 'a'.repeat(64);
const MEANT = /did you mean/;
const STAR = /"\*" does not stand for other hosts/;
const NOT_ASCII = /outside ASCII.*location\.origin/;
const GENERAL = /Not an origin: give scheme, host/;
const PERCENT = /has "%".*location\.origin/;
const ZONE = /zone/;
const PORT = /port is a number from 1 to 65535/;

/**
 * @typedef {object} Address
 * @property {string} host  with a port where it is not that of the test's server
 * @property {'chromium' | null} [only]  the one browser that opens pages there; null: none does
 * @property {RegExp} [says]  what the command line says of it where it is no origin
 * @property {true} [refused]  pages there get no storage
 * @property {'firefox'} [withoutStorage]  the browser whose own storage fails there
 */

/** @type {Address[]} */
const ADDRESSES = [
  { host: 'a.localhost' },
  { host: 'a.localhost.' },
  { host: 'a.localhost..', withoutStorage: 'firefox' },
  { host: 'a..localhost', withoutStorage: 'firefox' },
  { host: '.localhost', withoutStorage: 'firefox' },
  { host: '.', only: 'chromium' },
  { host: 'localhost' },
  { host: 'localhost.' },
  { host: 'b.localhost' },
  { host: 'under_score.localhost' },
  { host: '-a-.localhost' },
  { host: 'ab--cd.localhost' },
  { host: `${LONG_LABEL}.localhost` },
  // What the URL parser lowers, leaves out or decodes.
  { host: 'A.LocalHost', says: MEANT },
  { host: 'user:word@a.localhost', says: MEANT },
  { host: '@a.localhost', says: MEANT },
  { host: '%61.localhost', says: PERCENT },
  { host: 'a%2eb.localhost', says: PERCENT },
  // Outside ASCII.
  { host: 'bücher.localhost', says: NOT_ASCII },
  { host: 'BÜCHER.localhost', says: NOT_ASCII },
  { host: 'xn--bcher-kva.localhost' },
  { host: 'xn--BCHER-kva.localhost', says: MEANT },
  { host: 'xn--a.localhost', only: 'chromium' },
  { host: 'faß.localhost', says: NOT_ASCII },
  { host: '😀.localhost', says: NOT_ASCII },
  { host: 'אב.localhost', says: NOT_ASCII },
  { host: 'ａ.localhost', says: NOT_ASCII },
  { host: 'a。localhost', says: NOT_ASCII },
  { host: 'a\u00adb.localhost', says: NOT_ASCII },
  { host: 'a\u200db.localhost', says: NOT_ASCII, only: null },
  { host: 'a\u202eb.localhost', says: NOT_ASCII, only: null },
  { host: 'xn--bücher.localhost', says: NOT_ASCII, only: null },
  // IP addresses.
  { host: '127.0.0.1' },
  { host: '127.0.0.1.', says: MEANT },
  { host: '127.1', says: MEANT },
  { host: '0x7f.0.0.1', says: MEANT },
  { host: '2130706433', says: MEANT },
  { host: '127.0.0.256', says: GENERAL, only: null },
  { host: '[::1]' },
  { host: '[0:0::1]', says: MEANT },
  { host: '[::FFFF:127.0.0.1]', says: MEANT },
  { host: '[::1%25lo]', says: ZONE, only: null },
  { host: '[fe80::1%lo]', says: ZONE, only: null },
  { host: '[::1]a', says: GENERAL, only: null },
  // Punctuation: Firefox finds no such host, except with two of them.
  { host: 'a$b.localhost' },
  { host: 'a+b.localhost' },
  ...[..."!&'()=,;`{}~"].map((mark) => ({
    host: `a${mark}b.localhost`,
    only: /** @type {const} */ ('chromium'),
  })),
  { host: 'a"b.localhost', only: 'chromium' },
  ...[...'<>^|'].map((mark) => ({ host: `a${mark}b.localhost`, says: GENERAL, only: null })),
  // Chromium writes them %20 and %2A.
  { host: 'a b.localhost', says: GENERAL, only: 'chromium', refused: true },
  { host: 'a*b.localhost', says: STAR, only: 'chromium', refused: true },
  { host: '*.localhost', says: STAR, only: 'chromium', refused: true },
  { host: '*', says: STAR, only: 'chromium', refused: true },
  // Ports.
  { host: 'a.localhost:0', says: PORT, only: null },
  { host: 'a.localhost:00', says: PORT, only: null },
  { host: 'a.localhost:65536', says: PORT, only: null },
  { host: 'a.localhost:4294967376', says: PORT, only: null },
  { host: 'a.localhost:8080a', says: GENERAL, only: null },
];

/** Pages, frames in them, and whether they are of one site. @type {[string, string, boolean][]} */
const SITES = [
  ['x.a.test', 'y.a.test', true],
  ['a.test', 'a.test.', false],
  ['x.a.test.', 'y.a.test', false],
  ['x.a.test.', 'y.a.test.', true],
  ['x.a.test..', 'y.a.test.', false],
  ['x.github.io', 'y.github.io', false],
  ['x.github.io.', 'y.github.io.', false],
  ['x.y.github.io.', 'z.y.github.io.', true],
  ['x.co.uk.', 'y.co.uk.', false],
  ['com', 'a.com', false],
  ['localhost', 'localhost.', false],
  ['localhost', 'a.localhost', false],
  ['x.localhost', 'y.localhost', false],
  ['x.y.localhost', 'z.y.localhost', true],
  ['x.a$b.test', 'y.a$b.test', true],
  ['x.-a-.test', 'y.-a-.test', true],
  ['x.under_score.test', 'y.under_score.test', true],
  [`x.${LONG_LABEL}.test`, `y.${LONG_LABEL}.test`, true],
  ['x.bücher.test', 'y.xn--bcher-kva.test', true],
  ['x.公司.cn', 'y.公司.cn', false],
  ['127.0.0.1', '[::1]', false],
  ['127.0.0.1.', '127.0.0.1', true],
];

/**
 * @param {Address} row
 * @param {string} port  of the server
 */
const addressOf = ({ host }, port) => `http://${host}${/:\w+$/.test(host) ? '' : `:${port}`}`;

/**
 * Opens a page there, in a tab of its own: Firefox's is of no use after an address that it refuses.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 * @param {(own: string | undefined, page: import('puppeteer-core').Page) => Promise<void>} look  own: the
 *   origin that the page has by the browser; undefined: the browser opens no page there
 */
async function visit(browser, address, look) {
  const page = await browser.newPage();
  let own;
  try {
    await page.goto(`${address}/first-script.html`);
    own = await page.evaluate(() => window.location.origin);
  } catch (error) {
    assert.match(`${error}`, /invalid URL|invalid argument|NS_ERROR|UNSAFE_PORT|deniedPortAccess/);
  }
  await look(own, page);
  await page.close();
}

/** What a page stores, and the command that finds it. */
const STORED = {
  secret: {
    store: ['storeSecret', 'token'],
    find: ['reveal', '--key', 'token'],
  },
  // Trello's library has no secrets in an insecure context, which some odd names are.
  pluginData: {
    store: ['set', 'board', 'shared', 'token'],
    find: ['plugin-data', 'get', '--scope', 'board', '--visibility', 'shared'],
  },
};

/**
 * Asserts what is true where a page is served.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {import('puppeteer-core').Page} page
 * @param {Address} row
 * @param {string} address
 * @param {string} own  the origin that the browser reports
 */
async function assertKept(stage, page, { says, refused }, address, own) {
  const isSecure = await page.evaluate(() => window.isSecureContext);
  const { store, find } = STORED[isSecure ? 'secret' : 'pluginData'];
  const value = `stored by ${address}`;
  const { rejected } = await call(page, store[0], ...store.slice(1), value);
  assert.match(
    `${rejected?.message}`,
    refused ? /stays has no storage|get no storage/ : /^undefined$/,
    own,
  );
  const found = await run(stage, [...find, '--origin', own]);
  assert.equal(found.stdout.includes(value), !refused, `${own}: ${found.stderr}`);
  assert.equal(found.status, refused ? 2 : 0);
  assert.equal(says === undefined, address === own, `${address} is ${own}`);
  if (says !== undefined) {
    const { status, stderr } = await run(stage, [...find, '--origin', address]);
    assert.equal(status, 2);
    assert.match(stderr, says);
    const meant = /did you mean "(.*)"\?/.exec(stderr)?.[1];
    assert.equal(meant, says === MEANT ? own : undefined, address);
  }
}

/**
 * Asserts what is true where no browser opens a page.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {Address} row
 * @param {string} address
 */
async function assertRefused(stage, { says }, address) {
  const { status, stderr } = await run(stage, ['seed', '--origin', address, '--key', 'k']);
  assert.equal(status, 2, address);
  assert.match(stderr, /** @type {RegExp} */ (says));
  assert.doesNotMatch(stderr, MEANT);
}

/**
 * A stage whose pages are served on both loopbacks.
 *
 * @param {import('node:test').TestContext} t
 */
async function setWholeStage(t) {
  const stage = await setStage(t);
  const port = new URL(stage.origin('localhost')).port;
  const folder = fileURLToPath(new URL('pages', import.meta.url));
  const ipv6 = await servePages(folder, {}, { address: '::1', port: Number(port) });
  t.after(() => ipv6.close());
  return { stage, port };
}

/** The storage mode that the first script of the page has met. @param {import('puppeteer-core').Page} page */
const firstModeOf = (page) =>
  page.evaluate(() => /** @type {any} */ (window).storageSeenByTheFirstScript);

test('what a page stores, and what is set for it, is under the origin that its browser reports alone', async (t) => {
  const { stage, port } = await setWholeStage(t);
  const browser = await stage.launch({ own: true, ...NAMES });
  /** @type {Set<string>} */
  const origins = new Set();
  for (const row of ADDRESSES) {
    const address = addressOf(row, port);
    const { only = browserName } = row;
    await visit(browser, address, async (own, page) => {
      assert.equal(own !== undefined, only === browserName, address);
      if (own !== undefined) {
        const fails = (await firstModeOf(page)) !== 'enabled';
        assert.equal(fails, row.withoutStorage === browserName, own);
        await (fails || assertKept(stage, page, row, address, own));
        row.refused || origins.add(own);
      } else if (only === null) {
        await assertRefused(stage, row, address);
      }
    });
  }
  const settings = [...origins].map((origin) => ({
    arguments: ['storage', 'missing', '--origin', origin],
  }));
  const { status, stderr } = await run(stage, ['batch'], JSON.stringify(settings));
  assert.equal(status, 0, stderr);
  for (const origin of origins) {
    await visit(browser, origin, async (own, page) => {
      assert.equal(own, origin);
      assert.equal(await firstModeOf(page), 'missing', origin);
    });
  }
});

test('a dot at the end of a host name, or its lack, keeps the settings of origins apart', async (t) => {
  const { stage, port } = await setWholeStage(t);
  const browser = await stage.launch({ own: true, ...NAMES });
  for (const [set, other] of [
    ['a.localhost', 'a.localhost.'],
    ['b.localhost.', 'b.localhost'],
    ['localhost', 'localhost.'],
  ].map((hosts) => hosts.map((host) => `http://${host}:${port}`))) {
    await command(stage, 'storage', 'missing', '--origin', set);
    for (const [origin, mode] of [
      [set, 'missing'],
      [other, 'enabled'],
    ]) {
      await visit(browser, origin, async (own, page) => {
        assert.equal(own, origin);
        assert.equal(await firstModeOf(page), mode, `${origin}, when ${set} is set`);
      });
    }
  }
});

test('an origin’s member is met whole by the first script, whichever digits that of all origins has', async (t) => {
  const stage = await setStage(t);
  const page = await (await stage.launch()).newPage();
  const all = '5f00000000000000000000ff';
  const own = '5f0000000000000000000103';
  await command(stage, 'sign-in', '--member', all);
  await command(stage, 'sign-in', '--member', own, '--origin', stage.origin('localhost'));
  const look = encodeURIComponent(
    'window.first = window.TrelloPowerUp.iframe().getContext().member',
  );
  for (const [host, member] of [
    ['localhost', own],
    ['b.localhost', all],
  ]) {
    await page.goto(`${stage.origin(host)}/declares.html?${look}`);
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).first), member, host);
  }
});

test('sites are those by which the browser itself keeps storage apart', async (t) => {
  const { stage, port } = await setWholeStage(t);
  const page = await (await stage.launch({ extension: false, ready: false, ...NAMES })).newPage();
  for (const [top, inner, isSame] of SITES) {
    const address = `http://${inner}:${port}/page.html`;
    await page.goto(address);
    await page.evaluate(() => window.localStorage.setItem('kept', 'here'));
    await page.goto(`http://${top}:${port}/page.html`);
    const frame = await addFrame(page, { src: address });
    const isShared = (await frame.evaluate(() => window.localStorage.getItem('kept'))) === 'here';
    assert.equal(isShared, isSame, `${inner} in ${top}`);
    const url = page.url();
    assert.equal(siteOf(url) === siteOf(frame.url()), isSame, `${siteOf(url)} ${siteOf(address)}`);
    assert.equal(siteOfTheRunner(url), siteOf(url));
    const seeded = ['seed', '--origin', new URL(address).origin, '--top-level-site', siteOf(url)];
    const taken = await run(stage, [...seeded, '--key', 'k', '--member', MEMBER], 'secret');
    assert.equal(taken.status, 0, taken.stderr);
  }
});
