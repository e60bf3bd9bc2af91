// SPDX-License-Identifier: MIT
// A page renders once after it has loaded, and when plugin data that it can see have changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildFolder } from '../support/browser.js';
import { call, command, run, setStage } from './stage.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @param {Page} page @returns {Promise<number>} */
const renders = async (page) => Number(await page.evaluate('renders'));

/** @param {Page} page  whose first render was counted @param {number} count */
const rendered = (page, count) => page.waitForFunction(`renders >= ${count}`);

/**
 * A page that counts, after its first render.
 *
 * @param {import('./stage.js').Stage} stage
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} [host]
 */
async function openCounting(stage, browser, host = 'localhost') {
  const page = await stage.open(browser, host);
  await page.goto(`${stage.origin(host)}/rendering.html`);
  await rendered(page, 1);
  return page;
}

/**
 * How often an open page renders for each command, in this order, of one state folder. The plugin data
 * start empty; nothing else decides.
 *
 * @typedef {object} Row
 * @property {string} command
 * @property {string[]} [words]
 * @property {string} [input]
 * @property {number} renders
 * @property {boolean} [elsewhere]  it has no origin
 * @property {number} [status]
 *
 * @type {Row[]}
 */
const ROWS = [
  { command: 'seed', words: ['--key', 'token'], input: 'secret', renders: 1 },
  { command: 'seed', words: ['--key', 'other'], input: 'secret', renders: 0 },
  { command: 'reveal', words: ['--key', 'token'], renders: 0 },
  { command: 'items', renders: 0 },
  { command: 'item get', words: ['--key', 'token'], renders: 0 },
  { command: 'item set', words: ['--key', 'third'], input: 'any value', renders: 0 },
  { command: 'item remove', words: ['--key', 'third'], renders: 0 },
  {
    command: 'plugin-data set',
    words: ['--scope', 'board', '--visibility', 'shared', '--name', 'colour'],
    input: '"blue"',
    renders: 1,
  },
  {
    command: 'plugin-data set',
    words: ['--scope', 'board', '--visibility', 'shared', '--name', 'colour'],
    input: '"blue"',
    renders: 0,
  },
  {
    command: 'plugin-data get',
    words: ['--scope', 'board', '--visibility', 'shared'],
    renders: 0,
  },
  {
    command: 'plugin-data remove',
    words: ['--scope', 'board', '--visibility', 'shared'],
    renders: 1,
  },
  {
    command: 'plugin-data remove',
    words: ['--scope', 'board', '--visibility', 'shared'],
    renders: 0,
  },
  { command: 'rotate-key', renders: 1 },
  { command: 'remove-personal-settings', renders: 1 },
  { command: 'remove-personal-settings', renders: 0 },
  { command: 'rotate-key', renders: 1 },
  { command: 'clear-site-data', renders: 0 },
  { command: 'storage', words: ['denied'], renders: 0 },
  { command: 'storage', words: ['full'], renders: 0 },
  { command: 'storage', words: ['enabled'], renders: 0 },
  { command: 'sign-in', words: ['--member', '5f00000000000000000000aa'], renders: 0 },
  { command: 'sign-out', renders: 0 },
  { command: 'sign-in', renders: 0 },
  { command: 'fidelity', words: ['library'], renders: 0 },
  { command: 'fidelity', words: ['documented'], renders: 0 },
  { command: 'fault', words: ['--op', 'loadSecret', '--error', 'Error:x'], renders: 0 },
  { command: 'answer', words: ['card', '{}'], renders: 0 },
  { command: 'calls', renders: 0 },
  { command: 'calls', words: ['--problems'], renders: 0 },
  { command: 'invoke', words: ['card-buttons', '--page', 'none'], renders: 0, status: 4 },
  { command: 'render-writer', words: ['off'], renders: 0 },
  { command: 'render', renders: 1 },
  { command: 'partition', words: ['off'], renders: 0, elsewhere: true },
  { command: 'partition', words: ['on'], renders: 0, elsewhere: true },
  { command: 'browser-profile', words: ['another'], renders: 0, elsewhere: true },
  { command: 'browsers', renders: 0, elsewhere: true },
  { command: 'doctor', words: ['--json'], renders: 0, elsewhere: true, status: -1 },
  {
    command: 'batch',
    input: '[{"arguments":["fidelity","library"]},{"arguments":["storage","enabled"]}]',
    renders: 0,
    elsewhere: true,
  },
  { command: 'batch', input: '[{"arguments":["reset"]}]', renders: 1, elsewhere: true },
  {
    command: 'plugin-data set',
    words: ['--scope', 'board', '--visibility', 'shared', '--name', 'colour'],
    input: '"red"',
    renders: 1,
  },
  { command: 'reset', renders: 1, elsewhere: true },
  { command: 'reset', renders: 0, elsewhere: true },
];

/** Commands that have nothing to do with pages and browsers that run. */
const APART = [
  'power-up',
  'install',
  'uninstall',
  'encrypt',
  'decrypt',
  'session',
  'completion',
  'help',
];

