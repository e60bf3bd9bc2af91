// SPDX-License-Identifier: MIT
// The one process in which the runner's commands run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
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

test('a runner that ends without closing anything leaves no process', async () => {
  const source = fileURLToPath(new URL('../src/installation.js', import.meta.url));
  const program = `
    import { Installation } from ${JSON.stringify(source)};
    import { readFileSync } from 'node:fs';
    const installation = new Installation();
    installation.closeAtExit();
    await installation.commandLine.run(['items']);
    console.log(readFileSync(\`/proc/\${process.pid}/task/\${process.pid}/children\`, 'utf8').trim());`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(code, 0);
  const pids = output.trim().split(' ');
  assert.equal(pids.length, 1);
  while (existsSync(`/proc/${pids[0]}/exe`)) {
    await new Promise(setImmediate);
  }
});
