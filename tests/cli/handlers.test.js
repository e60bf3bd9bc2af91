// SPDX-License-Identifier: MIT
// Handlers that pages registered, called from the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../support/store.js';
import { cliOf, EXIT, FAR, MEMBER, ORIGIN, startBrowser } from './cli.js';
import { shortTime } from '../support/patience.js';

const silent = () => undefined;

test('invoke calls a handler and prints its result', async (t) => {
  const { state, ...cli } = cliOf(t);
  const args = ['invoke', 'authorization-status', '--origin', ORIGIN];
  await cli.fails(EXIT.absent, /No page of .* is open/, args);
  await startBrowser(t, state, { answer: () => ({ result: { handlers: ['x'] } }) });
  await cli.fails(EXIT.absent, /No open page .* "authorization-status"; .*: x\./, args);
  const misspelt = ['invoke', 'card-buttns', '--origin', ORIGIN];
  await cli.fails(EXIT.absent, /"card-buttns";.*\. Did you mean "card-buttons"\?/, misspelt);
  /** @type {any} */
  let response = { authorized: true };
  const other = await startBrowser(t, state, {
    answer: () => ({ result: { success: true, response } }),
  });
  assert.deepEqual(await cli.do(args), { code: 0, stdout: '{"authorized":true}\n', stderr: '' });
  const { limitMs, waits, ...event } = other.events[0];
  assert.equal(waits, true);
  const command = 'authorization-status';
  assert.deepEqual(event, { event: 'invoke', ticket: 1, origin: ORIGIN, command, args: [{}] });
  assert.ok(limitMs > 0 && limitMs < Number(FAR) * 1000);
  for (response of [null, 'text é', [1, { a: null }], 0, false]) {
    assert.deepEqual(JSON.parse((await cli.do(args)).stdout), response);
    assert.deepEqual(await cli.json(args), { success: true, response });
  }
  await cli.do([...args, '--options', '{"context":{"card":"c"},"x":[1]}']);
  assert.deepEqual(other.events.at(-1)?.args, [{ context: { card: 'c' }, x: [1] }]);
});

test('a handler that fails gives exit status 1 and its message', async (t) => {
  const { state, ...cli } = cliOf(t);
  /** @type {any} */
  let response = { code: 'not handled', message: 'nobody\nhome' };
  await startBrowser(t, state, { answer: () => ({ result: { success: false, response } }) });
  const args = ['invoke', 'show-settings', '--origin', ORIGIN];
  await cli.fails(EXIT.failed, /nobody\\nhome/, args);
  for (response of [null, {}, 'text']) {
    await cli.fails(EXIT.failed, /the handler failed/, args);
  }
});

for (const [given, words] of /** @type {[object, string][]} */ ([
  [{ code: 'not handled' }, 'the handler answered t.NotHandled, without a message'],
  [{}, 'the handler failed with something that has no message'],
])) {
  test(`a handler’s error without a message is described: ${JSON.stringify(given)}`, async (t) => {
    const { state, ...cli } = cliOf(t);
    const result = { success: false, response: given, page: 'p 1' };
    await startBrowser(t, state, { answer: () => ({ result }) });
    const args = ['invoke', 'card-buttons', '--origin', ORIGIN];
    await cli.fails(EXIT.failed, new RegExp(words), args);
  });
}

test('with --json, invoke prints the whole outcome of a handler that failed, too', async (t) => {
  const { state, ...cli } = cliOf(t);
  const response = { code: 'not handled', message: 'nobody\nhome' };
  await startBrowser(t, state, { answer: () => ({ result: { success: false, response } }) });
  const result = await cli.run(['invoke', 'show-settings', '--origin', ORIGIN, '--json']);
  assert.equal(result.code, EXIT.failed);
  assert.deepEqual(JSON.parse(result.stdout), { success: false, response });
  assert.equal(result.stderr, 'powerup-secrets: nobody\\nhome\n');
});

test('invoke names the handlers that there are instead', async (t) => {
  const { state, ...cli } = cliOf(t);
  const args = ['invoke', 'show-setings', '--origin', ORIGIN];
  const of = (/** @type {string[]} */ ...handlers) => ({
    answer: () => ({ result: { handlers } }),
  });
  const none = `No page of ${ORIGIN} that uses TrelloPowerUp is open in a browser on this state folder. Did you mean "show-settings"?`;
  assert.equal((await cli.run(args)).stderr, `powerup-secrets: ${none}\n`);
  await startBrowser(t, state, { answer: () => ({ result: null }) });
  assert.equal((await cli.run(args)).stderr, `powerup-secrets: ${none}\n`);
  await startBrowser(t, state, of());
  const no = `No open page of ${ORIGIN} has a handler for "show-setings". Did you mean "show-settings"?`;
  assert.equal((await cli.run(args)).stderr, `powerup-secrets: ${no}\n`);
  await startBrowser(t, state, of('show-settings', 'board-buttons'));
  await startBrowser(t, state, of('show-settings', 'card-badges'));
  const { code, stderr } = await cli.run(args);
  assert.equal(code, EXIT.absent);
  assert.match(
    stderr,
    new RegExp(
      `^powerup-secrets: No open page of ${ORIGIN} has a handler for "show-setings"; there `,
    ),
  );
  const names = /handlers for: (.*)\. Did you mean "show-settings"\?\n$/
    .exec(stderr)?.[1]
    .split(', ');
  assert.deepEqual(names?.sort(), ['board-buttons', 'card-badges', 'show-settings']);
});

