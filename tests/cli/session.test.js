// SPDX-License-Identifier: MIT
// Commands that arrive line by line. Every other test of commands runs in a session, too, when
// POWERUP_SECRETS_OVER is set to "session".
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { stateFolder } from '../protocol/host-process.js';
import { cliPath, EXIT, FAR, ORIGIN, start, startBrowser } from './cli.js';

/**
 * @param {import('node:test').TestContext} t
 * @param {string} state
 * @param {string[]} [options]
 * @param {string} [cwd]
 */
function openSession(t, state, options = [], cwd) {
  const child = spawn(cliPath, ['session', ...options], {
    cwd,
    env: { ...process.env, POWERUP_SECRETS_DIR: state },
  });
  child.stdin.on('error', () => {}); // it may have ended
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    /** @param {string | object} line */
    send: (line) =>
      void child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`),
    answer: async () => JSON.parse((await lines.next()).value),
    end: async () => {
      child.stdin.end();
      return (await once(child, 'close'))[0];
    },
  };
}

test('each line is a command, and each answer says what it printed', async (t) => {
  const session = openSession(t, stateFolder(t));
  const place = ['--origin', ORIGIN, '--key', 'token'];
  session.send({ id: 1, arguments: ['seed', ...place, '--json'], input: 'geheim é\n' });
  const seeded = await session.answer();
  assert.equal(seeded.id, 1);
  assert.equal(JSON.parse(seeded.stdout).madeKey, true);
  session.send({ id: 2, arguments: ['reveal', ...place] });
  assert.deepEqual(await session.answer(), { id: 2, status: 0, stdout: 'geheim é\n', stderr: '' });
  session.send({ id: 9_007_199_254_740_991, arguments: ['reveal', '--key', 'x'] });
  const { id, status, stderr } = await session.answer();
  assert.deepEqual([id, status], [9_007_199_254_740_991, EXIT.wrongUse]);
  assert.match(stderr, /^powerup-secrets: reveal needs --origin/);
  assert.equal(await session.end(), 0);
});

/** @type {[string, string | object, number | null, RegExp][]} */
const REFUSED = [
  ['no JSON', 'items --json', null, /JSON/],
  ['nothing', '', null, /JSON/],
  ['no object', '[]', null, /object/],
  ['no id', { arguments: ['items'] }, null, /id/],
  ['no arguments', { id: 3 }, 3, /"arguments"/],
  ['an empty list', { id: 4, arguments: [] }, 4, /from 1 to 64 arguments/],
  ['a number', { id: 5, arguments: ['items', 5] }, 5, /string without NUL/],
  ['NUL', { id: 6, arguments: ['items', 'a\0b'] }, 6, /string without NUL/],
  ['an unknown member', { id: 7, arguments: ['items'], stdin: '' }, 7, /"stdin"/],
  ['a session', { id: 8, arguments: ['session'] }, 8, /running already/],
];
for (const [what, line, id, words] of REFUSED) {
  test(`a line is refused, and the next one runs: ${what}`, async (t) => {
    const session = openSession(t, stateFolder(t));
    session.send(line);
    const { stderr, ...refusal } = await session.answer();
    assert.deepEqual(refusal, { id, status: EXIT.wrongUse, stdout: '' });
    assert.match(stderr, words);
    session.send({ id: 100, arguments: ['items'] });
    assert.equal((await session.answer()).id, 100);
  });
}

test('commands run side by side: one that waits keeps no other waiting', async (t) => {
  const state = stateFolder(t);
  await startBrowser(t, state, { answer: () => new Promise(() => {}) });
  const session = openSession(t, state);
  session.send({ id: 1, arguments: ['storage', 'denied', '--timeout', FAR] });
  for (let id = 2; id < 100; id++) {
    session.send({ id, arguments: ['help', 'items'] });
  }
  const ids = new Set();
  while (ids.size < 98) {
    ids.add((await session.answer()).id);
  }
  assert.equal(ids.has(1), false);
});

test('a line of megabytes arrives whole, and so does its answer', async (t) => {
  const session = openSession(t, stateFolder(t));
  const place = ['--origin', ORIGIN, '--key', 'large'];
  const input = 'é\n'.repeat(700_000);
  session.send({ id: 1, arguments: ['seed', ...place], input });
  assert.equal((await session.answer()).status, EXIT.done);
  session.send({ id: 2, arguments: ['reveal', ...place] });
  assert.equal((await session.answer()).stdout, input);
});

test('what was sent before the end is run, a last line without its end as well', async (t) => {
  const state = stateFolder(t);
  const input = [1, 2, 3]
    .map((id) =>
      JSON.stringify({
        id,
        arguments: ['seed', '--state', state, '--origin', ORIGIN, '--key', `${id}`],
        input: 'x',
      }),
    )
    .join('\n');
  const { code, stdout } = await start(['session'], { input });
  assert.equal(code, EXIT.done);
  const answers = stdout.trim().split('\n');
  assert.deepEqual(
    answers.map((line) => JSON.parse(line).status),
    [0, 0, 0],
  );
  const { stdout: items } = await start(['items', '--json', '--state', state]);
  assert.equal(JSON.parse(items).length, 3);
});

/** @param {number} pid @returns {number[]}  the processes that it has started */
const childrenOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);

test('a worker that is killed takes its own command with it, and no other', async (t) => {
  const state = stateFolder(t);
  const browser = await startBrowser(t, state, { answer: () => new Promise(() => {}) });
  const session = openSession(t, state);
  session.send({ id: 1, arguments: ['storage', 'denied', '--timeout', FAR] });
  while (browser.events.length === 0) {
    await new Promise(setImmediate);
  }
  const [waiting] = childrenOf(Number(session.child.pid));
  session.send({ id: 2, arguments: ['help', 'items'] });
  assert.equal((await session.answer()).id, 2);
  process.kill(waiting, 'SIGKILL');
  const killed = await session.answer();
  assert.deepEqual([killed.id, killed.status, killed.stdout], [1, EXIT.failed, '']);
  assert.match(killed.stderr, /^powerup-secrets: the command was ended by signal 9\n$/);
  // All that is left are free; a line finds a living one, whichever has been killed.
  const free = childrenOf(Number(session.child.pid));
  free.forEach((pid) => process.kill(pid, 'SIGKILL'));
  while (free.some((pid) => existsSync(`/proc/${pid}/exe`))) {
    await new Promise(setImmediate);
  }
  session.send({ id: 3, arguments: ['help', 'items'] });
  const { id, status } = await session.answer();
  assert.deepEqual([id, status], [3, EXIT.done]);
});

test('its state folder is that of all commands which name none', async (t) => {
  const here = stateFolder(t);
  const session = openSession(t, stateFolder(t), ['--state', here]);
  session.send({ id: 1, arguments: ['seed', '--origin', ORIGIN, '--key', 'k'], input: 'x' });
  assert.equal((await session.answer()).status, EXIT.done);
  assert.equal(await session.end(), 0);
  const place = ['--origin', ORIGIN, '--key', 'k'];
  assert.equal((await start(['reveal', ...place, '--state', here])).stdout, 'x');
});

test('a state folder that is named from the working directory is the same for all commands', async (t) => {
  const parent = dirname(stateFolder(t));
  const session = openSession(t, stateFolder(t), ['--state', 'near'], parent);
  session.send({ id: 1, arguments: ['seed', '--origin', ORIGIN, '--key', 'k'], input: 'x' });
  assert.equal((await session.answer()).status, EXIT.done);
  assert.ok(existsSync(join(parent, 'near/store.sqlite3')));
});

test('an option that the session could not give to its commands is refused', async (t) => {
  const session = openSession(t, stateFolder(t), ['--json']);
  const said = text(session.child.stderr);
  assert.equal(await session.end(), EXIT.wrongUse);
  assert.match(
    await said,
    /^powerup-secrets: --json is not for the session, only for its commands/,
  );
});

test('a line that is too long is answered, and so are the commands before it', async (t) => {
  const session = openSession(t, stateFolder(t));
  const said = text(session.child.stderr);
  session.send({ id: 1, arguments: ['browsers', '--wait', '1', '--timeout', '1'] });
  session.send('x'.repeat(129 * 1024 * 1024));
  session.send({ id: 2, arguments: ['items'] }); // not any more
  const [refused, waited] = [await session.answer(), await session.answer()];
  assert.deepEqual([refused.id, refused.status], [null, EXIT.failed]);
  assert.match(refused.stderr, /a line is longer than \d+ bytes; no further line is run/);
  assert.deepEqual([waited.id, waited.status], [1, EXIT.notConfirmed]);
  const [code] = await once(session.child, 'close');
  assert.equal(code, EXIT.failed);
  assert.match(await said, /The session has ended: a line was longer/);
});

/** @param {number[]} pids  of processes that end */
async function haveEnded(pids) {
  while (pids.some((pid) => existsSync(`/proc/${pid}/exe`))) {
    await new Promise(setImmediate);
  }
}

/** A session with a command that waits and a free worker. @param {import('node:test').TestContext} t */
async function openWaiting(t) {
  const session = openSession(t, stateFolder(t));
  session.send({ id: 1, arguments: ['browsers', '--wait', '1', '--timeout', FAR] });
  session.send({ id: 2, arguments: ['items'] });
  assert.equal((await session.answer()).id, 2);
  const workers = childrenOf(Number(session.child.pid));
  assert.equal(workers.length, 2);
  return { session, workers };
}

test('a session that is killed leaves no worker', async (t) => {
  const { session, workers } = await openWaiting(t);
  session.child.kill('SIGKILL');
  await haveEnded(workers);
});

test('a session that nobody reads any more ends, and the commands that run with it', async (t) => {
  const { session, workers } = await openWaiting(t);
  const said = text(session.child.stderr);
  session.child.stdin.destroy();
  session.child.stdout.destroy();
  const [code] = await once(session.child, 'close');
  assert.equal(code, EXIT.failed);
  assert.equal(await said, 'powerup-secrets: Nobody reads the answers any more.\n');
  await haveEnded(workers);
});

/** What becomes of a state folder between two commands of one session, and what the next one says.
 * @type {[string, (state: string, other: string) => void, number, RegExp][]} */
const EXCHANGED = [
  ['it was removed', (state) => rmSync(state, { recursive: true }), EXIT.done, /no store yet/],
  [
    'it is another one',
    (state, other) => {
      rmSync(state, { recursive: true });
      renameSync(other, state);
    },
    EXIT.done,
    /^$/,
  ],
  [
    "its root key is everybody's",
    (state) => chmodSync(join(state, 'root.key'), 0o644),
    EXIT.failed,
    /chmod 600/,
  ],
  [
    'its root key is gone',
    (state) => rmSync(join(state, 'root.key')),
    EXIT.failed,
    /root\.key is missing/,
  ],
  [
    'its database is damaged',
    (state) => writeFileSync(join(state, 'store.sqlite3'), 'nothing'.repeat(100)),
    EXIT.failed,
    /is not a database/,
  ],
];
for (const [what, exchange, code, words] of EXCHANGED) {
  test(`a session finds out that the state folder is not the same: ${what}`, async (t) => {
    const [state, other] = [stateFolder(t), stateFolder(t)];
    for (const [folder, key] of [
      [state, 'one'],
      [other, 'another'],
    ]) {
      await start(['seed', '--state', folder, '--origin', ORIGIN, '--key', key], { input: key });
    }
    const session = openSession(t, state);
    session.send({ id: 1, arguments: ['items'] });
    const before = await session.answer();
    exchange(state, other);
    session.send({ id: 2, arguments: ['items'] });
    const after = await session.answer();
    assert.equal(after.status, code, after.stderr);
    assert.match(after.stderr, words);
    assert.notEqual(after.stdout, before.stdout);
  });
}
