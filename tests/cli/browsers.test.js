// SPDX-License-Identifier: MIT
// The command line with running browsers: which of them confirm a change, and the exit status.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { query } from '../support/store.js';
import { ControlClient, sockets } from '../protocol/control-client.js';
import { frame, greetedHost } from '../protocol/host-process.js';
import { stop } from '../support/stop.js';
import { cliOf, EXIT, FAR, IS_STORED, ORIGIN, run, startBrowser } from './cli.js';
import { shortTime } from '../support/patience.js';

const silent = () => undefined;

/** @param {string} state @returns {Record<string, string>} */
const settings = (state) =>
  Object.fromEntries(
    query(state, 'SELECT name, value FROM setting').map((row) => [row.name, row.value]),
  );

test('every browser confirms once the change is in the store', async (t) => {
  const { state, ...cli } = cliOf(t);
  /** @type {string[]} */
  const seen = [];
  const answer = () => {
    seen.push(settings(state).storage);
    return { result: null };
  };
  const browsers = [
    await startBrowser(t, state, { answer, name: 'Chrome/156' }),
    await startBrowser(t, state, { answer, name: 'Firefox/158' }),
  ];
  const { stdout, stderr } = await cli.do(['storage', 'denied']);
  assert.deepEqual([stdout, stderr], ['', '2 browsers confirmed\n']);
  assert.deepEqual(seen, ['denied', 'denied']);
  for (const { events } of browsers) {
    const [{ limitMs, ...event }, ...more] = events;
    assert.deepEqual([event, more], [{ event: 'apply', ticket: 1 }, []]);
    assert.ok(limitMs > 0 && limitMs < Number(FAR) * 1000, 'earlier than the command gives up');
  }
  assert.deepEqual(await cli.json(['storage', 'enabled']), { confirmed: 2 });
});

test('a browser that does not answer is named after the timeout, and the others confirm', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state);
  const seconds = await shortTime(() => cli.do(['storage', 'enabled']));
  const hung = await startBrowser(t, state, { answer: silent, name: 'Firefox/158 "é"\u001b[1m' });
  const from = performance.now();
  const result = await cli.run(['storage', 'denied', '--timeout', seconds]);
  const took = performance.now() - from;
  assert.equal(result.code, EXIT.notConfirmed);
  assert.equal(
    result.stderr,
    `Firefox/158 "é"\\u001b[1m (host process ${hung.host.pid}) did not answer within ${Number(seconds)} s\n` +
      `1 browser confirmed${IS_STORED}\n`,
  );
  assert.ok(took >= Number(seconds) * 1000, `${took} ms`);
  assert.equal(settings(state).storage, 'denied');
  const json = await cli.run(['storage', 'full', '--timeout', seconds, '--json']);
  assert.deepEqual([json.code, JSON.parse(json.stdout)], [EXIT.notConfirmed, { confirmed: 1 }]);
});

test('the timeout defaults to 5 seconds, however often a command asks', async (t) => {
  const { state } = cliOf(t);
  const hung = await startBrowser(t, state, { answer: silent });
  for (const args of [['storage', 'denied'], ['reset']]) {
    /** @param {string} seconds @param {string[]} more @returns {Promise<number>}  milliseconds */
    const timeOf = async (seconds, ...more) => {
      const from = performance.now();
      const { code, stderr } = await run(['--state', state, ...args, ...more]);
      const took = performance.now() - from;
      assert.equal(code, EXIT.notConfirmed);
      const words = `did not answer within ${seconds} s\\n0 browsers confirmed${IS_STORED}\\n$`;
      assert.match(stderr, new RegExp(words));
      return took;
    };
    const [one, usual] = [await timeOf('1', '--timeout', '1'), await timeOf('5')];
    assert.ok(usual >= 5000 && usual < 9 * one, `${usual} ms, and ${one} ms for one second`);
  }
  assert.equal(hung.events.length, 4);
});

test('a stopped host is named by its process id', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startBrowser(t, state);
  await stop(host.pid);
  const { code, stderr } = await cli.run(['storage', 'denied', '--timeout', '0.3']);
  host.kill('SIGCONT');
  assert.equal(code, EXIT.notConfirmed);
  assert.equal(
    stderr,
    `a browser (host process ${host.pid}) did not answer within 0.3 s\n0 browsers confirmed${IS_STORED}\n`,
  );
});

test('a browser that confirms with an error is named with that error', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startBrowser(t, state, { answer: () => ({ error: 'A tab\nis stuck.' }) });
  const { code, stderr } = await cli.run(['storage', 'denied']);
  assert.equal(code, EXIT.notConfirmed);
  assert.equal(
    stderr,
    `Chrome/156 (host process ${host.pid}) did not confirm: A tab\\nis stuck.\n0 browsers confirmed${IS_STORED}\n`,
  );
});

