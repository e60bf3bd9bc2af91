// SPDX-License-Identifier: MIT
// Chromium and Firefox at once, of one member: as somebody who uses both.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchers } from '../support/browser.js';
import { items, pluginData } from '../support/store.js';
import { call, command, oneBrowser, run, setStage } from './stage.js';

const once = oneBrowser('chromium', 'it starts both browsers');

test(
  'two browsers share plugin data and not items, and a copied item opens in the other',
  once,
  async (t) => {
    const stage = await setStage(t);
    const pages = Object.fromEntries(
      await Promise.all(
        Object.keys(launchers).map(async (name) => {
          const browser = await launchers[name]({
            profile: join(stage.folder, `profile-of-${name}`),
            stateFolder: stage.stateFolder,
            browserProfile: name,
          });
          stage.closeLater(browser);
          return [name, await stage.open(browser)];
        }),
      ),
    );
    await command(stage, 'browsers', '--wait', '2');

    await call(pages.chromium, 'storeSecret', 'token', 'of Chromium');
    await call(pages.chromium, 'set', 'board', 'shared', 'colour', 'blue');
    assert.deepEqual(await call(pages.firefox, 'get', 'board', 'shared', 'colour'), {
      resolved: 'blue',
    });
    assert.deepEqual(await call(pages.firefox, 'loadSecret', 'token'), { resolved: null });
    const keys = pluginData(stage.stateFolder).filter(({ text }) => text.includes('aescbc'));
    assert.equal(keys.length, 1);

    const place = ['--origin', stage.origin('localhost'), '--key', 'token'];
    const inProfile = (/** @type {string} */ name) => ({ POWERUP_SECRETS_BROWSER_PROFILE: name });
    const { stdout } = await run(stage, ['item', 'get', ...place], '', inProfile('chromium'));
    const copied = await run(stage, ['item', 'set', ...place], stdout.trim(), inProfile('firefox'));
    assert.deepEqual([copied.status, copied.stderr], [0, '2 browsers confirmed\n']);
    assert.deepEqual(await call(pages.firefox, 'loadSecret', 'token'), { resolved: 'of Chromium' });

    await call(pages.firefox, 'storeSecret', 'token', 'of Firefox');
    assert.deepEqual(await call(pages.chromium, 'loadSecret', 'token'), {
      resolved: 'of Chromium',
    });
    assert.deepEqual(await call(pages.firefox, 'loadSecret', 'token'), { resolved: 'of Firefox' });
    assert.equal(items(stage.stateFolder).length, 2);

    await command(stage, 'storage', 'denied');
    for (const page of Object.values(pages)) {
      assert.equal((await call(page, 'loadSecret', 'token')).rejected.name, 'SecurityError');
    }
  },
);
