// SPDX-License-Identifier: MIT
// What a call of trello sets is in force when the call resolves, whatever has happened to the browser's
// host or to the extension; else the call rejects.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeWorker } from '../../tests/support/browser.js';
import { Installation } from '../src/installation.js';
import { BROWSERS, callT, start } from './both-browsers.js';

/**
 * A browser with a page open, and its state folder.
 *
 * @param {import('node:test').TestContext} t
 * @param {typeof BROWSERS[number]} browser
 */
async function open(t, browser) {
  const installation = new Installation();
  const { stateFolder } = installation;
  const here = await start(browser, { stateFolder });
  t.after(async () => {
    await here.close();
    installation.close();
  });
  await here.trello.open('/page.html');
  return { ...here, stateFolder };
}

/** @param {string} stateFolder  the hosts that listen there */
const hostsOf = (stateFolder) =>
  readdirSync(join(stateFolder, 'hosts')).flatMap((name) => /^(\d+)\.sock$/.exec(name)?.[1] ?? []);

/** @param {import('puppeteer-core').Page} page */
const isBlocked = (page) =>
  page.evaluate(() => {
    try {
      return window.localStorage === undefined;
    } catch {
      return true;
    }
  });

/**
 * Blocks the storage after something has happened, and gives it back.
 *
 * @param {Awaited<ReturnType<typeof open>>} here
 */
async function blockAndAllow({ page, trello }) {
  const isInForce = await trello.blockStorage().then(
    () => true,
    (/** @type {Error} */ { message }) => {
      assert.match(message, /^trello\.blockStorage\(\): /);
      assert.doesNotMatch(message, /powerup-secrets [a-z]/);
      return false;
    },
  );
  assert.ok(!isInForce || (await isBlocked(page)), 'the call resolved, and nothing was in force');
  await trello.allowStorage().catch(() => {});
  return isInForce;
}

for (const browser of BROWSERS) {
  test(`${browser}: after the host was killed`, async (t) => {
    const here = await open(t, browser);
    for (let i = 0; i < 3; i++) {
      for (const pid of hostsOf(here.stateFolder)) {
        process.kill(Number(pid), 'SIGKILL');
      }
      assert.ok(await blockAndAllow(here), 'the browser starts its next host at once');
    }
  });

  test(`${browser}: a closed browser is not waited for`, async (t) => {
    const here = await open(t, browser);
    await here.trello.seedSecret('token', 'abc');
    await callT(here.page, 'loadSecret', 'token');
    await here.trello.calls(); // the page reports it
    await here.browser.close();
    assert.equal(await here.trello.secret('token'), 'abc');
    assert.equal((await here.trello.items()).length, 1);
    assert.ok((await here.trello.calls()).some(({ method }) => method === 'loadSecret'));
    await here.trello.blockStorage();
  });
}

test('chrome: after the extension’s worker was closed', async (t) => {
  const here = await open(t, 'chrome');
  for (let i = 0; i < 8; i++) {
    await closeWorker(here.browser);
    assert.ok(await blockAndAllow(here), 'the extension starts again at once');
  }
});

test('every command that the runner runs demands a confirmation', async (t) => {
  const { trello, browser, stateFolder } = await open(t, 'chrome');
  // Of a browser that has ended without anybody knowing.
  const installation = new Installation({ stateFolder });
  const { commandLine } = installation;
  t.after(() => installation.close());
  await browser.close();
  commandLine.demandConfirmation(() => true);
  for (const args of [
    ['reset'],
    ['storage', 'denied'],
    ['answer', 'card'],
    ['fault', '--op', 'card', '--no-reply'],
    ['plugin-data', 'get', '--origin', trello.origin, '--scope', 'board', '--visibility', 'shared'],
    ['items'],
    ['calls'],
    ['render'],
  ]) {
    await assert.rejects(commandLine.run([...args, '--timeout', '0.1']), { status: 3 }, args[0]);
  }
});