test('the socket of a killed host is removed, without an error', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state);
  const killed = await greetedHost(t, { state });
  killed.kill('SIGKILL');
  await killed.exit;
  assert.equal(sockets(state).length, 2);
  const { stderr } = await cli.do(['storage', 'denied']);
  assert.equal(stderr, '1 browser confirmed\n');
  assert.deepEqual(sockets(state).length, 1);
});

test('a browser that ends while it is being asked is not an error', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state, {
    answer: (_event, { host }) => {
      host.closeInput();
      return undefined;
    },
  });
  await startBrowser(t, state, {
    answer: (_event, { host }) => {
      host.kill('SIGKILL');
      return undefined;
    },
  });
  const { stderr } = await cli.do(['storage', 'denied', '--timeout', FAR]);
  assert.match(stderr, /^no browser is running on this state folder/);
  await cli.do(['storage', 'enabled']);
  assert.deepEqual(sockets(state), []);
});

test('other files in the folder of the sockets are left alone', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state);
  for (const name of ['README', '1.new', '.sock', '12x.sock']) {
    writeFileSync(join(state, 'hosts', name), '');
  }
  assert.equal((await cli.do(['storage', 'denied'])).stderr, '1 browser confirmed\n');
  assert.equal(sockets(state).length, 5);
});

for (const [what, reply] of /** @type {[string, Buffer][]} */ ([
  ['invalid JSON', frame('nonsense')],
  ['an array', frame([])],
  ['a greeting and an array', Buffer.concat([frame({ browser: 'B' }), frame([])])],
  ['a greeting and no id', Buffer.concat([frame({ browser: 'B' }), frame({ ok: true })])],
  ['a greeting and another id', Buffer.concat([frame({}), frame({ id: 2, ok: true })])],
  ['a frame too large', Buffer.from([0xff, 0xff, 0xff, 0xff])],
])) {
  test(`a socket that sends ${what} has not confirmed`, async (t) => {
    const { state, ...cli } = cliOf(t);
    await startBrowser(t, state);
    const server = createServer((socket) => socket.on('error', () => {}).write(reply));
    await new Promise((done) =>
      server.listen(join(state, 'hosts', '77.sock'), () => done(undefined)),
    );
    t.after(() => server.close());
    const { code, stderr } = await cli.run(['storage', 'denied', '--timeout', FAR]);
    assert.equal(code, EXIT.notConfirmed, stderr);
    assert.match(stderr, /\(host process 77\) did not confirm: its host /);
    assert.ok(stderr.endsWith(`\n1 browser confirmed${IS_STORED}\n`), stderr);
  });
}

test('a client that holds all connections does not block commands', async (t) => {
  const { state, ...cli } = cliOf(t);
  const { host } = await startBrowser(t, state);
  for (let count = 0; count < 16; count++) {
    await new ControlClient(t, state, host.pid).receive();
  }
  assert.equal((await cli.do(['storage', 'denied'])).stderr, '1 browser confirmed\n');
});

test('30 commands at once are all confirmed', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state);
  await startBrowser(t, state);
  const commands = [...Array(30).keys()].map((port) =>
    cli.json([
      'storage',
      'denied',
      '--origin',
      `http://localhost:${4000 + port}`,
      '--timeout',
      FAR,
    ]),
  );
  assert.deepEqual(await Promise.all(commands), Array(30).fill({ confirmed: 2 }));
  assert.equal(query(state, 'SELECT count(*) AS n FROM setting')[0].n, 30);
});

test('reading commands first have the browsers bring the store up to date', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state, {
    async answer(_event, browser) {
      await browser.store('token', 'just now');
      const calls = [{ at: 1, method: 'a', detail: {} }];
      await browser.request('recordCalls', { origin: ORIGIN, calls });
      const place = { scope: 'board', owner: '5f00000000000000000000b1', visibility: 'shared' };
      await browser.request('setPluginData', { origin: ORIGIN, ...place, text: 'late' });
      return { result: null };
    },
  });
  const board = ['--origin', ORIGIN, '--scope', 'board', '--visibility', 'shared'];
  const where = ['--origin', ORIGIN, '--key', 'token'];
  /** @type {[string[], (result: any) => boolean][]} */
  const reading = [
    [['reveal', ...where], ({ value }) => value === 'just now'],
    [['items'], (items) => items.length === 1],
    [['item', 'get', ...where], ({ value }) => value.includes(';')],
    [['calls'], (calls) => calls.length === 1],
    [['plugin-data', 'get', ...board], ({ text }) => text === 'late'],
  ];
  for (const [args, isThere] of reading) {
    assert.ok(isThere(await cli.json(args)), args.join(' '));
    assert.equal((await cli.do(args)).stderr, '');
    await cli.do(['reset']);
    // reset asks again afterwards, which stores again
    await cli.do(['calls', '--clear']);
  }
});

