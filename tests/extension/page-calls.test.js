// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { openPage, SECRET } from './page-calls-fixture.js';

/** @type {any[]} */
let pages = [];
afterEach(() => {
  const recorded = JSON.stringify(pages.map((page) => page.recorded));
  assert.equal(recorded.includes(SECRET), false, `a secret in ${recorded}`);
  for (const { problem, detail } of pages.flatMap((page) => page.recorded)) {
    assert.equal(typeof detail.advice, problem === undefined ? 'undefined' : 'string');
    assert.equal('error' in detail && detail.outcome === 'resolved', false);
  }
  pages = [];
});

/** A page whose record must hold no secret. @param {Parameters<typeof openPage>[0]} [options] */
function watchedPage(options) {
  const page = openPage(options);
  pages.push(page);
  return page;
}

test('each call is recorded with its outcome, and is no problem', async () => {
  const page = watchedPage();
  await page.storeSecret('k', `${SECRET}1`);
  await page.loadSecret('k');
  await page.clearSecret('k');
  page.state.fails = true;
  await assert.rejects(async () => page.storeSecret('k', SECRET));
  assert.deepEqual(page.problems(), []);
  assert.deepEqual(
    page.recorded.map(({ method, detail: { member, key, outcome } }) => [
      method,
      member,
      key,
      outcome,
    ]),
    [
      ['storeSecret', 'm', 'k', 'resolved'],
      ['loadSecret', 'm', 'k', 'resolved'],
      ['clearSecret', 'm', 'k', 'resolved'],
      ['storeSecret', 'm', 'k', 'rejected'],
    ],
  );
  const { durationMs, error } = page.recorded[3].detail;
  assert.ok(Number.isFinite(durationMs) && durationMs >= 0);
  assert.deepEqual(error, { name: 'Error', message: 'Decryption failed. Message: ' });
});

for (const fidelity of /** @type {const} */ (['documented', 'library'])) {
  test(`${fidelity}: first stores of a member that overlap are a problem, said once`, async () => {
    const page = watchedPage({ fidelity });
    const names = ['access', 'refresh', 'id'];
    await Promise.all(names.map((name) => page.storeSecret(name, SECRET)));
    page.state.hasKey = false; // Remove Personal Settings
    await Promise.all(names.map((name) => page.storeSecret(name, SECRET)));
    assert.deepEqual(page.problems(), ['concurrent-first-stores']);
    const [{ method, detail }] = page.recorded.filter(({ problem }) => problem);
    assert.equal(method, 'storeSecret');
    assert.equal(detail.member, 'm');
    assert.match(detail.advice, /await each storeSecret before the next/);
  });

  test(`${fidelity}: stores one after another are none`, async () => {
    const page = watchedPage({ fidelity });
    await page.storeSecret('access', SECRET);
    await page.storeSecret('refresh', SECRET);
    assert.deepEqual(page.problems(), []);
  });

  test(`${fidelity}: stores that overlap while there is a key are none`, async () => {
    const page = watchedPage({ fidelity, hasKey: true });
    await Promise.all(['access', 'refresh'].map((name) => page.storeSecret(name, SECRET)));
    assert.deepEqual(page.problems(), []);
  });

  test(`${fidelity}: a first store beside loads and clears is none`, async () => {
    const page = watchedPage({ fidelity });
    await Promise.all([page.loadSecret('k'), page.storeSecret('k', SECRET), page.clearSecret('l')]);
    assert.deepEqual(page.problems(), []);
  });

  test(`${fidelity}: first stores of two members that overlap are none`, async () => {
    const page = watchedPage({ fidelity });
    const first = page.storeSecret('k', SECRET);
    page.context.member = 'n';
    page.state.hasKey = false;
    await Promise.all([first, page.storeSecret('k', SECRET)]);
    assert.deepEqual(page.problems(), []);
  });
}

test('a first store beside one that fails is a problem all the same', async () => {
  for (const failing of ['access', 'refresh']) {
    const page = watchedPage();
    page.state.fails = failing;
    await Promise.allSettled(['access', 'refresh'].map((name) => page.storeSecret(name, SECRET)));
    assert.deepEqual(page.problems(), ['concurrent-first-stores']);
  }
});

test('a store that failed before does not count', async () => {
  const page = watchedPage();
  page.state.fails = true;
  await assert.rejects(async () => page.storeSecret('k', SECRET));
  page.state.fails = false;
  await page.storeSecret('k', SECRET);
  assert.deepEqual(page.problems(), []);
});

const NO_STRINGS = [undefined, null, 5, true, { a: SECRET }, [SECRET], new String(SECRET)];
for (const [i, data] of NO_STRINGS.entries()) {
  test(`a secret that is no string is a problem, said once: ${i}`, async () => {
    const page = watchedPage();
    await page.storeSecret('k', data);
    assert.deepEqual(page.problems(), ['not-a-string']);
    const { detail } = page.recorded[0];
    assert.deepEqual([detail.member, detail.key, detail.type], ['m', 'k', typeof data]);
  });
}

