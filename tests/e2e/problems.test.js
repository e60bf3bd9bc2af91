// SPDX-License-Identifier: MIT
// Habits of real Power-Ups that hurt their users in Trello are noticed, in both settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls } from '../support/store.js';
import { command, hashOf, setStage, until } from './stage.js';

/**
 * What a page does, and the problems that are recorded for it.
 * @type {{name: string, code: string, member?: string, problems: string[]}[]}
 */
const HABITS = [
  {
    name: 'two secrets of a new member stored in one Promise.all',
    code: `await Promise.all([t.storeSecret('access', 'a'), t.storeSecret('refresh', 'r')])`,
    problems: ['storeSecret: concurrent-first-stores'],
  },
  {
    name: 'an object stored',
    code: `await t.storeSecret('token', { token: 'a' })`,
    problems: ['storeSecret: not-a-string'],
  },
  {
    name: 'a loadSecret without a catch that rejects',
    code: `const { key } = await t.storeSecret('token', 'a');
      localStorage.setItem(key, 'damaged');
      const told = new Promise((resolve) => addEventListener('unhandledrejection', resolve));
      t.loadSecret('token').then(() => {});
      await told`,
    problems: ['loadSecret: unhandled-rejection'],
  },
  {
    name: 'an await without a try that rejects',
    code: `const { key } = await t.storeSecret('token', 'a');
      localStorage.setItem(key, 'damaged');
      const told = new Promise((resolve) => addEventListener('unhandledrejection', resolve));
      (async () => { await t.loadSecret('token') })();
      await told`,
    problems: ['loadSecret: unhandled-rejection'],
  },
  {
    name: 'the promise shown as a value',
    code: `const input = document.createElement('input');
      input.value = t.loadSecret('token');
      if (input.value !== '[object Promise]') throw new Error(input.value)`,
    problems: ['loadSecret: promise-as-value'],
  },
  {
    name: 'an empty secret stored to disconnect',
    code: `await t.storeSecret('token', '')`,
    problems: ['storeSecret: empty-secret'],
  },
  {
    name: 'a secret call while nobody is signed in',
    code: `try { t.loadSecret('token').catch(() => {}) } catch {}`,
    member: 'notLoggedIn',
    problems: ['loadSecret: signed-out'],
  },
  {
    name: 'a member of t that does not exist',
    code: `if (t.setSecret !== undefined) throw new Error('it exists');
      if ('setSecret' in t) throw new Error('it is there')`,
    problems: ['setSecret: unknown-member'],
  },
  {
    name: 'nothing wrong',
    code: `await t.storeSecret('access', 'a');
      await Promise.all([t.storeSecret('refresh', 'r'), t.loadSecret('access')]);
      await t.loadSecret('nothing');
      await t.loadSecret('access').then((token) => token, () => null);
      await t.clearSecret('access')`,
    problems: [],
  },
];

for (const fidelity of ['documented', 'library']) {
  for (const { name, code, member = 'm', problems } of HABITS) {
    test(`${fidelity}: ${name}`, async (t) => {
      const stage = await setStage(t);
      const browser = await stage.launch();
      await command(stage, 'fidelity', fidelity);
      const page = await stage.open(browser, 'localhost', hashOf({ context: { member } }));

      await page.evaluate(
        `(async () => { const t = TrelloPowerUp.iframe(); ${code}; await t.alert({ message: 'end' }) })()`,
      );
      const here = () =>
        calls(stage.stateFolder).filter(({ origin }) => origin === stage.origin('localhost'));
      // What a page does is recorded in its order, so everything is there once the end is.
      await until(() => here().some(({ method }) => method === 'alert'));
      const noticed = here().filter(({ problem }) => problem !== null);
      assert.deepEqual(
        noticed.map(({ method, problem }) => `${method}: ${problem}`),
        problems,
      );
      assert.ok(noticed.every(({ detail }) => detail.advice.length > 20));
    });
  }
}

test('the record tells each secret call with its outcome, and never the secret', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());

  await page.evaluate(async () => {
    const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
    const { key } = await t.storeSecret('token', 'a-marker-in-no-record');
    await t.loadSecret('token');
    localStorage.setItem(key, 'damaged');
    await t.loadSecret('token').catch(() => {});
    await t.clearSecret('token');
  });
  const here = () => calls(stage.stateFolder);
  await until(() => here().length === 4);
  assert.deepEqual(
    here().map(({ method, detail }) => [method, detail.member, detail.key, detail.outcome]),
    [
      ['storeSecret', '5f0000000000000000000001', 'token', 'resolved'],
      ['loadSecret', '5f0000000000000000000001', 'token', 'resolved'],
      ['loadSecret', '5f0000000000000000000001', 'token', 'rejected'],
      ['clearSecret', '5f0000000000000000000001', 'token', 'resolved'],
    ],
  );
  assert.deepEqual(here()[2].detail.error, { name: 'Error', message: 'Invalid hexString' });
  assert.ok(here().every(({ at, detail }) => at > 1_700_000_000_000 && detail.durationMs >= 0));
  assert.ok(!JSON.stringify(here()).includes('marker'));
});
