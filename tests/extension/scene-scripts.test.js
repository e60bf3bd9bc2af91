// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerScenes, registrationOf } from '../../extension/src/background/scene-scripts.js';
import { sceneIn } from '../../extension/src/bridge/frame.js';

const MEMBER = '5f00000000000000000000aa';

test('a scene is told word by word, for exactly its origin', () => {
  const row = { origin: 'http://localhost:8080', settings: { storage: 'denied', member: '' } };
  const { js, matches, ...rest } = registrationOf(row, 'chromium');
  assert.deepEqual(js, [
    'scene/port0-8.js',
    'scene/port1-0.js',
    'scene/port2-8.js',
    'scene/port3-0.js',
    'scene/storage-denied.js',
    'scene/signed-out.js',
    'scene/end-origin.js',
  ]);
  assert.deepEqual(matches, ['http://localhost:8080/*']);
  assert.deepEqual(rest, {
    id: 'scene of http://localhost:8080',
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
  assert.equal(js?.[0], 'scene/member0-5.js');
  assert.equal(js?.[23], 'scene/member23-a.js');
  assert.equal(js?.at(-1), 'scene/end-all.js');
});

test('no script is listed twice, for Chromium runs it once', () => {
  const settings = { fidelity: 'library', storage: 'full', member: 'a'.repeat(24) };
  const { js = [] } = registrationOf({ origin: 'http://[::1]:11111', settings }, 'chromium');
  assert.equal(new Set(js).size, js.length);
});

test('registrations that stay are updated, others come and go', async () => {
  const present = ['scene of ', 'scene of http://old.example', 'somebody else’s'];
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
  await registerScenes(scripting, rows, 'chromium');
  assert.deepEqual(done, [
    ['update', 'scene of '],
    ['register', 'scene of http://new.example'],
    ['unregister', 'scene of http://old.example'],
  ]);
});

test('a document’s scene: its origin’s own settings, else those of all, else the defaults', () => {
  Object.assign(globalThis, { window: { origin: 'http://a.example' } });
  const member = '5f0000000000000000000001';
  const defaults = { fidelity: 'documented', storage: 'enabled', member, faults: false };
  assert.deepEqual(sceneIn({ origins: [], faults: false }), defaults);
  const scenes = /** @type {any[]} */ ([
    { origin: '', settings: { storage: 'denied', fidelity: 'library' } },
    { origin: 'http://a.example', settings: { storage: 'full', member: '' } },
    { origin: 'http://a.example:8080', settings: { storage: 'missing' } },
  ]);
  assert.deepEqual(sceneIn({ scenes, faults: true }), {
    fidelity: 'library',
    storage: 'full',
    member: null,
    faults: true,
  });
});
