// SPDX-License-Identifier: MIT
// The background between real hosts and pages, in each of its forms.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { cliOf, EXIT } from '../cli/cli.js';
import { shortTime } from '../support/patience.js';
import { stop } from '../support/stop.js';
import { BACKGROUNDS, Page } from './background-edges.js';
import { PLACE, stateFolder } from './host-process.js';

const { member } = PLACE;
const ORIGIN = 'http://localhost:3000';
const URL_OF = `${ORIGIN}/page.html`;
const OTHER = 'http://other.example';

mock.method(console, 'warn', () => {}); // a connection that was lost

/** @param {string} method */
const isOf = (method) => (/** @type {{method: string}} */ asked) => asked.method === method;

/**
 * @param {import('node:test').TestContext} t
 * @param {(typeof BACKGROUNDS)[keyof typeof BACKGROUNDS]} startBackground
 * @param {boolean} [outlived]
 */
async function started(t, startBackground, outlived) {
  const state = stateFolder(t);
  return { cli: cliOf(t, state), state, background: await startBackground(t, { state, outlived }) };
}

// The first one, so that no timer of another test is left.
test('in Node.js, a background that is closed keeps no program running', async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const { cli, background } = await started(t, BACKGROUNDS['in Node.js'], false);
  const page = background.open(new Page({ url: URL_OF, answer: () => undefined }));
  const change = cli.run(['storage', 'denied']); // waits for the page, for long
  await page.isAsked(({ args }) => args[0].origins.length > 0);
  assert.notEqual(timers(), before);
  background.close();
  assert.equal(timers(), before);
  await background.hosts[0].exit;
  const { ok, error } = await page.request('getSettings');
  assert.equal(ok, false);
  assert.match(error.message, /the background was closed/);
  assert.equal(background.hosts.length, 1);
  await change;
});

