// SPDX-License-Identifier: MIT
// A command that returns 0 is in force in every browser that is known to run, also in one whose host was
// killed or whose extension was stopped. Here the test's own process is that browser.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, query } from '../support/store.js';
import { greetedHost } from '../protocol/host-process.js';
import { cliOf, EXIT, IS_STORED, ORIGIN, startBrowser } from './cli.js';
import { shortTime } from '../support/patience.js';

const outlived = true;
const NONE = /^no browser is running on this state folder; /;

/** @param {string} state */
const known = (state) => query(state, 'SELECT pid, name, host_pid FROM browser');

/** @param {import('./cli.js').FakeBrowser} browser @param {NodeJS.Signals} [signal] */
async function end({ host }, signal) {
  if (signal === undefined) {
    host.closeInput();
  } else {
    host.kill(signal);
  }
  await host.exit;
}

for (const [how, signal] of /** @type {[string, NodeJS.Signals | undefined][]} */ ([
  ['was killed', 'SIGKILL'],
  ['ended with its worker', undefined],
])) {
  test(`a browser whose host ${how} fails a command, which names it and the fix`, async (t) => {
    const { state, ...cli } = cliOf(t);
    const seconds = await shortTime(() => cli.do(['browsers']));
    const browser = await startBrowser(t, state, { outlived });
    assert.equal((await cli.do(['storage', 'denied'])).stderr, '1 browser confirmed\n');
    await end(browser, signal);
    for (const args of [['storage', 'enabled'], ['reset'], ['items'], ['render']]) {
      const { code, stderr } = await cli.run([...args, '--timeout', seconds]);
      assert.equal(code, EXIT.notConfirmed, args.join(' '));
      const [line, ...rest] = stderr.split('\n');
      const words = `Chrome/156 (process ${process.pid}) is running, and no host of it has answered within ${Number(seconds)} s: `;
      assert.ok(line.startsWith(words), line);
      assert.match(
        line,
        /killed, or its extension was stopped, disabled or removed\..* --forget"$/,
      );
      const confirmed = {
        items: [],
        render: ['0 browsers confirmed'],
      }[args[0]] ?? [`0 browsers confirmed${IS_STORED}`];
      assert.deepEqual(rest, [...confirmed, '']);
    }
  });
}

test('the next host of a browser is waited for, and asked', async (t) => {
  const { state, ...cli } = cliOf(t);
  await end(await startBrowser(t, state, { outlived }), 'SIGKILL');
  for (const args of [['storage', 'denied'], ['calls'], ['reset']]) {
    const command = cli.do(args);
    const next = await startBrowser(t, state, { outlived });
    await command;
    assert.ok(next.events.length > 0, args.join(' '));
    await end(next, 'SIGKILL');
  }
});

test('a browser whose host is replaced while it is asked confirms with the next one', async (t) => {
  const { state, ...cli } = cliOf(t);
  /** @type {Promise<import('./cli.js').FakeBrowser> | undefined} */
  let next;
  await startBrowser(t, state, {
    outlived,
    answer: (_event, { host }) => {
      host.kill('SIGKILL');
      next = host.exit.then(() => startBrowser(t, state, { outlived }));
      return undefined;
    },
  });
  assert.equal((await cli.do(['storage', 'denied'])).stderr, '1 browser confirmed\n');
  assert.equal((await next)?.events.length, 1);
});

test('what a handler may have been called for is not asked again', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state, {
    outlived,
    answer: (_event, { host }) => {
      host.kill('SIGKILL');
      return undefined;
    },
  });
  const { code, stderr } = await cli.run(['invoke', 'show-settings', '--origin', ORIGIN]);
  assert.equal(code, EXIT.notConfirmed);
  const words = `Chrome/156 (process ${process.pid}) lost its host before it answered, so a handler may have been called\n`;
  assert.ok(stderr.startsWith(words), stderr);
});

test('invoke waits for the next host where the last one was never asked', async (t) => {
  const { state, ...cli } = cliOf(t);
  await end(await startBrowser(t, state, { outlived }), 'SIGKILL');
  const invoked = cli.do(['invoke', 'show-settings', '--origin', ORIGIN]);
  const answer = () => ({ result: { success: true, response: 1 } });
  await startBrowser(t, state, { outlived, answer });
  assert.equal((await invoked).stdout, '1\n');
});

test('a browser that has ended is not waited for, and the next hello forgets it', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  assert.equal(known(state)[0].pid, browser.host.browserPid);
  await end(browser, 'SIGKILL');
  assert.match((await cli.do(['storage', 'denied'])).stderr, NONE);
  assert.equal(known(state).length, 1);
  const next = await startBrowser(t, state, { name: 'Firefox/158' });
  assert.deepEqual(known(state), [
    { pid: next.host.browserPid, name: 'Firefox/158', host_pid: next.host.pid },
  ]);
});

test('only a process that started at the same time is the same browser', async (t) => {
  const { state, ...cli } = cliOf(t);
  await end(await startBrowser(t, state, { outlived }), 'SIGKILL');
  execute(state, 'UPDATE browser SET started = started + 1');
  assert.match((await cli.do(['storage', 'denied'])).stderr, NONE);
});