test('a reading command prints what is stored and names a browser that did not answer', async (t) => {
  const { state, ...cli } = cliOf(t);
  const where = ['--origin', ORIGIN, '--key', 'token', '--timeout', '0.2'];
  await cli.do(['seed', ...where], { input: 'x' });
  await startBrowser(t, state, { answer: silent });
  const there = await cli.run(['reveal', ...where]);
  assert.deepEqual([there.code, there.stdout], [EXIT.notConfirmed, 'x']);
  assert.match(there.stderr, /did not answer within 0.2 s\n$/);
  const absent = await cli.run(['reveal', ...where, '--member', '5f0000000000000000000002']);
  assert.deepEqual([absent.code, absent.stdout], [EXIT.notConfirmed, '']);
  assert.match(absent.stderr, /no such secret/);
});

test('clearing includes the calls that a browser has not sent yet', async (t) => {
  const { state, ...cli } = cliOf(t);
  /** @type {string[]} */
  let unsaved = ['before'];
  await startBrowser(t, state, {
    async answer(_event, browser) {
      const calls = unsaved.map((method) => ({ at: 1, method, detail: {} }));
      unsaved = [];
      await browser.request('recordCalls', { origin: ORIGIN, calls });
      return { result: null };
    },
  });
  await cli.do(['calls', '--clear']);
  assert.deepEqual(await cli.json(['calls']), []);
  unsaved = ['before'];
  await cli.do(['reset']);
  assert.deepEqual(await cli.json(['calls']), []);
});

test('browsers lists the running browsers with their open pages', async (t) => {
  const { state, ...cli } = cliOf(t);
  assert.deepEqual(await cli.json(['browsers']), []);
  const pages = [{ origin: ORIGIN, url: `${ORIGIN}/settings.html` }];
  const first = await startBrowser(t, state, { answer: () => ({ result: pages }) });
  const env = { POWERUP_SECRETS_BROWSER_PROFILE: 'phone' };
  const second = await startBrowser(t, state, {
    name: 'Firefox/158',
    env,
    answer: () => ({ result: [] }),
  });
  const list = await cli.json(['browsers']);
  const { host: version } = list[0];
  const rows = [
    { host: first.host, browser: 'Chrome/156', browserProfile: 'default', pages },
    { host: second.host, browser: 'Firefox/158', browserProfile: 'phone', pages: [] },
  ].map(({ host: { pid, browserPid }, ...row }) => ({
    ...{ ...row, pid, browserPid, state: 'connected', extension: '0.1.0', host: version },
  }));
  const byPid = (/** @type {any} */ a, /** @type {any} */ b) => a.pid - b.pid;
  assert.deepEqual(list.sort(byPid), rows.sort(byPid));
  const { stdout } = await cli.do(['browsers']);
  assert.match(stdout, /^PID +BROWSER +PROCESS +STATE +EXTENSION +HOST +PROFILE +PAGES\n/);
  assert.match(stdout, new RegExp(`${first.host.pid} +Chrome/156 .* ${ORIGIN}/settings.html\n`));
  assert.match(stdout, new RegExp(`${second.host.pid} +Firefox/158 .* phone +-\n`));
});

test('browsers lists a browser that does not answer, and reports it', async (t) => {
  const { state, ...cli } = cliOf(t);
  const seconds = await shortTime(() => cli.do(['browsers']));
  const { host } = await startBrowser(t, state, { answer: silent });
  const { code, stdout } = await cli.run(['browsers', '--json', '--timeout', seconds]);
  assert.equal(code, EXIT.notConfirmed);
  const [{ pid, browser, state: its, pages }] = JSON.parse(stdout);
  assert.deepEqual([pid, browser, its, pages], [host.pid, 'Chrome/156', 'not answering', null]);
});

test('browsers --wait waits until browsers have started and applied the settings', async (t) => {
  const { state, ...cli } = cliOf(t);
  const waiting = cli.do(['browsers', '--json', '--wait', '2', '--timeout', FAR]);
  await startBrowser(t, state);
  await startBrowser(t, state);
  const { stdout } = await waiting;
  assert.equal(JSON.parse(stdout).length, 2);
});

test('browsers --wait reports how many started in time', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state);
  const seconds = await shortTime(() => cli.do(['browsers']));
  const { code, stdout, stderr } = await cli.run([
    ...['browsers', '--json', '--wait', '2', '--timeout', seconds],
  ]);
  assert.equal(code, EXIT.notConfirmed);
  assert.equal(JSON.parse(stdout).length, 1);
  assert.equal(stderr, 'waited for 2 browsers, and 1 confirmed\n');
});
