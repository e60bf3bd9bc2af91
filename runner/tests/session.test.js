// SPDX-License-Identifier: MIT
// The one process in which the runner's commands run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../src/command-line.js';
import { resetTo } from '../src/initial-state.js';
import { Installation } from '../src/installation.js';

/** @param {import('node:test').TestContext} t */
function install(t) {
  const installation = new Installation();
  t.after(() => installation.close());
  return installation.commandLine;
}

/** @returns {number[]}  the processes that this one has started and that are sessions */
const sessions = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(
      (pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0session\0'),
    )
    .map(Number);

test('all commands run in one process, side by side', async (t) => {
  const commandLine = install(t);
  const before = sessions().length;
  const outputs = await Promise.all(
    Array.from({ length: 20 }, () => commandLine.run(['items', '--json'])),
  );
  assert.deepEqual([...new Set(outputs)], ['[]\n']);
  assert.equal(sessions().length, before + 1);
});

test('a command whose process is killed says so, and the next one runs', async (t) => {
  const commandLine = install(t);
  await commandLine.run(['items']);
  const waiting = commandLine.run(
    ['browsers', '--wait', '1', '--timeout', '300'],
    '',
    'trello.open()',
  );
  const rejected = assert.rejects(waiting, (error) => {
    assert.ok(error instanceof CommandError);
    assert.match(
      error.message,
      /^trello\.open\(\): the command line ended: its process was ended$/,
    );
    return true;
  });
  for (const pid of sessions()) {
    process.kill(pid, 'SIGKILL');
  }
  await rejected;
  assert.equal(await commandLine.run(['items', '--json']), '[]\n');
});

test('what fails is the same error as that of a command of its own', async (t) => {
  const commandLine = install(t);
  await assert.rejects(commandLine.run(['reveal', '--origin', 'http://a.example', '--key', 'x']), {
    name: 'CommandError',
    status: 4,
  });
  await assert.rejects(
    commandLine.run(['seed', '--origin', 'http://a.example', '--key', 'x'], new Uint8Array([0xff])),
    {
      status: 2,
      message: /not UTF-8/,
    },
  );
});

test('a value that a test cannot begin with is refused in the words of its own call', async (t) => {
  const data = { board: { shared: { fine: 1, 'a"b': 2 } } };
  await assert.rejects(resetTo(install(t), { baseURL: 'http://a.example', data }), {
    status: 2,
    message: /^trello\.setPluginData\('board', 'shared', 'a"b', …\): .*printable ASCII/,
  });
});

test('data that a test cannot start with are refused, wherever they are wrong', async (t) => {
  const commandLine = install(t);
  /** @type {[any, RegExp][]} */
  const refused = [
    [null, /must be an object such as .*, not null\.$/],
    ['hello', /not 'hello'\.$/],
    [{ member: null }, /and member is null\.$/],
    [{ member: { private: 'xy' } }, /and member\.private is 'xy'\.$/],
    [{ member: { private: ['p'] } }, /and member\.private is \[…\]\.$/],
    [{ board: { shared: 5 } }, /and board\.shared is 5\.$/],
  ];
  for (const [data, message] of refused) {
    await assert.rejects(resetTo(commandLine, { baseURL: 'http://a.example', data }), { message });
  }
});

const INSTALLATION = JSON.stringify(
  fileURLToPath(new URL('../src/installation.js', import.meta.url)),
);

/**
 * Starts a runner, a program in Node.js.
 *
 * @param {string} body  with an `installation` and its `commandLine`
 * @param {string} [stateFolder]
 */
const startRunner = (body, stateFolder) =>
  spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { Installation } from ${INSTALLATION};
    import { readFileSync } from 'node:fs';
    const installation = new Installation({ stateFolder: ${JSON.stringify(stateFolder)} });
    installation.closeAtExit();
    const { commandLine } = installation;
    const childrenOf = (pid) =>
      readFileSync(\`/proc/\${pid}/task/\${pid}/children\`, 'utf8').trim().split(' ').filter(Boolean);
    ${body}`,
  ]);

/** @param {string[]} pids  of processes that end */
async function haveEnded(pids) {
  while (pids.some((pid) => existsSync(`/proc/${pid}/exe`))) {
    await new Promise(setImmediate);
  }
}

test('a runner that ends without closing anything leaves no process', async () => {
  const child = startRunner(`
    await commandLine.run(['items']);
    console.log(childrenOf(process.pid).join(' '));`);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(code, 0);
  const pids = output.trim().split(' ');
  assert.equal(pids.length, 1);
  await haveEnded(pids);
});

test('a runner that is killed leaves no process, neither free nor while commands run', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const child = startRunner(
    `await commandLine.run(['items']);
    const waits = () => commandLine.run(['browsers', '--wait', '1', '--timeout', '300']);
    void waits();
    void waits();
    await commandLine.run(['items']);
    const [session] = childrenOf(process.pid);
    console.log([session, ...childrenOf(session)].join(' '));`,
    join(folder, 'state'),
  );
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const pids = line.trim().split(' ');
  assert.ok(pids.length >= 3, line); // the session, and a worker for each command that runs
  child.kill('SIGKILL');
  await haveEnded(pids);
});

test('two runners on one state folder lose nothing, also when one is killed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const state = join(folder, 'state');
  const count = 20;
  const seeding = (/** @type {string} */ name) =>
    startRunner(
      `for (let i = 0; i < ${name === 'killed' ? Infinity : count}; i++) {
        await commandLine.run(
          ['seed', '--origin', 'http://a.example', '--key', '${name} ' + i], 'secret ' + i);
        console.log(i);
      }`,
      state,
    );
  const [one, two, killed] = ['one', 'two', 'killed'].map(seeding);
  /** @type {string[]} */
  const done = [];
  const ended = once(killed, 'close');
  createInterface({ input: killed.stdout }).on('line', (line) => {
    done.push(line);
    if (done.length === 5) {
      killed.kill('SIGKILL');
    }
  });
  const codes = await Promise.all([one, two].map(async (child) => (await once(child, 'close'))[0]));
  await ended;
  assert.deepEqual(codes, [0, 0]);
  assert.equal(killed.signalCode, 'SIGKILL');
  assert.ok(done.length >= 5);
  const installation = new Installation({ stateFolder: state });
  t.after(() => installation.close());
  const expected = ['one', 'two'].flatMap((name) =>
    Array.from({ length: count }, (_, i) => `${name} ${i}`),
  );
  for (const key of [...expected, ...done.map((i) => `killed ${i}`)]) {
    assert.equal(
      await installation.commandLine.run(['reveal', '--origin', 'http://a.example', '--key', key]),
      `secret ${key.split(' ')[1]}`,
    );
  }
});