for (const [place, startBackground] of Object.entries(BACKGROUNDS)) {
  test(`${place}, a secret is kept for the origin that the browser names`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF }));
    const given = { member, key: 'token', data: 'geheim', origin: OTHER, topLevelSite: OTHER };
    const stored = await page.request('storeSecret', given);
    assert.equal(stored.ok, true);
    assert.equal(typeof stored.itemsRevision, 'number');
    const revealed = await cli.do([
      'reveal',
      '--origin',
      ORIGIN,
      '--key',
      'token',
      '--member',
      member,
    ]);
    assert.equal(revealed.stdout, 'geheim');
    const second = background.open(new Page({ url: `${ORIGIN}/other.html`, id: 'second', tab: 2 }));
    const loaded = await second.request('loadSecret', { member, key: 'token' });
    assert.equal(loaded.result, 'geheim');
    const stranger = background.open(new Page({ url: `${OTHER}/`, id: 'third', tab: 3 }));
    assert.deepEqual(
      (await stranger.request('loadSecret', { member, key: 'token', origin: ORIGIN })).result,
      null,
    );
  });

  test(`${place}, a frame of another site has secrets of its own`, async (t) => {
    const { background } = await started(t, startBackground);
    const top = background.open(new Page({ url: URL_OF }));
    const framed = background.open(
      new Page({ url: URL_OF, id: 'framed', tab: 2, topUrl: 'https://trello.com/b' }),
    );
    assert.equal((await top.request('storeSecret', { member, key: 'k', data: 'x' })).ok, true);
    assert.equal((await framed.request('loadSecret', { member, key: 'k' })).result, null);
  });

  test(`${place}, what is no request of a page is refused by name`, async (t) => {
    const { background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF }));
    for (const operation of ['listSettings', 'command', 'toString', '']) {
      const { ok, error } = await page.request(operation, {});
      assert.equal(ok, false);
      assert.match(error.message, /^powerup-secrets: .*does not know this request/, operation);
    }
    const sandboxed = background.open(new Page({ url: URL_OF, origin: 'null', tab: 2 }));
    const { error } = await sandboxed.request('getSettings');
    assert.match(error.message, /^powerup-secrets: .*has no storage/);
  });

  test(`${place}, a change is in force everywhere when its command ends`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const pages = [1, 2, 3].map((tab) =>
      background.open(new Page({ url: URL_OF, id: `page ${tab}`, tab })),
    );
    assert.equal((await cli.json(['storage', 'denied', '--origin', ORIGIN])).confirmed, 1);
    assert.deepEqual(background.atStart(), [ORIGIN]);
    for (const { asked } of pages) {
      const applied = asked.filter(isOf('apply')).at(-1)?.args[0];
      assert.deepEqual(applied.origins, [{ origin: ORIGIN, settings: { storage: 'denied' } }]);
    }
    const late = background.open(new Page({ url: URL_OF, id: 'late', tab: 4 }));
    await late.isAsked(({ method, args }) => method === 'apply' && args[0].origins.length === 1);
    await cli.do(['reset']);
    assert.deepEqual(background.atStart(), []);
    assert.deepEqual(late.asked.at(-1)?.args[0].origins, []);
  });

  test(`${place}, a change asks each page once, and the host nothing`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF }));
    await cli.do(['storage', 'denied', '--origin', ORIGIN]);
    page.asked = [];
    background.sent.length = 0;
    await cli.do(['storage', 'full', '--origin', ORIGIN]);
    assert.deepEqual(background.sent, ['confirm']);
    assert.deepEqual(
      page.asked.map(({ method }) => method),
      ['apply'],
    );
  });

  test(`${place}, a page that fails or is silent is named by the command`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    background.open(new Page({ url: URL_OF, answer: () => ({ error: 'no room' }) }));
    const seconds = await shortTime(async () => {
      const { stderr } = await cli.run(['storage', 'denied', '--origin', ORIGIN]);
      assert.match(stderr, /localhost:3000\/page\.html: no room/);
    }, 4);
    background.open(
      new Page({ url: `${ORIGIN}/busy.html`, id: 'b', tab: 2, answer: () => undefined }),
    );
    const late = await cli.run(['--timeout', seconds, 'storage', 'enabled', '--origin', ORIGIN]);
    assert.equal(late.code, EXIT.notConfirmed);
    assert.match(late.stderr, /busy\.html does not answer/);
  });

  test(`${place}, calls that a page still has reach the command that lists them`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const calls = [{ method: 'getContext', at: 1, page: 'page', detail: {} }];
    background.open(
      new Page({
        url: URL_OF,
        answer: (method) => ({ result: method === 'report' ? { calls } : null }),
      }),
    );
    const listed = await cli.json(['calls']);
    assert.deepEqual(
      listed.map((/** @type {any} */ call) => [call.origin, call.method]),
      [[ORIGIN, 'getContext']],
    );
  });

  test(`${place}, plugin data that one page or the command line writes is seen by others`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    await cli.do(['storage', 'enabled']); // from now on, changes are told
    const writer = background.open(new Page({ url: URL_OF }));
    const reader = background.open(new Page({ url: URL_OF, id: 'reader', tab: 2 }));
    const stranger = background.open(new Page({ url: `${OTHER}/`, id: 'stranger', tab: 3 }));
    const data = { scope: 'board', owner: 'b1', visibility: 'shared', text: '{"a":1}' };
    assert.equal((await writer.request('setPluginData', data)).ok, true);
    await Promise.all([writer, reader].map((page) => page.isAsked(isOf('see'))));
    const [revision] = reader.asked.find(isOf('see'))?.args ?? [];
    assert.equal(typeof revision, 'number');
    assert.equal(stranger.asked.some(isOf('see')), false);
    // Another program, with a host of its own, on the same folder.
    const other = await startBackground(t, { state: cli.state });
    const there = other.open(new Page({ url: URL_OF, id: 'there' }));
    assert.equal((await there.request('setPluginData', { ...data, text: '{"a":2}' })).ok, true);
    await reader.isAsked(({ method, args }) => method === 'see' && args[0] > revision);
  });

  test(`${place}, the panel runs commands, one after the other`, async (t) => {
    const { background } = await started(t, startBackground);
    background.open(
      new Page({
        url: URL_OF,
        answer: (method) => ({
          result: method === 'describe' ? { origin: ORIGIN, url: URL_OF } : null,
        }),
      }),
    );
    const answers = await Promise.all([
      background.askPanel({ command: ['storage', 'denied', '--origin', ORIGIN] }),
      background.askPanel({ command: ['storage', 'full', '--origin', ORIGIN] }),
    ]);
    assert.deepEqual(
      answers.map(({ result }) => result.status),
      [0, 0],
    );
    assert.equal((await background.askPanel({ settingsOf: ORIGIN })).result.storage, 'full');
    assert.deepEqual((await background.askPanel({ pagesOf: 1 })).result, [
      { origin: ORIGIN, url: URL_OF, tab: 1, answers: true },
    ]);
    assert.match((await background.askPanel({})).error.message, /does not know this request/);
  });

  test(`${place}, a host that is killed is replaced, and nothing is lost`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF }));
    await cli.do(['storage', 'denied', '--origin', ORIGIN]);
    assert.equal((await page.request('storeSecret', { member, key: 'k', data: 'kept' })).ok, true);
    page.asked = [];
    const [killed] = background.hosts;
    killed.kill('SIGKILL');
    await killed.exit;
    // The new one applies what is set, without being asked.
    await page.isAsked(isOf('apply'));
    assert.equal(background.hosts.length, 2);
    assert.deepEqual(page.asked.find(isOf('apply'))?.args[0].origins, [
      { origin: ORIGIN, settings: { storage: 'denied' } },
    ]);
    const loaded = await page.request('loadSecret', { member, key: 'k' });
    assert.equal(loaded.result, 'kept');
    assert.equal((await cli.json(['storage', 'enabled', '--origin', ORIGIN])).confirmed, 1);
  });

  test(`${place}, a request under way when its host is killed fails by name`, async (t) => {
    const { background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF }));
    await stop(background.hosts[0].pid);
    const lost = page.request('loadSecret', { member, key: 'k' });
    background.hosts[0].kill('SIGKILL');
    const { ok, error } = await lost;
    assert.equal(ok, false);
    assert.match(error.message, /^powerup-secrets: .*host/);
    assert.deepEqual(await page.request('loadSecret', { member, key: 'k' }), {
      ok: true,
      result: null,
    });
  });

  test(`${place}, a page that closes is neither asked nor answered`, async (t) => {
    const { cli, background } = await started(t, startBackground);
    const page = background.open(new Page({ url: URL_OF, answer: () => undefined }));
    const other = background.open(new Page({ url: URL_OF, id: 'other', tab: 2 }));
    const change = cli.json(['storage', 'denied', '--origin', ORIGIN]);
    await page.isAsked(isOf('apply'));
    let answered = false;
    void page.request('getSettings').then(() => (answered = true));
    page.close();
    assert.equal((await change).confirmed, 1);
    await other.request('getSettings'); // the host answers in order
    assert.equal(answered, false);
    page.asked = [];
    await cli.do(['storage', 'enabled', '--origin', ORIGIN]);
    assert.deepEqual(page.asked, []);
  });

  test(`${place}, two on one state folder, of which one ends`, async (t) => {
    const { cli, state, background } = await started(t, startBackground, false);
    const other = await startBackground(t, { state, outlived: false });
    const pages = [background, other].map((each) => each.open(new Page({ url: URL_OF })));
    assert.equal((await cli.json(['storage', 'denied', '--origin', ORIGIN])).confirmed, 2);
    pages.forEach(({ asked }) => assert.equal(asked.at(-1)?.method, 'apply'));
    assert.equal((await pages[0].request('storeSecret', { member, key: 'k', data: 'x' })).ok, true);
    assert.equal((await pages[1].request('loadSecret', { member, key: 'k' })).ok, true);
    other.close();
    await other.hosts[0].exit;
    assert.equal(other.hosts.length, 1);
    assert.equal((await cli.json(['storage', 'enabled', '--origin', ORIGIN])).confirmed, 1);
    assert.equal((await pages[0].request('loadSecret', { member, key: 'k' })).ok, true);
  });
}
