// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import defaultContext from '../../extension/default-context.json' with { type: 'json' };
import {
  registrationOf,
  SettingsScripts,
} from '../../extension/src/background/settings-scripts.js';
import { settingsIn } from '../../extension/src/bridge/frame.js';

const MEMBER = '5f00000000000000000000aa';

test('an origin’s settings are registered as scripts of one setting each', () => {
  const row = { origin: 'http://localhost:8080', settings: { storage: 'denied', member: '' } };
  const { js, matches, ...rest } = registrationOf(row, 'chromium');
  assert.deepEqual(js, [
    ...[4, 7, 8, 9, 10, 11, 12].map((bit) => `settings/origin/port-${bit}.js`), // 0b1111110010000
    'settings/origin/storage-denied.js',
    'settings/origin/signed-out.js',
    'settings/origin/end.js',
  ]);
  assert.deepEqual(matches, ['http://localhost:8080/*']);
  assert.deepEqual(rest, {
    id: 'settings of http://localhost:8080',
    world: 'MAIN',
    runAt: 'document_start',
    allFrames: true,
    matchOriginAsFallback: true,
    persistAcrossSessions: false,
  });
});

test('Firefox, which matches nothing by a pattern with a port, gets one without', () => {
  const row = { origin: 'https://a.example:8443', settings: {} };
  assert.deepEqual(registrationOf(row, 'firefox').matches, ['https://a.example/*']);
});

test('registrations that may meet in one document have no file in common', () => {
  const settings = { storage: 'denied', fidelity: 'library', member: MEMBER };
  for (const browser of /** @type {const} */ (['chromium', 'firefox'])) {
    const files = ['', 'http://a.example:8080', 'http://a.example.:8080'].flatMap(
      (origin) => registrationOf({ origin, settings }, browser).js ?? [],
    );
    assert.equal(new Set(files).size, files.length);
  }
});

test('what holds for all origins matches everything', () => {
  const { js, matches } = registrationOf({ origin: '', settings: { member: MEMBER } }, 'chromium');
  assert.deepEqual(matches, ['<all_urls>']);
  // 0x5f and 0xaa, and zeros between them
  const bits = [1, 3, 5, 7, 88, 89, 90, 91, 92, 94];
  assert.deepEqual(js, [
    'settings/all/signed-in.js',
    ...bits.map((bit) => `settings/all/member-${bit}.js`),
    'settings/all/end.js',
  ]);
});

test('no script is listed twice, for Chromium runs it once', () => {
  const settings = { fidelity: 'library', storage: 'full', member: 'f'.repeat(24) };
  const { js = [] } = registrationOf({ origin: 'http://[::1]:11111', settings }, 'chromium');
  assert.equal(new Set(js).size, js.length);
});

test('registrations that have changed are updated, others come and go', async () => {
  let asked = 0;
  const present = ['settings of ', 'settings of http://old.example', 'somebody else’s'];
  /** @type {any[]} */
  const done = [];
  const scripting = /** @type {any} */ ({
    async getRegisteredContentScripts() {
      asked++;
      return present.map((id) => ({ id }));
    },
    updateContentScripts: async (/** @type {any[]} */ list) =>
      done.push(['update', ...list.map(({ id }) => id)]),
    registerContentScripts: async (/** @type {any[]} */ list) =>
      done.push(['register', ...list.map(({ id }) => id)]),
    unregisterContentScripts: async (/** @type {any} */ { ids }) =>
      done.push(['unregister', ...ids]),
  });
  const rows = ['', 'http://new.example'].map((origin) => ({
    origin,
    settings: /** @type {Record<string, string>} */ ({}),
  }));
  const settings = { origins: rows, faults: [], pluginData: {}, filled: true };
  const scripts = new SettingsScripts(scripting, 'chromium');
  await scripts.register(settings);
  assert.deepEqual(done, [
    ['update', 'settings of '],
    ['register', 'settings of http://new.example', 'settings of filled storages'],
    ['unregister', 'settings of http://old.example'],
  ]);

  done.length = 0;
  await scripts.register(settings);
  assert.equal(done.length, 0, 'nothing has changed');
  rows[1].settings = { storage: 'denied' };
  await scripts.register(settings);
  assert.deepEqual(done, [['update', 'settings of http://new.example']]);
  assert.equal(asked, 1);

  scripting.updateContentScripts = () => Promise.reject(new Error('no'));
  rows[1].settings = { storage: 'full' };
  await assert.rejects(scripts.register(settings), { message: 'no' });
  done.length = 0;
  scripting.updateContentScripts = async (/** @type {any[]} */ list) =>
    done.push(...list.map(({ id }) => id));
  await scripts.register(settings);
  assert.equal(asked, 2, 'after a failure it is not known what is registered');
  assert.deepEqual(done.at(0), 'settings of ');
});

test('a document’s settings: those of its origin, else those of all, else the defaults', () => {
  Object.assign(globalThis, { window: { origin: 'http://a.example' } });
  const { member } = defaultContext;
  const defaults = {
    fidelity: 'documented',
    storage: 'enabled',
    member,
    faults: false,
    filled: false,
  };
  const nothing = { pluginData: {} };
  assert.deepEqual(settingsIn({ origins: [], faults: [], ...nothing }), defaults);
  const origins = /** @type {any[]} */ ([
    { origin: '', settings: { storage: 'denied', fidelity: 'library' } },
    { origin: 'http://a.example', settings: { storage: 'full', member: '' } },
    { origin: 'http://a.example:8080', settings: { storage: 'missing' } },
  ]);
  for (const [faulty, faults] of /** @type {[string[], boolean][]} */ ([
    [[''], true],
    [['http://a.example'], true],
    [['http://a.example:8080'], false],
  ])) {
    assert.deepEqual(settingsIn({ origins, faults: faulty, filled: true, ...nothing }), {
      fidelity: 'library',
      storage: 'full',
      member: null,
      faults,
      filled: true,
    });
  }
});
