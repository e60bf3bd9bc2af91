// SPDX-License-Identifier: MIT
// 64 hosts on one store, each with a long random sequence of operations: no error, and no lost update.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greetedHost, stateFolder } from '../protocol/host-process.js';
import { query } from '../support/store.js';
import { randomNumbers } from '../support/random.js';

const HOSTS = 64;
/** How many operations each host runs. */
const OPERATIONS = Number(process.env.POWERUP_SECRETS_LOAD ?? 1_000);

/** Only a few, so that many hosts share a member's key and a Power-Up. */
const ORIGINS = ['https://one.example', 'https://two.example:8443', 'http://localhost:3000'];
const MEMBERS = ['5f0000000000000000000001', '5f0000000000000000000002'];
const AESCBC = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';

/** @typedef {import('../protocol/host-process.js').HostProcess} HostProcess */

/** A host, and the entries of its own that it must find again. */
class Worker {
  /** @type {Map<string, {place: object, value: string}>} */
  secrets = new Map();
  /** @type {Map<string, {place: any, text: string}>} */
  texts = new Map();
  #random;

  /** @param {HostProcess} host @param {number} number */
  constructor(host, number) {
    this.host = host;
    this.number = number;
    this.#random = randomNumbers(number);
  }

  /** @template T @param {T[]} all @returns {T} */
  #one(all) {
    return all[Math.floor(this.#random() * all.length)];
  }

  /** @param {string} op @param {object} members */
  async #ask(op, members) {
    const reply = await this.host.request(op, { ...members });
    assert.ok(reply.ok, `${op}: ${JSON.stringify(reply.error)}`);
    return reply.result;
  }

  #secretPlace() {
    const [origin, member] = [this.#one(ORIGINS), this.#one(MEMBERS)];
    const key = `${this.number} ${this.#one(['a', 'b', 'c'])}`;
    return { name: `${origin} ${member} ${key}`, place: { origin, member, key } };
  }

  /** The operations of pages and testers, each with its own check. @type {(() => Promise<void>)[]} */
  operations = [
    async () => {
      const { name, place } = this.#secretPlace();
      const value = `${this.number} ${this.#random()}`;
      await this.#ask('storeSecret', { ...place, data: value });
      this.secrets.set(name, { place, value });
    },
    async () => {
      const { name, place } = this.#secretPlace();
      assert.equal(await this.#ask('loadSecret', place), this.secrets.get(name)?.value ?? null);
    },
    async () => {
      const { name, place } = this.#secretPlace();
      assert.equal(await this.#ask('clearSecret', place), null);
      this.secrets.delete(name);
    },
    async () => {
      const place = {
        origin: this.#one(ORIGINS),
        scope: 'board',
        owner: `5f00000000000000000${100_00 + this.number}`,
        visibility: 'shared',
      };
      const text = JSON.stringify({ value: this.#random() });
      assert.equal((await this.#ask('setPluginData', { ...place, text })).written, true);
      this.texts.set(`${place.origin} ${place.owner}`, { place, text });
    },
    async () => {
      for (const { place, text } of this.texts.values()) {
        const { origin, owner: board } = place;
        assert.equal((await this.#ask('getPluginData', { origin, board })).board.shared, text);
      }
    },
    async () => {
      const data = `${this.#random()}`;
      const member = this.#one(MEMBERS);
      const { value } = await this.#ask('encryptSecret', {
        member,
        key: 'k',
        data,
        aescbc: AESCBC,
      });
      assert.equal(await this.#ask('decryptSecret', { aescbc: AESCBC, value }), data);
    },
    async () => {
      const origin = this.#one(ORIGINS);
      const calls = [{ method: 'loadSecret', at: Date.now(), detail: { key: `${this.number}` } }];
      await this.#ask('recordCalls', { origin, calls });
    },
    async () => void (await this.#ask('getSettings', { origin: this.#one(ORIGINS) })),
    async () => void (await this.#ask('listSettings', {})),
  ];

  async work() {
    for (let i = 0; i < OPERATIONS; i++) {
      await this.#one(this.operations)();
    }
  }
}

test(`${HOSTS} hosts on one store, ${OPERATIONS} operations each`, async (t) => {
  const state = stateFolder(t);
  const hosts = await Promise.all(Array.from({ length: HOSTS }, () => greetedHost(t, { state })));
  const workers = hosts.map((host, number) => new Worker(host, number));
  await Promise.all(workers.map((worker) => worker.work()));
  for (const host of hosts) {
    host.closeInput();
  }
  for (const host of hosts) {
    assert.deepEqual(await host.exit, { code: 0, signal: null, stderr: '' });
  }

  const last = await greetedHost(t, { state });
  let entries = 0;
  for (const { secrets, texts } of workers) {
    for (const { place, value } of secrets.values()) {
      assert.equal((await last.request('loadSecret', { ...place })).result, value);
      entries++;
    }
    for (const { place, text } of texts.values()) {
      const { origin, owner: board } = place;
      const { result } = await last.request('getPluginData', { origin, board });
      assert.equal(result.board.shared, text);
      entries++;
    }
  }
  const kept = query(state, 'SELECT count(*) AS items FROM item');
  assert.deepEqual(kept, [{ items: workers.reduce((sum, { secrets }) => sum + secrets.size, 0) }]);
  assert.deepEqual(query(state, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  t.diagnostic(`${HOSTS * OPERATIONS} operations, ${entries} entries have the value written last`);
});