test('a page renders for the commands that change its plugin data, and for no other', async (t) => {
  const stage = await setStage(t);
  const page = await openCounting(stage, await stage.launch());
  await page.type('input', 'typed by the user');
  const help = execFileSync(join(buildFolder, 'powerup-secrets'), ['help'], { encoding: 'utf8' });
  const [, commands = ''] = /\nCommands:\n(.*?)\n\n/s.exec(help) ?? [];
  const names = [...commands.matchAll(/^ {2}([a-z-]+(?: (?:get|set|remove)(?= ))?)/gm)].map(
    ([, name]) => name,
  );
  assert.ok(names.length > 30);
  assert.deepEqual(
    names.filter((name) => !APART.includes(name) && ROWS.every((row) => row.command !== name)),
    [],
    'commands without a row',
  );

  let count = await renders(page);
  assert.equal(count, 1);
  for (const row of ROWS) {
    const { words = [], input = '', elsewhere = false, status = 0 } = row;
    const [first, ...second] = row.command.split(' ');
    const origin = elsewhere ? [] : ['--origin', stage.origin('localhost')];
    const done = await run(stage, [first, ...second, ...words, ...origin], input);
    const label = `${row.command} ${words.join(' ')}: ${done.stderr}`;
    if (status >= 0) {
      assert.equal(done.status, status, label);
    }
    count += row.renders;
    assert.equal(await renders(page), count, label);
  }
  await command(stage, 'render');
  assert.equal(await renders(page), count + 1);
  assert.equal(await page.$eval('input', ({ value }) => value), 'typed by the user');
});

test('a page renders once after it has loaded, however often it is loaded', async (t) => {
  const stage = await setStage(t);
  const page = await openCounting(stage, await stage.launch());
  for (let loads = 0; loads < 6; loads++) {
    await page.reload();
    await rendered(page, 1);
    await command(stage, 'calls');
    assert.equal(await renders(page), 1);
  }
});

test('what a page changes is shown in every open page of its Power-Up, and in that page if it is set so', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch();
  const [writer, other, sibling, stranger] = [
    await openCounting(stage, browser),
    await openCounting(stage, browser),
    await openCounting(stage, browser, 'a.localhost'),
    await openCounting(stage, browser, 'b.localhost'),
  ];
  const origins = ['localhost', 'a.localhost'].map((host) => stage.origin(host));
  await command(stage, 'power-up', 'mine', ...origins);
  const all = [writer, other, sibling, stranger];
  const before = await Promise.all(all.map(renders));

  /** @param {number[]} more */
  const check = async (more) => {
    await Promise.all(all.map((page, i) => rendered(page, before[i] + more[i])));
    await command(stage, 'calls'); // reaches every page after all that came before
    assert.deepEqual(
      await Promise.all(all.map(renders)),
      before.map((count, i) => count + more[i]),
    );
  };
  await call(writer, 'set', 'board', 'shared', 'colour', 'blue');
  await check([1, 1, 1, 0]);
  await call(writer, 'set', 'board', 'shared', 'colour', 'blue');
  await call(writer, 'get', 'board', 'shared', 'colour');
  await check([1, 1, 1, 0]);
  await call(writer, 'storeSecret', 'token', 'secret'); // makes the member's key
  await check([2, 2, 2, 0]);
  await call(writer, 'storeSecret', 'token', 'another');
  await call(writer, 'loadSecret', 'token');
  await call(writer, 'clearSecret', 'token');
  await check([2, 2, 2, 0]);
  await command(stage, 'render-writer', 'off');
  await call(writer, 'remove', 'board', 'shared', 'colour');
  await check([2, 3, 3, 0]);
  await command(stage, 'storage', 'denied');
  await check([2, 3, 3, 0]);
});

test('what a page changes is shown in the other browser', async (t) => {
  const stage = await setStage(t);
  const [one, two] = await Promise.all([stage.launch(), stage.launch()]);
  const [writer, other] = [await openCounting(stage, one), await openCounting(stage, two)];
  await call(writer, 'set', 'board', 'shared', 'colour', 'blue');
  await rendered(other, 2);
  await command(stage, 'calls');
  assert.deepEqual([await renders(writer), await renders(other)], [2, 2]);
});

test('a fault waits for the call of the user, not for one of a render', async (t) => {
  const stage = await setStage(t);
  const page = await openCounting(stage, await stage.launch());
  await page.evaluate("t.render(() => void t.loadSecret('token').catch(() => {}))");
  await command(stage, 'fault', '--op', 'loadSecret', '--error', 'Error:on purpose');
  await command(stage, 'calls');
  assert.equal((await call(page, 'loadSecret', 'token')).rejected?.message, 'on purpose');
});

for (const fidelity of ['documented', 'library']) {
  test(`t.render after load, ${fidelity}`, async (t) => {
    const stage = await setStage(t);
    await command(stage, 'fidelity', fidelity);
    const page = await stage.open(await stage.launch());
    const count = fidelity === 'documented' ? 1 : 0;
    await page.evaluate('window.renders = 0; TrelloPowerUp.iframe().render(() => renders++)');
    await rendered(page, count);
    const problems = JSON.parse(await command(stage, 'calls', '--problems', '--json'));
    assert.deepEqual(
      problems.map((/** @type {any} */ { method, problem }) => [method, problem]),
      [['render', 'late-render']],
    );
    assert.equal(await renders(page), count);
    await command(stage, 'render');
    assert.equal(await renders(page), count + 1);
  });
}

test('a render that fails is the page’s own error, and the command is in force', async (t) => {
  const stage = await setStage(t);
  const page = await openCounting(stage, await stage.launch());
  await page.evaluate(() => {
    const self = /** @type {any} */ (window);
    self.failed = new Promise((resolve) => addEventListener('error', resolve, { once: true }));
    self.TrelloPowerUp.iframe().render(() => {
      throw new Error('the page is broken');
    });
  });
  await command(stage, 'render');
  assert.equal(await page.evaluate('failed.then(({ type }) => type)'), 'error');
});
