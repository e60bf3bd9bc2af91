// SPDX-License-Identifier: MIT
// However large what a page passes is, nobody else notices: the host goes on, and what the page did is
// recorded, cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf } from './host-processes.js';
import { call, command, run, setStage } from './stage.js';

/** More than browsers send to a host in one message. */
const LARGE = 70_000_000;

/** What a page does, and the start of what is recorded of it: method and detail. */
const CALLS = [
  {
    code: `t.request('popup', { items: Array.from({ length: 1.5e6 }, () => ({})) })`,
    method: 'popup',
    detail: /"arguments":\{"text":"\{\\"items\\":\[\{\},\{\}/,
  },
  {
    code: `t.request('alert', { message: long })`,
    method: 'alert',
    detail: /"text":"\{\\"message\\":\\"kkk/,
  },
  { code: `t[long]`, method: 'kkk', detail: /does not exist|tkkk|t\.kkk/ },
  {
    code: `t.storeSecret(long, 'x').then(() => t.loadSecret(long))`,
    resolved: 'x',
    method: 'storeSecret',
    detail: /"key":"k{256}","slot":"[0-9a-f]{64}"/,
  },
  {
    code: `t.storeSecret('token', long)`,
    rejected: /QuotaExceededError|quota/i,
    method: 'storeSecret',
    detail: /"outcome":"rejected"/,
  },
  {
    code: `t.set('board', 'shared', 'name', long)`,
    rejected: /8192/,
    method: 'set',
    detail: /8192/,
  },
];

test('what a page passes may be of any size: the host goes on, and the call is recorded', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  const other = await stage.open(browser, '127.0.0.1');
  await call(other, 'storeSecret', 'token', 'of another');
  const hosts = hostsOf(stage.stateFolder);
  assert.equal(hosts.length, 1);

  for (const { code, resolved, rejected, method, detail } of CALLS) {
    const outcome = await page.evaluate(`(async () => {
      const long = 'k'.repeat(${LARGE});
      const t = TrelloPowerUp.iframe();
      try {
        return { resolved: (await ${code}) ?? null };
      } catch (error) {
        return { rejected: error.name + ': ' + error.message };
      }
    })()`);
    if (rejected === undefined) {
      assert.deepEqual(outcome, { resolved: resolved ?? null }, code);
    } else {
      assert.match(/** @type {any} */ (outcome).rejected, rejected, code);
    }
    const recorded = JSON.parse(await command(stage, 'calls', '--json', '--last', '20'));
    assert.ok(
      recorded.some(
        (/** @type {any} */ each) =>
          each.method.startsWith(method) && detail.test(JSON.stringify(each.detail)),
      ),
      `${code}: ${JSON.stringify(recorded)}`,
    );
    assert.ok(JSON.stringify(recorded).length < 100_000, code);
  }

  const problems = await run(stage, ['calls', '--problems', '--json']);
  assert.ok(!problems.stdout.includes('calls-lost'));
  assert.deepEqual(hostsOf(stage.stateFolder), hosts);
  assert.deepEqual(await call(other, 'loadSecret', 'token'), { resolved: 'of another' });
});

test('a handler’s result that no message can have is an error of the command, at once', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const page = await stage.open(browser);
  await page.evaluate(() => {
    const long = 'k'.repeat(70_000_000);
    /** @type {any} */ (window).TrelloPowerUp.initialize({
      'board-buttons': () => long,
      'card-buttons': () => Array.from({ length: 1.5e6 }, () => ({})),
    });
  });
  const hosts = hostsOf(stage.stateFolder);
  for (const [handler, words] of /** @type {[string, RegExp][]} */ ([
    ['board-buttons', /message of \d+ bytes was not sent; it may have at most 16777216/],
    ['card-buttons', /values/],
  ])) {
    const { status, stderr } = await run(stage, [
      'invoke',
      handler,
      '--origin',
      stage.origin('localhost'),
    ]);
    assert.equal(status, 3, stderr);
    assert.match(stderr, words);
  }
  assert.deepEqual(hostsOf(stage.stateFolder), hosts);
});