test('an empty secret is a problem, said once; a blank one is none', async () => {
  const page = watchedPage();
  await page.storeSecret('k', ' ');
  assert.deepEqual(page.problems(), []);
  await page.storeSecret('k', '');
  assert.deepEqual(page.problems(), ['empty-secret']);
});

test('each call while nobody is signed in is a problem, and recorded as thrown', () => {
  const page = watchedPage();
  delete page.context.member;
  const calls = [page.storeSecret, page.loadSecret, page.clearSecret];
  for (const call of calls) {
    assert.throws(() => call('k', SECRET), { message: 'No active member in context.' });
  }
  assert.deepEqual(page.problems(), ['signed-out', 'signed-out', 'signed-out']);
  const outcomes = page.recorded.flatMap(({ detail }) => detail.outcome ?? []);
  assert.deepEqual(outcomes, ['threw', 'threw', 'threw']);
});

test('a key that cannot be converted is recorded as thrown', () => {
  const page = watchedPage();
  assert.throws(() => page.loadSecret(Symbol('k')), TypeError);
  assert.equal(page.recorded[0].detail.outcome, 'threw');
});

for (const [title, event] of /** @type {[string, (reason: any) => object][]} */ ([
  ['bluebird', (reason) => ({ detail: { reason, promise: {} } })],
  ['the browser', (reason) => ({ reason, promise: {} })],
])) {
  test(`a rejection of a secret call that nobody handled is a problem: ${title}`, async () => {
    const page = watchedPage();
    page.state.fails = true;
    const reason = await page.storeSecret('k', SECRET).catch((/** @type {any} */ each) => each);
    page.unhandled(event(reason));
    assert.deepEqual(page.problems(), ['unhandled-rejection']);
    const { method, detail } = page.recorded.at(-1);
    assert.equal(method, 'storeSecret');
    assert.deepEqual(detail.error, { name: 'Error', message: 'Decryption failed. Message: ' });
  });

  test(`a rejection of anything else is none: ${title}`, () => {
    const page = watchedPage();
    for (const reason of [new Error(SECRET), SECRET, undefined, null, Object.create(null)]) {
      page.unhandled(event(reason));
    }
    assert.deepEqual(page.recorded, []);
  });
}

test('a rejection that several promises lead to is a problem once', async () => {
  const page = watchedPage();
  page.state.fails = true;
  const reason = await page.storeSecret('k', SECRET).catch((/** @type {any} */ each) => each);
  page.unhandled({ detail: { reason, promise: {} } });
  page.unhandled({ reason, promise: {} });
  assert.deepEqual(page.problems(), ['unhandled-rejection']);
});

test('a promise of a secret call that is used as text is a problem', async () => {
  const page = watchedPage();
  page.calls.watchConversions(page.Bluebird);
  const promise = page.loadSecret('k');
  assert.equal(`${promise}`, '[object Promise]');
  assert.deepEqual(page.problems(), ['promise-as-value']);
  assert.equal(page.recorded[0].method, 'loadSecret');
  assert.equal(
    `${page.Bluebird.resolve(1)} ${promise.then()}`,
    '[object Promise] [object Promise]',
  );
  assert.deepEqual(page.problems(), ['promise-as-value']);
  await promise;
});

test('a promise that is stored as a secret is a problem of either kind, said once', async () => {
  const page = watchedPage();
  page.calls.watchConversions(page.Bluebird);
  const promise = page.loadSecret('k');
  await page.storeSecret('l', promise);
  assert.deepEqual(page.problems(), ['not-a-string', 'promise-as-value']);
});

test('bluebird looks as it did', () => {
  const { calls, Bluebird } = watchedPage();
  const { toString } = Bluebird.prototype;
  const enumerable = Object.keys(Bluebird.prototype).includes('toString');
  calls.watchConversions(Bluebird);
  assert.equal(Object.keys(Bluebird.prototype).includes('toString'), enumerable);
  Object.assign(Bluebird.prototype, { toString });
});

test('a member that t has not is a problem once a name', () => {
  const { calls, problems, recorded } = watchedPage();
  for (const name of ['storeSecrets', 'loadSecrets', 'storeSecrets']) {
    calls.unknownMember(name);
  }
  assert.deepEqual(problems(), ['unknown-member', 'unknown-member']);
  assert.deepEqual(
    recorded.map(({ method }) => method),
    ['storeSecrets', 'loadSecrets'],
  );
  assert.match(recorded[0].detail.advice, /t\.storeSecrets does not exist/);
});

test('a page that declares addEventListener is watched like any other', async () => {
  const { addEventListener } = window;
  Object.assign(window, { addEventListener: () => assert.fail('the page’s own was called') });
  try {
    watchedPage();
  } finally {
    Object.assign(window, { addEventListener });
  }
});
