// SPDX-License-Identifier: MIT
// Several commands that take effect together.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliOf, EXIT, MEMBER, ORIGIN, startBrowser } from './cli.js';

const OTHER = 'https://other.example';
const SEED = ['seed', '--origin', ORIGIN, '--key', 'token'];

/** @param {(string[] | [string[], string])[]} commands  arguments, and input where there is some */
const batchOf = (...commands) =>
  JSON.stringify(
    commands.map((command) =>
      Array.isArray(command[0])
        ? { arguments: command[0], input: command[1] }
        : { arguments: command },
    ),
  );

test('each command of a batch sees what those before it did', async (t) => {
  const cli = cliOf(t);
  await cli.do(['seed', '--origin', OTHER, '--key', 'old'], { input: 'old' });
  const input = batchOf(
    ['reset'],
    ['fidelity', 'library'],
    ['sign-in', '--member', 'd'.repeat(24)],
    [SEED, 'é\n'],
    ['browser-profile', 'phone'],
    [SEED, 'of the phone'],
    [
      ['plugin-data', 'set', '--origin', ORIGIN, '--scope', 'board', '--visibility', 'shared'],
      '{"a":1}',
    ],
    ['answer', 'board', '{"id":"b"}'],
  );
  assert.equal((await cli.do(['batch'], { input })).stdout, '');
  const items = await cli.json(['items']);
  assert.deepEqual(
    items.map((/** @type {any} */ { profile, origin }) => [profile, origin]),
    [
      ['default', ORIGIN],
      ['phone', ORIGIN],
    ],
  );
  const reveal = ['reveal', '--origin', ORIGIN, '--key', 'token', '--member', 'd'.repeat(24)];
  assert.equal((await cli.do(reveal)).stdout, 'of the phone');
  await cli.do(['browser-profile', 'default']);
  assert.equal((await cli.do(reveal)).stdout, 'é\n');
  const where = ['--origin', ORIGIN, '--scope', 'board', '--visibility', 'shared'];
  assert.equal((await cli.do(['plugin-data', 'get', ...where])).stdout, '{"a":1}');
});

test('the commands may be in a file', async (t) => {
  const cli = cliOf(t);
  const file = join(cli.state, '..', `batch-${process.pid}.json`);
  writeFileSync(file, batchOf(['storage', 'denied']));
  assert.deepEqual(await cli.json(['batch', '--text-file', file]), { confirmed: 0 });
});

test('an empty batch changes nothing', async (t) => {
  const cli = cliOf(t);
  await cli.do(SEED, { input: 'x' });
  const before = cli.content();
  await cli.do(['batch'], { input: '[]' });
  assert.deepEqual(cli.content(), before);
});

/** @type {[string, string, RegExp][]} */
const REFUSED = [
  ['nothing', '', /must be a JSON array .*\.\n$/],
  ['no JSON', '[{]', /must be a JSON array .*Not valid JSON at byte 2/],
  ['no array', '{}', /must be a JSON array/],
  ['no object', '[1]', /command 1: It must be an object/],
  ['null', '[null]', /command 1: It must be an object/],
  ['no arguments', '[{}]', /command 1: .*"arguments"/],
  ['an unknown member', '[{"arguments":["reset"],"stdin":""}]', /command 1: .*"stdin"/],
  ['an unknown command', batchOf(['reset'], ['helpx']), /command 2: Unknown command "helpx"/],
  ['a wrong word', batchOf(['reset'], ['fidelity', 'x']), /command 2, fidelity: fidelity takes/],
  [
    'a wrong option',
    batchOf(['item', 'set', '--origin', ORIGIN, '--slot', 'zz']),
    /command 1, item set: --slot/,
  ],
  ['an origin that is none', batchOf(['storage', 'denied', '--origin', 'x']), /command 1, storage/],
  ['a command that reads', batchOf(['items']), /command 1, items: .*run this one by itself/],
  ['one that reads without a word', batchOf(['browser-profile']), /run this one by itself/],
  ['one that asks pages', batchOf(['render']), /command 1, render: .*run this one by itself/],
  ['one that calls handlers', batchOf(['remove-personal-settings', '--origin', ORIGIN]), /itself/],
  ['a batch', batchOf(['batch']), /command 1, batch: .*run this one by itself/],
  ['a session', batchOf(['session']), /run this one by itself/],
  ...['--state', '--timeout', '--wait'].map(
    (option) =>
      /** @type {[string, string, RegExp]} */ ([
        option,
        batchOf(['reset', option, '1']),
        new RegExp(`command 1, reset: ${option} is not for one command`),
      ]),
  ),
  ['--json', batchOf(['reset', '--json']), /--json is not for one command/],
  ['--help', batchOf(['reset', '--help']), /--help is not for one command/],
  ['10,001 commands', batchOf(...Array(10_001).fill(['reset'])), /at most 10000/],
  [
    'a failure at the end',
    batchOf(['reset'], ['sign-out'], [SEED, 'x']),
    /command 3, seed: No member is signed in/,
  ],
  [
    'plugin data that are no JSON',
    batchOf(
      ['reset'],
      [
        [
          ...['plugin-data', 'set', '--origin', ORIGIN, '--scope', 'board'],
          ...['--visibility', 'shared', '--name', 'n'],
        ],
        '{',
      ],
    ),
    /command 2, plugin-data set: .*JSON/,
  ],
];
for (const [what, input, words] of REFUSED) {
  test(`a batch is refused, and nothing is changed: ${what}`, async (t) => {
    const cli = cliOf(t);
    await cli.do([...SEED, '--member', MEMBER], { input: 'x' });
    const before = cli.content();
    const { code, stdout, stderr } = await cli.run(['batch'], { input });
    assert.equal(code, EXIT.wrongUse, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, words);
    assert.deepEqual(cli.content(), before);
  });
}

test('pages get the changes of a batch at once, and only those concerned', async (t) => {
  const cli = cliOf(t);
  const { events } = await startBrowser(t, cli.state);
  const data = [
    'plugin-data',
    'set',
    '--origin',
    OTHER,
    '--scope',
    'board',
    '--visibility',
    'shared',
  ];
  await cli.do(['batch'], {
    input: batchOf(['storage', 'denied', '--origin', ORIGIN], [data, '{}']),
  });
  await cli.do(['batch'], { input: batchOf([SEED, 'x']) });
  await cli.do(['batch'], { input: batchOf([SEED, 'y'], ['fidelity', 'library']) });
  await cli.do(['batch'], { input: batchOf(['reset'], [SEED, 'y']) });
  assert.deepEqual(
    events.map(({ event, origins }) => [event, origins]),
    [
      ['apply', [ORIGIN, OTHER]],
      ['apply', [ORIGIN]],
      ['apply', undefined],
      ['report', undefined],
      ['apply', undefined],
    ],
  );
});