test('invoke --page is passed on, and named where there is no such page', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { events } = await startBrowser(t, state);
  const args = ['invoke', 'cb1', '--origin', ORIGIN, '--page', 'p 1'];
  await cli.fails(
    EXIT.absent,
    /No open page of .* with the id "p 1" has a handler for "cb1"/,
    args,
  );
  assert.equal(events[0].page, 'p 1');
});

test('remove-personal-settings does not mind pages without a handler', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state, { answer: () => ({ result: { handlers: ['board-buttons'] } }) });
  const { stderr } = await cli.do(['remove-personal-settings', '--origin', ORIGIN]);
  assert.equal(stderr, '1 browser confirmed\n');
});

test('invoke prints the result of one browser even if another does not answer', async (t) => {
  const { state, ...cli } = cliOf(t);
  const seconds = await shortTime(() => cli.do(['browsers']));
  await startBrowser(t, state, { answer: silent });
  const args = ['invoke', 'c', '--origin', ORIGIN, '--timeout', seconds];
  assert.equal((await cli.run(args)).code, EXIT.notConfirmed);
  await startBrowser(t, state, { answer: () => ({ result: { success: true, response: 1 } }) });
  const { code, stdout } = await cli.run(args);
  assert.deepEqual([code, stdout], [EXIT.notConfirmed, '1\n']);
});

test('remove-personal-settings calls the handlers, then removes the settings, then applies the change', async (t) => {
  const { state, ...cli } = cliOf(t);
  const where = ['--origin', ORIGIN, '--key', 'token'];
  /** @type {boolean[]} */
  const keyWasThere = [];
  /** @type {any} */
  let result = null;
  const browser = await startBrowser(t, state, {
    async answer(event, self) {
      const ids = { origin: ORIGIN, member: MEMBER };
      const data = await self.request('getPluginData', ids);
      keyWasThere.push(data.result.member !== undefined);
      return { result: event.event === 'invoke' ? result : null };
    },
  });
  for (result of [null, { success: true, response: 'gone' }]) {
    await cli.do(['seed', ...where], { input: 'x' });
    keyWasThere.length = 0;
    browser.events.length = 0;
    const { stderr } = await cli.do(['remove-personal-settings', '--origin', ORIGIN]);
    assert.equal(stderr, '1 browser confirmed\n');
    assert.deepEqual(keyWasThere, [true, false]);
    const [invoked, applied] = browser.events;
    assert.deepEqual(
      [invoked.event, invoked.command, invoked.origin, applied.event],
      ['invoke', 'remove-data', ORIGIN, 'apply'],
    );
    assert.deepEqual(invoked.args, [
      {
        context: {
          version: '1.25.1',
          member: MEMBER,
          organization: '5f00000000000000000000a1',
          board: '5f00000000000000000000b1',
          card: '5f00000000000000000000c1',
          permissions: { organization: 'write', board: 'write', card: 'write' },
        },
      },
    ]);
  }
  result = { success: false, response: { message: 'no way' } };
  await cli.do(['seed', ...where], { input: 'x' });
  const { stderr } = await cli.do(['remove-personal-settings', '--origin', ORIGIN]);
  assert.equal(stderr, 'warning: the handler remove-data failed: no way\n1 browser confirmed\n');
  await cli.fails(EXIT.notDecrypted, /Decryption failed/, ['reveal', ...where]);
});

test('settings are removed even if a browser does not answer', async (t) => {
  const { state, ...cli } = cliOf(t);
  const where = ['--origin', ORIGIN, '--key', 'token'];
  await cli.do(['seed', ...where], { input: 'x' });
  const seconds = await shortTime(() => cli.do(['browsers']));
  const hung = await startBrowser(t, state, { answer: silent });
  const args = ['remove-personal-settings', '--origin', ORIGIN, '--timeout', seconds];
  assert.equal((await cli.run(args)).code, EXIT.notConfirmed);
  assert.equal(hung.events.length, 1, 'it is not asked again');
  assert.equal(query(state, 'SELECT count(*) AS n FROM plugin_data')[0].n, 0);
});

test('options of many characters reach the handler', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const given = { a: 'é'.repeat(60_000) };
  const args = ['invoke', 'c', '--origin', ORIGIN, '--options', JSON.stringify(given)];
  assert.equal((await cli.run(args)).code, EXIT.absent);
  assert.deepEqual(browser.events[0].args, [given]);
});
