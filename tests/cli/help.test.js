// SPDX-License-Identifier: MIT
// Help and the manual page, compared with the table of commands.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { version } from '../protocol/host-process.js';
import { cliPath, commandTable, EXIT, run } from './cli.js';

const table = await commandTable();
/** Where the build puts the manual page. */
const manual = join(dirname(cliPath), 'share/man/man1/powerup-secrets.1');

test('the table has every command of the project', () => {
  assert.deepEqual(
    table.map(({ name }) => name).sort(),
    [
      ...[
        'answer',
        'batch',
        'browser-profile',
        'browsers',
        'calls',
        'clear-site-data',
        'completion',
        'decrypt',
        'doctor',
        'encrypt',
      ],
      ...[
        'fault',
        'fidelity',
        'help',
        'install',
        'invoke',
        'item get',
        'item remove',
        'item set',
        'items',
      ],
      ...['partition', 'plugin-data get', 'plugin-data remove', 'plugin-data set', 'power-up'],
      ...[
        'remove-personal-settings',
        'render',
        'render-writer',
        'reset',
        'reveal',
        'rotate-key',
        'seed',
        'session',
        'sign-in',
      ],
      ...['sign-out', 'storage', 'uninstall'],
    ].sort(),
  );
  for (const { name, help, options } of table) {
    assert.ok(help.length > 0 && help.length < 80, name);
    const names = options.map((option) => option.name);
    assert.equal(new Set(names).size, names.length, name);
    for (const common of ['state', 'json', 'help']) {
      assert.ok(names.includes(common), `${name} --${common}`);
    }
  }
});

test('help lists every command with its arguments and description', async () => {
  for (const args of [['help'], ['--help']]) {
    const { code, stdout, stderr } = await run(args);
    assert.deepEqual([code, stderr], [EXIT.done, '']);
    const words = stdout.replace(/\s+/g, ' ');
    for (const { name, arguments: its, help } of table) {
      assert.ok(words.includes(` ${[name, its].filter(Boolean).join(' ')} ${help} `), name);
    }
    assert.ok(stdout.split('\n').every((line) => line.length <= 100));
  }
});

for (const { name, arguments: its, help, options } of table) {
  test(`help ${name} prints its usage and its options`, async () => {
    const { code, stdout, stderr } = await run(['help', ...name.split(' ')]);
    assert.deepEqual([code, stderr], [EXIT.done, '']);
    assert.ok(stdout.startsWith(`usage: powerup-secrets ${[name, its].filter(Boolean).join(' ')}`));
    assert.ok(stdout.includes(help));
    for (const option of options.filter(({ name }) => name !== 'help')) {
      const form = [`--${option.name}`, option.argument].filter(Boolean).join(' ');
      assert.match(stdout, new RegExp(`^  ${form.replace(/[|.]/g, '\\$&')}\\s`, 'm'));
    }
    assert.equal((await run([...name.split(' '), '--help'])).stdout, stdout);
    assert.ok(stdout.split('\n').every((line) => line.length <= 100));
  });
}

test('the version is that of the package', async () => {
  for (const args of [['--version'], ['-v'], ['storage', '-v'], ['item', 'get', '-v']]) {
    assert.deepEqual(await run(args), {
      code: EXIT.done,
      stdout: `powerup-secrets ${version}\n`,
      stderr: '',
    });
  }
});

test('help prints all commands that begin with a word', async () => {
  const { code, stdout } = await run(['help', 'plugin-data']);
  assert.equal(code, 0);
  for (const name of ['get', 'set', 'remove']) {
    const one = await run(['help', 'plugin-data', name]);
    assert.ok(stdout.includes(one.stdout), name);
  }
  assert.equal((await run(['help', 'data'])).code, 2);
});

test('-h is --help', async () => {
  for (const words of [[], ['seed'], ['item', 'get'], ['help']]) {
    const long = await run([...words, '--help']);
    assert.deepEqual(await run([...words, '-h']), long);
    assert.deepEqual(await run(['-h', ...words]), long);
  }
  const { stdout } = await run(['-h']);
  assert.match(stdout, /^ {2}-h, --help +print this/m);
  assert.match(stdout, /^ {2}-v, --version +print the version$/m);
});

test('the manual page has every command and every option', () => {
  const page = readFileSync(manual, 'utf8').replaceAll('\\-', '-');
  assert.match(page, /^\.TH POWERUP-SECRETS 1 /m);
  const sections = page.split(/^\.SS /m).slice(1);
  for (const { name, arguments: its, options } of table) {
    const heading = [name, its].filter(Boolean).join(' ');
    const section = sections.find((text) => text.startsWith(`${heading}\n`));
    assert.ok(section !== undefined, `.SS ${heading}`);
    const own = options.filter(
      (option) => !['state', 'json', 'help', 'timeout', 'wait'].includes(option.name),
    );
    const shown = [...section.matchAll(/^\.TP\n\.(?:B --([a-z-]+)|BI --([a-z-]+) )/gm)];
    assert.deepEqual(
      shown
        .map(([, flag, option]) => flag ?? option)
        .filter((option) => option !== 'timeout')
        .sort(),
      own.map((option) => option.name).sort(),
      name,
    );
  }
  const known = table.map(({ name, arguments: its }) => [name, its].filter(Boolean).join(' '));
  assert.deepEqual(sections.map((text) => text.split('\n')[0]).sort(), known.sort());
  for (const common of ['state', 'json', 'help', 'timeout', 'wait', 'version']) {
    assert.match(page, new RegExp(`^\\.B[IR]? (?:-[hv] ", " )?"?--${common}`, 'm'));
  }
  for (const code of Object.values(EXIT)) {
    assert.match(page, new RegExp(`^\\.B ${code}$`, 'm'));
  }
});

test('man shows the manual page without a warning', () => {
  const check = 'groff -man -Tutf8 -ww -z "$1" 2>&1';
  assert.equal(String(execFileSync('bash', ['-c', check, '-', manual])), '');
});
