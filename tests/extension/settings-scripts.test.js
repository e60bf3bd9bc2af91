// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import defaultContext from '../../extension/default-context.json' with { type: 'json' };
import {
  registerSettings,
  registrationOf,
} from '../../extension/src/background/settings-scripts.js';
import { settingsIn } from '../../extension/src/bridge/frame.js';

const MEMBER = '5f00000000000000000000aa';

test('an origin’s settings are registered as scripts of one setting each', () => {
  const row = { origin: 'http://localhost:8080', settings: { storage: 'denied', member: '' } };
  const { js, matches, ...rest } = registrationOf(row, 'chromium');
  assert.deepEqual(js, [
    'settings/port0-8.js',
    'settings/port1-0.js',
    'settings/port2-8.js',
    'settings/port3-0.js',
    'settings/storage-denied.js',
    'settings/signed-out.js',
    'settings/end-origin.js',
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

test('what holds for all origins matches everything', () => {
  const { js, matches } = registrationOf({ origin: '', settings: { member: MEMBER } }, 'chromium');
  assert.deepEqual(matches, ['<all_urls>']);
  assert.equal(js?.length, 25);
  assert.equal(js?.[0], 'settings/member0-5.js');
  assert.equal(js?.[23], 'settings/member23-a.js');
  assert.equal(js?.at(-1), 'settings/end-all.js');
});

test('no script is listed twice, for Chromium runs it once', () => {
  const settings = { fidelity: 'library', storage: 'full', member: 'a'.repeat(24) };
  const { js = [] } = registrationOf({ origin: 'http://[::1]:11111', settings }, 'chromium');
  assert.equal(new Set(js).size, js.length);
});

test('registrations that stay are updated, others come and go', async () => {
  const present = ['settings of ', 'settings of http://old.example', 'somebody else’s'];
  const done = /** @type {any[]} */ ([]);
  const scripting = /** @type {any} */ ({
    getRegisteredContentScripts: async () => present.map((id) => ({ id })),
    updateContentScripts: async (/** @type {any[]} */ list) =>
      done.push(['update', ...list.map(({ id }) => id)]),
    registerContentScripts: async (/** @type {any[]} */ list) =>
      done.push(['register', ...list.map(({ id }) => id)]),
    unregisterContentScripts: async (/** @type {any} */ { ids }) =>
      done.push(['unregister', ...ids]),
  });
  const rows = ['', 'http://new.example'].map((origin) => ({ origin, settings: {} }));
  const settings = { origins: rows, faults: [], pluginData: {}, filled: true };
  await registerSettings(scripting, settings, 'chromium');
  assert.deepEqual(done, [
    ['update', 'settings of '],
    ['register', 'settings of http://new.example', 'settings of filled storages'],
    ['unregister', 'settings of http://old.example'],
  ]);
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