test('a process that got the id of a dead host is not the browser’s', async (t) => {
  const { state, ...cli } = cliOf(t);
  const seconds = await shortTime(() => cli.do(['browsers']));
  await startBrowser(t, state, { outlived });
  execute(state, 'UPDATE browser SET host_started = host_started + 1');
  const { code, stderr } = await cli.run(['storage', 'denied', '--timeout', seconds]);
  assert.equal(code, EXIT.notConfirmed);
  assert.match(
    stderr,
    /is running, and no host of it has answered.*\n1 browser confirmed; the change is stored/,
  );
});

test('without any browser a change says what that means, and a read says nothing', async (t) => {
  const { state, ...cli } = cliOf(t);
  const words =
    'no browser is running on this state folder; the change is in force for every page that is opened from now on\n';
  assert.equal((await cli.do(['storage', 'denied'])).stderr, words);
  assert.deepEqual(await cli.json(['storage', 'enabled']), { confirmed: 0 });
  for (const args of [['items'], ['calls'], ['browsers']]) {
    assert.equal((await cli.do(args)).stderr, '', args.join(' '));
  }
  assert.match((await cli.do(['render'])).stderr, /^no browser .*; there is no page to render\n$/);
  assert.ok(existsSync(join(state, 'store.sqlite3')));
});

test('asking commands make no state folder', async (t) => {
  const { state, ...cli } = cliOf(t);
  await cli.do(['browsers']);
  await cli.do(['render']);
  await cli.do(['browsers', '--forget']);
  assert.equal(existsSync(state), false);
});

test('--wait makes every command wait for so many browsers, and count them', async (t) => {
  const { state, ...cli } = cliOf(t);
  const commands = [['storage', 'denied'], ['items'], ['calls'], ['render'], ['reset']];
  for (const args of commands) {
    const waiting = cli.do([...args, '--wait', '2']);
    const browsers = [await startBrowser(t, state), await startBrowser(t, state)];
    await waiting;
    assert.ok(
      browsers.every(({ events }) => events.length > 0),
      args.join(' '),
    );
    const seconds = await shortTime(() => cli.do([...args, '--wait', '2']));
    const { code, stderr } = await cli.run([...args, '--wait', '3', '--timeout', seconds]);
    assert.equal(code, EXIT.notConfirmed, args.join(' '));
    assert.match(stderr, /^waited for 3 browsers, and 2 confirmed\n/);
    assert.equal(stderr.match(/waited/g)?.length, 1, 'a command that asks twice waits once');
    for (const browser of browsers) {
      await end(browser);
    }
  }
});

test('browsers lists a known browser without a host, and --forget forgets it', async (t) => {
  const { state, ...cli } = cliOf(t);
  const answering = await startBrowser(t, state, { name: 'Firefox/158' });
  const seconds = await shortTime(() => cli.do(['browsers']));
  await end(await startBrowser(t, state, { outlived }), 'SIGKILL');
  const listed = await cli.run(['browsers', '--json', '--timeout', seconds]);
  assert.equal(listed.code, EXIT.notConfirmed);
  const lost = {
    pid: null,
    browser: 'Chrome/156',
    browserPid: process.pid,
    state: 'no host',
    extension: null,
    host: null,
    browserProfile: null,
    pages: null,
  };
  assert.deepEqual(
    JSON.parse(listed.stdout).map((/** @type {any} */ row) => [row.browserPid, row.state]),
    [
      [answering.host.browserPid, 'connected'],
      [process.pid, 'no host'],
    ],
  );
  assert.deepEqual(await cli.json(['browsers', '--forget']), [lost]);
  assert.deepEqual(await cli.json(['browsers', '--forget']), []);
  assert.equal((await cli.do(['storage', 'denied'])).stderr, '1 browser confirmed\n');
  assert.equal(known(state)[0].name, 'Firefox/158');
});

test('a forgotten browser is known again when it says hello', async (t) => {
  const { state, ...cli } = cliOf(t);
  await end(await startBrowser(t, state, { outlived }), 'SIGKILL');
  await cli.do(['browsers', '--forget']);
  assert.match((await cli.do(['storage', 'denied'])).stderr, NONE);
  await startBrowser(t, state, { outlived });
  assert.equal((await cli.do(['storage', 'enabled'])).stderr, '1 browser confirmed\n');
  assert.equal(known(state).length, 1);
});

test('reset forgets no browser', async (t) => {
  const { state, ...cli } = cliOf(t);
  await startBrowser(t, state, { outlived });
  await cli.do(['reset']);
  assert.equal(known(state).length, 1);
});

test('a host says hello with the process that started it', async (t) => {
  const { state } = cliOf(t);
  const host = await greetedHost(t, { state, outlived });
  const started = Number(
    readFileSync(`/proc/${host.pid}/stat`, 'utf8').split(') ')[1].split(' ')[19],
  );
  const [row] = query(state, 'SELECT * FROM browser');
  assert.deepEqual(
    [row.pid, row.host_pid, row.host_started, row.name],
    [process.pid, host.pid, started, 'test'],
  );
});
