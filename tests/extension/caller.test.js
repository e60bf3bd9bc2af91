// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';

const OWN = { id: 'own-id', getURL: () => 'chrome-extension://own-id/' };
Object.assign(globalThis, { chrome: { runtime: OWN } });
const { callerOf, isContentScript } = await import('../../extension/src/background/caller.js');
const { siteOf } = await import('../../extension/src/background/site.js');

const sites = [
  ['https://trello.com/b/1', 'https://trello.com'],
  ['https://a.b.example.co.uk:8443/x', 'https://example.co.uk'],
  ['http://localhost:3000/', 'http://localhost'],
  ['http://a.localhost:3000/', 'http://a.localhost'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1'],
  ['http://[::1]:8080/', 'http://[::1]'],
  ['https://one.github.io/', 'https://one.github.io'],
  ['https://github.io/', 'https://github.io'],
  ['https://a.example.com./', 'https://example.com.'],
  ['https://a.one.github.io.:8443/', 'https://one.github.io.'],
  ['https://github.io./', 'https://github.io.'],
  ['http://localhost.:3000/', 'http://localhost.'],
  ['http://a.example.com../', 'http://a.example.com..'],
  ['http://a.b$c.test/', 'http://b$c.test'],
  ['blob:https://a.example.com/1-2', 'https://example.com'],
  ['file:///home/me/page.html', 'file://'],
  ['about:blank', 'null'],
  ['data:text/html,x', 'null'],
  ['chrome-extension://abc/x.html', 'null'],
  ['', 'null'],
];
for (const [url, site] of sites) {
  test(`the site of ${url || 'no URL'} is ${site}`, () => assert.equal(siteOf(url), site));
}

/**
 * @param {string | undefined} origin
 * @param {number} frameId
 * @param {string} [url]  of the top-level page
 * @returns {chrome.runtime.MessageSender}
 */
function sender(origin, frameId, url) {
  return /** @type {any} */ ({
    id: OWN.id,
    origin,
    frameId,
    url: 'https://looks-like.example/never-used',
    tab: { url },
  });
}

test('a top-level page is its origin alone', () => {
  assert.deepEqual(callerOf(sender('https://a.example:8443', 0, 'https://a.example:8443/')), {
    origin: 'https://a.example:8443',
  });
});

test('a frame of the same site is its origin alone', () => {
  assert.deepEqual(callerOf(sender('https://x.a.example', 5, 'https://y.a.example/')), {
    origin: 'https://x.a.example',
  });
});

test('a frame of another site, or of another scheme, is partitioned', () => {
  assert.deepEqual(callerOf(sender('https://a.example', 5, 'https://trello.com/b')), {
    origin: 'https://a.example',
    topLevelSite: 'https://trello.com',
  });
  assert.deepEqual(callerOf(sender('https://a.example', 5, 'http://a.example/')), {
    origin: 'https://a.example',
    topLevelSite: 'http://a.example',
  });
  assert.deepEqual(callerOf(sender('https://a.example', 5, undefined)), {
    origin: 'https://a.example',
    topLevelSite: 'null',
  });
});

for (const origin of ['null', 'file://', 'chrome-extension://abc', 'about:blank', '']) {
  test(`the origin "${origin}" is refused`, () => {
    assert.match(/** @type {any} */ (callerOf(sender(origin, 0))).error, /has no storage/);
  });
}

test('a sender that is not in a tab is refused', () => {
  const { tab: _, ...noTab } = sender('https://a.example', 0);
  assert.match(/** @type {any} */ (callerOf(noTab)).error, /only pages in a tab/);
  assert.match(/** @type {any} */ (callerOf(sender(undefined, 0))).error, /only pages in a tab/);
});

/** What a sender may be instead of a content script of ours. @type {Record<string, object>} */
const STRANGERS = {
  'another extension': { id: 'another-id' },
  'a web page that may speak to extensions': { id: undefined },
  'a page of the extension in a tab': { origin: 'chrome-extension://own-id' },
  'the background itself, or a popup': { tab: undefined },
  'what is in no frame': { frameId: undefined },
};
for (const [who, difference] of Object.entries(STRANGERS)) {
  test(`${who} is no content script, and has no calls`, () => {
    const stranger = { ...sender('https://a.example', 0, 'https://a.example/'), ...difference };
    assert.equal(isContentScript(stranger), false);
    assert.equal(typeof (/** @type {any} */ (callerOf(stranger)).error), 'string');
  });
}

test('a content script is one in every frame, with a storage or without', () => {
  for (const origin of ['https://a.example', 'null', undefined]) {
    assert.equal(isContentScript(sender(origin, 3, 'https://a.example/')), true);
  }
  assert.equal(isContentScript(undefined), false);
});
