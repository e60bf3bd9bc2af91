// SPDX-License-Identifier: MIT
// A command comes back when every browser has confirmed it, and says which one did not.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shortTime } from '../support/patience.js';
import { modeOf } from './modes.js';
import { addFrame, browserName, call, command, run, setStage, until } from './stage.js';

/** What a browser calls itself. @type {Record<string, RegExp>} */
const PRODUCT = { chromium: /Chrome\/\d+/, firefox: /Firefox\/\d+/ };

test('two browsers confirm, and one that was killed delays nothing', async (t) => {
  const stage = await setStage(t);
  const browsers = [await stage.launch(), await stage.launch()];
  const pages = await Promise.all(browsers.map((browser) => stage.open(browser)));
  await Promise.all(pages.map((page) => call(page, 'loadSecret', 'token'))); // both are connected

  const { stderr } = await run(stage, ['storage', 'denied']);
  assert.equal(stderr, '2 browsers confirmed\n');
  assert.deepEqual(await Promise.all(pages.map(modeOf)), ['denied', 'denied']);
  assert.equal(stage.hosts().length, 2);
  browsers[0].process()?.kill('SIGKILL');
  await until(() => stage.hosts().length === 1);
  assert.equal((await run(stage, ['storage', 'enabled'])).stderr, '1 browser confirmed\n');
});

test('a browser whose host was killed confirms with its next host, or fails the command', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ own: true });
  const page = await stage.open(browser);
  await call(page, 'loadSecret', 'token'); // it is connected
  const [{ browserPid, state }] = JSON.parse(await command(stage, 'browsers', '--json'));
  assert.deepEqual([browserPid, state], [browser.process()?.pid, 'connected']);

  process.kill(stage.hosts()[0], 'SIGKILL');
  const { status, stderr } = await run(stage, ['storage', 'denied']);
  assert.deepEqual([status, stderr], [0, '1 browser confirmed\n']);
  assert.equal(await modeOf(page), 'denied');

  writeFileSync(join(stage.folder, 'host'), '#!/bin/sh\nexit 1\n');
  process.kill(stage.hosts()[0], 'SIGKILL');
  const failed = await run(stage, ['storage', 'enabled', '--timeout', '1']);
  assert.equal(failed.status, 3);
  assert.match(failed.stderr, PRODUCT[browserName]);
  assert.match(failed.stderr, /is running, and no host of it has answered within 1 s:/);
  assert.equal(await modeOf(page), 'denied');
});

test('a page that cannot answer gives exit status 3 with the browser’s name', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const other = await stage.open(page.browser(), 'another.localhost');
  await call(page, 'loadSecret', 'token');

  const seconds = await shortTime(() => command(stage, 'storage', 'enabled'), 4);
  // Nothing else runs in the page once this request was answered.
  const begun = page.waitForResponse((response) => response.url().endsWith('/busy'));
  const busy = page
    .evaluate(() => {
      const request = new XMLHttpRequest();
      request.open('GET', '/busy', false);
      request.send();
      for (;;);
    })
    .catch(() => {});
  await begun;
  const { status, stderr } = await run(stage, ['storage', 'denied', '--timeout', seconds]);
  assert.equal(status, 3);
  assert.match(stderr, PRODUCT[browserName]);
  // The next settings are in force for the pages that can have them.
  assert.equal((await run(stage, ['storage', 'missing', '--timeout', seconds])).status, 3);
  while ((await modeOf(other)) !== 'missing'); // each question is a round trip
  await page.browser().close();
  await busy;
});

test('a page that goes away while something is asked of it keeps nobody waiting', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const frame = await addFrame(page, { src: '/page.html' });
  for (const place of [frame, page]) {
    await place.evaluate(async () => {
      const begun = new Promise((resolve) => {
        /** @type {any} */ (window).TrelloPowerUp.initialize({
          'show-settings': () => {
            resolve(undefined);
            return new Promise(() => {});
          },
        });
      });
      Object.assign(window, { begun });
    });
    const asked = run(stage, ['invoke', 'show-settings', '--origin', stage.origin('localhost')]);
    await place.evaluate(async () => {
      await /** @type {any} */ (window).begun;
    });
    if (place === frame) {
      await page.evaluate(async () => document.querySelector('iframe')?.remove());
    } else {
      await page.goto(`${stage.origin('another.localhost')}/page.html`);
    }
    const { status, stderr } = await asked;
    assert.equal(status, 3);
    assert.match(stderr, /a page went away before it answered "show-settings"/);
    assert.equal(await command(stage, 'storage', 'denied'), '');
  }
});
