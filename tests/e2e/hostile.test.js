// SPDX-License-Identifier: MIT
// What a page that means harm can reach: nothing that it could not reach through `t`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extensionOrigins } from '../support/browser.js';
import { pluginData, query } from '../support/store.js';
import { browserName, call, command, oneBrowser, run, setStage } from './stage.js';

/** @typedef {import('./stage.js').Stage} Stage */

/** Every message that host, background, bridge and panel understand and pages have no part in. */
const COMMANDS = [
  { panel: { command: ['reset'] } },
  { panel: { command: ['storage', 'denied'] } },
  { panel: { settingsOf: 'http://localhost' } },
  { operation: 'command', members: { arguments: ['reset'] } },
  { operation: 'command', arguments: ['reset'] },
  { operation: 'hello', members: { protocol: 1, extension: '9', browser: 'x' } },
  { operation: 'listSettings', members: {} },
  { operation: 'confirm', members: { ticket: 1, result: null } },
  { op: 'command', arguments: ['reset'] },
  { event: 'apply', ticket: 1 },
  { pluginDataOf: 'http://localhost' },
  null,
  'reset',
  ['reset'],
];

/** Everything in the store that a command could change. @param {Stage} stage */
const stored = (stage) => ({
  settings: query(stage.stateFolder, 'SELECT * FROM setting'),
  properties: query(stage.stateFolder, 'SELECT * FROM property'),
  item: query(stage.stateFolder, 'SELECT * FROM item'),
  pluginData: pluginData(stage.stateFolder),
});

/** A victim with a secret, and another origin that means harm. @param {import('node:test').TestContext} t */
async function victimAndAttacker(t) {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const victim = await stage.open(browser, 'victim.localhost');
  await call(victim, 'storeSecret', 'token', 'of the victim');
  await command(stage, 'sign-in', '--origin', stage.origin('victim.localhost'));
  const attacker = await browser.newPage();
  await attacker.goto(`${stage.origin('attacker.localhost')}/hostile.html`);
  await call(attacker, 'loadSecret', 'warm up');
  return { stage, victim, attacker };
}

test('messages, events and ports of a page’s own have no effect', async (t) => {
  const { stage, attacker, victim } = await victimAndAttacker(t);
  const before = stored(stage);
  await attacker.evaluate(async (messages) => {
    const words = ['storage=denied', 'signed=out', 'member0=f', 'end=all', 'end=origin'];
    for (const target of [window, document, document.documentElement]) {
      for (const detail of words) {
        target.dispatchEvent(new CustomEvent('powerup-secrets-settings', { detail }));
      }
      for (const data of messages) {
        const { port1, port2 } = new MessageChannel();
        const event = new MessageEvent('load', { data, ports: [port2] });
        target.dispatchEvent(event);
        port1.postMessage(data);
        port1.postMessage({ id: 1, request: data });
      }
    }
    for (const data of messages) {
      window.postMessage(data, '*');
      window.postMessage({ id: 1, request: data }, '*');
      new BroadcastChannel('powerup-secrets').postMessage(data);
    }
  }, COMMANDS);

  assert.deepEqual(await call(attacker, 'loadSecret', 'token'), { resolved: null });
  assert.deepEqual(await call(victim, 'loadSecret', 'token'), { resolved: 'of the victim' });
  assert.deepEqual(stored(stage), before);
  assert.equal(await attacker.evaluate('typeof localStorage.length'), 'number');
  // What was set so far is in force, and nothing else was said to any browser.
  assert.equal((await run(stage, ['storage', 'enabled'])).stderr, '1 browser confirmed\n');
});

test('neither the extension’s names nor its pages are within reach', async (t) => {
  const { stage, attacker } = await victimAndAttacker(t);
  const before = stored(stage);
  const seen = await attacker.evaluate(async (base) => {
    const files = [
      'panel.html',
      'panel.js',
      'background.js',
      'settings/all/end.js',
      'manifest.json',
    ];
    const fetched = await Promise.all(
      files.map((file) =>
        fetch(`${base}/${file}`).then(
          () => file,
          () => null,
        ),
      ),
    );
    // A frame that is refused need not say so; one that comes later has come when it is loaded.
    const frames = [`${base}/panel.html`, '/page.html'].map((src) =>
      Object.assign(document.createElement('iframe'), { src }),
    );
    const loaded = new Promise((resolve) => frames[1].addEventListener('load', resolve));
    document.body.append(...frames);
    await loaded;
    return {
      fetched: fetched.filter((file) => file !== null),
      globals: Object.getOwnPropertyNames(window).filter((name) => /powerupSecrets/i.test(name)),
      runtime: typeof (/** @type {any} */ (window).chrome?.runtime),
    };
  }, extensionOrigins[browserName]);
  assert.deepEqual(seen, { fetched: [], globals: [], runtime: 'undefined' });
  for (const frame of attacker.frames()) {
    assert.equal(await frame.$('#storage'), null);
  }
  assert.deepEqual(stored(stage), before);
});

const inTheBridge = oneBrowser(
  'chromium',
  'WebDriver BiDi cannot enter the isolated world of an extension',
);
test(
  'even with the bridge’s own voice a page gets its own origin’s answers alone',
  inTheBridge,
  async (t) => {
    const { stage, attacker, victim } = await victimAndAttacker(t);
    const before = stored(stage);
    const contexts = /** @type {any[]} */ ([]);
    const session = await attacker.createCDPSession();
    session.on('Runtime.executionContextCreated', ({ context }) => contexts.push(context));
    await session.send('Runtime.enable');
    const isolated = contexts.find(({ origin }) => origin.startsWith('chrome-extension://'));
    /** The two ways to the background. @type {Record<string, (message: unknown) => string>} */
    const ways = {
      message: (message) =>
        `chrome.runtime.sendMessage(${JSON.stringify(message)}).catch((e) => String(e))`,
      port: (message) => `new Promise((resolve) => {
        const port = chrome.runtime.connect();
        port.onMessage.addListener(({ answer }) => answer && resolve(answer));
        port.postMessage({ id: 1, request: ${JSON.stringify(message)} });
      })`,
    };
    /** @param {(message: unknown) => string} way @param {unknown} message */
    const sayBy = async (way, message) => {
      const { result } = await session.send('Runtime.evaluate', {
        contextId: isolated.id,
        expression: way(message),
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value;
    };

    for (const [name, way] of Object.entries(ways)) {
      const say = (/** @type {unknown} */ message) => sayBy(way, message);
      for (const message of COMMANDS) {
        const answer = await say(message);
        assert.equal(answer.ok, false, JSON.stringify(message));
        assert.equal(
          answer.error.message,
          'powerup-secrets: the extension does not know this request.',
        );
      }
      const origin = stage.origin('victim.localhost');
      if (name === 'message') {
        // Only a port says who calls.
        assert.equal((await say({ operation: 'getSettings', members: { origin } })).ok, false);
        continue;
      }
      const key = { member: '5f0000000000000000000001', key: 'token' };
      assert.deepEqual(await say({ operation: 'loadSecret', members: { ...key, origin } }), {
        ok: true,
        result: null,
      });
      const { result } = await say({
        operation: 'getPluginData',
        members: { member: key.member, origin },
      });
      assert.ok(!JSON.stringify(result).includes('aescbc'));
    }
    assert.deepEqual(stored(stage), before);
    assert.deepEqual(await call(victim, 'loadSecret', 'token'), { resolved: 'of the victim' });
  },
);
