// SPDX-License-Identifier: MIT
// Synchronizing a browser's own localStorage with the stored items.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execute, items } from '../support/store.js';
import { greetedHost, HostProcess, PLACE, stateFolder } from './host-process.js';

const { origin } = PLACE;
const slot = (/** @type {number} */ number) => number.toString(16).padStart(64, '0');

/**
 * A browser with its own localStorage, and the state that it last agreed on with the host.
 */
class Browser {
  /** @type {Map<string, string>} */
  local = new Map();
  /** @type {Map<string, string>} */
  #base = new Map();
  #host;
  #place;

  /**
   * @param {HostProcess} host
   * @param {Record<string, string>} [place]
   */
  constructor(host, place = { origin }) {
    this.#host = host;
    this.#place = place;
  }

  async synchronize() {
    const slots = new Set([...this.local.keys(), ...this.#base.keys()]);
    const reply = await this.#host.request('synchronizeItems', {
      ...this.#place,
      items: [...slots].map((slot) => ({
        slot,
        base: this.#base.get(slot) ?? null,
        local: this.local.get(slot) ?? null,
      })),
    });
    assert.equal(reply.ok, true, reply.error?.message);
    for (const { slot, value } of reply.result.items) {
      assert.notEqual(this.local.get(slot) ?? null, value);
      value === null ? this.local.delete(slot) : this.local.set(slot, value);
    }
    this.#base = new Map(this.local);
    return reply.result.items;
  }
}

test('two browsers of one profile end with the same entries, whoever changed them', async (t) => {
  const state = stateFolder(t);
  const first = new Browser(await greetedHost(t, { state }));
  const second = new Browser(await greetedHost(t, { state }));
  const kept = () => Object.fromEntries(items(state).map(({ slot, value }) => [slot, value]));

  first.local.set(slot(1), 'one').set(slot(2), 'two').set(slot(3), '');
  assert.deepEqual(await first.synchronize(), []);
  await second.synchronize();
  assert.deepEqual(second.local, first.local);

  first.local.set(slot(1), 'changed here');
  second.local.set(slot(1), 'changed there').delete(slot(2));
  second.local.set(slot(4), 'new there');
  await first.synchronize();
  assert.deepEqual(await second.synchronize(), [{ slot: slot(1), value: 'changed here' }]);
  assert.deepEqual(await first.synchronize(), [
    { slot: slot(2), value: null },
    { slot: slot(4), value: 'new there' },
  ]);
  assert.deepEqual(second.local, first.local);
  assert.deepEqual(kept(), Object.fromEntries(first.local));
  assert.deepEqual(await first.synchronize(), []);
  assert.deepEqual(await second.synchronize(), []);
});

test('the browser receives what the host stores or clears', async (t) => {
  const host = await greetedHost(t);
  const browser = new Browser(host);
  const { key, value } = (await host.store('token', 'x')).result;
  assert.deepEqual(await browser.synchronize(), [{ slot: key, value }]);
  await host.request('clearSecret', { ...PLACE, key: 'token' });
  assert.deepEqual(await browser.synchronize(), [{ slot: key, value: null }]);
  browser.local.set(key, value); // put back by the user
  assert.deepEqual(await browser.synchronize(), []);
  assert.equal((await host.load('token')).result, 'x');
});

test('another origin, site or browser profile has its own entries', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const browser = new Browser(host);
  browser.local.set(slot(1), 'mine');
  await browser.synchronize();
  const env = { POWERUP_SECRETS_BROWSER_PROFILE: 'elsewhere' };
  for (const other of [
    new Browser(host, { origin: 'https://other.example' }),
    new Browser(host, { origin, topLevelSite: 'https://trello.com' }),
    new Browser(await greetedHost(t, { state, env })),
  ]) {
    assert.deepEqual(await other.synchronize(), []);
    other.local.set(slot(1), 'theirs');
    assert.deepEqual(await other.synchronize(), []);
  }
  assert.deepEqual(await browser.synchronize(), []);
});

test('the answer is in the order of the slots, even if it is large', async (t) => {
  const host = await greetedHost(t);
  const numbers = [...Array(3000).keys()];
  const shuffled = numbers.map((number) => slot((number * 1237) % 3000));
  const entry = (/** @type {string} */ slot) => ({ slot, base: null, local: 'x'.repeat(400) });
  const stored = await host.request('synchronizeItems', { origin, items: shuffled.map(entry) });
  assert.deepEqual(stored.result.items, []);
  const { result } = await host.request('synchronizeItems', { origin, items: [] });
  assert.deepEqual(
    result.items.map((/** @type {{slot: string}} */ item) => item.slot),
    numbers.map(slot),
  );
});

test('invalid requests change nothing', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const good = { slot: slot(1), base: null, local: 'x' };
  for (const [bad, message] of /** @type {[unknown, RegExp][]} */ ([
    [null, /items\[1\] must be an object/],
    [good, /listed twice/],
    [{ ...good, slot: slot(2).slice(1) }, /64 lower-case hex digits/],
    [{ ...good, slot: slot(2) + '0' }, /64 lower-case hex digits/],
    [{ ...good, slot: slot(10).toUpperCase() }, /64 lower-case hex digits/],
    [{ ...good, slot: 'é'.repeat(32) }, /64 lower-case hex digits/],
    [{ ...good, slot: '\0'.repeat(64) }, /64 lower-case hex digits/],
    [{ slot: slot(2), base: null }, /items\[1\] needs the member "local"/],
    [{ slot: slot(2), local: null }, /items\[1\] needs the member "base"/],
    [{ ...good, slot: slot(2), base: 1 }, /must be a string or null/],
    [{ ...good, slot: slot(2), more: 1 }, /no member "more"/],
  ])) {
    const { error } = await host.request('synchronizeItems', { origin, items: [good, bad] });
    assert.equal(error?.code, 'bad_request', JSON.stringify(bad));
    assert.match(error.message, message);
  }
  const many = Array(40_001).fill({ ...good, local: 'x'.repeat(200) });
  const { error } = await host.request('synchronizeItems', { origin, items: many });
  assert.match(error.message, /at most 40000/);
  assert.deepEqual(items(state), []);
});

test('a value that another program made invalid is still sent', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const browser = new Browser(host);
  browser.local.set(slot(1), 'x');
  await browser.synchronize();
  execute(state, "UPDATE item SET value = CAST(X'61FF62' AS TEXT)");
  assert.deepEqual(await browser.synchronize(), [{ slot: slot(1), value: 'a\ufffdb' }]);
});

test('what was agreed survives SIGKILL', async (t) => {
  const state = stateFolder(t);
  for (let round = 0; round < 10; round++) {
    const host = await greetedHost(t, { state });
    const browser = new Browser(host);
    await browser.synchronize();
    assert.equal(browser.local.size, round);
    browser.local.set(slot(round), 'x');
    await browser.synchronize();
    host.kill('SIGKILL');
    await host.exit;
  }
});
