// SPDX-License-Identifier: MIT
// Wrong use: one line that says what is wrong, exit status 2, and no changes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { cliOf, cliPath, commandTable, EXIT, ORIGIN, run, startBrowser } from './cli.js';

const table = await commandTable();
const HEX = 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f';

/** What each command needs, so that one thing at a time can be wrong. @type {Record<string, string[]>} */
const WORDS = {
  storage: ['denied'],
  fidelity: ['library'],
  partition: ['off'],
  answer: ['board', '1'],
  completion: ['bash'],
  invoke: ['authorization-status'],
  'power-up': ['planner', ORIGIN],
  'browser-profile': ['phone'],
  decrypt: ['00;00'],
  fault: ['--op', 'get', '--no-reply'],
  'item get': ['--key', 'k'],
  'item set': ['--key', 'k'],
  'item remove': ['--key', 'k'],
};

/** @type {Record<string, string>} */
const GOOD = {
  origin: ORIGIN,
  key: HEX,
  scope: 'board',
  visibility: 'shared',
};

/** What else a fault needs beside some of its options. @type {Record<string, string[]>} */
const FAULT = { op: ['--no-reply'], error: ['--op', 'get'], delay: ['--op', 'get'] };

/** @param {import('./cli.js').CommandRow} command @param {string} [without]  an option */
function complete({ name, options }, without = '') {
  const required = options.filter((option) => option.required && option.name !== without);
  return [
    ...name.split(' '),
    ...((name === 'fault' && FAULT[without]) || (WORDS[name] ?? [])),
    ...required.flatMap((option) => [`--${option.name}`, GOOD[option.name]]),
  ];
}

/** Values that an option refuses, and what the line says. @type {Record<string, [string, RegExp][]>} */
const BAD = {
  browser: [
    ['', /must be one of chrome, /],
    ['netscape', /must be one of chrome, .*, not "netscape"/],
    ['chromium,', /must be one of .*, not ""/],
    ['chromum', /There is no browser "chromum"; did you mean "chromium"\?/],
    ['chrome,Firefox', /There is no browser "Firefox"; did you mean "firefox"\?/],
  ],
  origin: [
    ['', /Not an origin/],
    ['null', /opaque origin/],
    ['planner', /Not an origin: give scheme/],
    ['file:///index.html', /opaque origin/],
    ['http://*.localhost:3000', /"\*" does not stand for other hosts/],
    ['http://local host', /Not an origin/],
    ...[
      ['localhost:3000', 'http://localhost:3000'],
      ['http://localhost:3000/', 'http://localhost:3000'],
      ['http://localhost:3000/settings.html#%7B', 'http://localhost:3000'],
      ['http://localhost:80', 'http://localhost'],
      ['HTTP://LOCALHOST', 'http://localhost'],
      ['127.0.0.1:80', 'http://127.0.0.1'],
      ['https://user:word@powerup.example:443/', 'https://powerup.example'],
      ['https://[::FFFF:1.2.3.4]/', 'https://[::ffff:102:304]'],
    ].map(
      ([given, meant]) =>
        /** @type {[string, RegExp]} */ ([
          given,
          new RegExp(`Not an origin.*; did you mean "${meant.replace(/[[\].]/g, '\\$&')}"\\?`),
        ]),
    ),
  ],
  'top-level-site': [
    ['', /Not a top-level site/],
    ['https://*.trello.com', /Not a top-level site/],
    ['https://trello.com:444', /Not a top-level site.*did you mean "https:\/\/trello.com"\?/],
    ['trello.com/b/abc', /Not a top-level site.*did you mean "https:\/\/trello.com"\?/],
  ],
  timeout: [
    ['', /seconds/],
    ['0', /seconds/],
    ['-1', /seconds/],
    ['5s', /seconds/],
    ['3601', /seconds/],
    ['1e9', /seconds/],
  ],
  state: [['', /must not be empty/]],
  member: [['', /must not be empty/]],
  owner: [['', /must not be empty/]],
  'user-data-dir': [['', /must not be empty/]],
  'value-file': [
    ['', /must not be empty/],
    ['/nonexistent/x', /The file \/nonexistent\/x cannot be opened: No such file/],
    ['/', /The file \/ cannot be read: Is a directory/],
  ],
  'text-file': [
    ['', /must not be empty/],
    ['/nonexistent/x', /cannot be opened/],
  ],
  slot: [
    ['', /64 lower-case hex digits/],
    [HEX.toUpperCase(), /64 lower-case hex digits/],
    [`${HEX}0`, /64 lower-case hex digits/],
  ],
  scope: [
    ['', /board, card, member or organization/],
    ['Board', /board, card, member or organization, not "Board"; did you mean "board"\?/],
  ],
  visibility: [
    ['public', /must be shared or private, not "public"\./],
    ['privat', /did you mean "private"\?/],
  ],
  name: [
    ['', /ASCII/],
    ['a"b', /ASCII/],
    ['é', /ASCII/],
  ],
  op: [
    ['', /There is no call ""; it must be storeSecret, .* or refreshTokens/],
    ['localStorage', /There is no call "localStorage"; it must be storeSecret, /],
    ['lodSecret', /There is no call "lodSecret"; did you mean "loadSecret"\?/],
    ['storesecret', /did you mean "storeSecret"\?/],
    ['request-token', /There is no call "request-token"; did you mean "requestToken"\?/],
    ['remove', /t\.remove meets the fault of "set"/],
    ['getContext', /t\.getContext is not one of the calls/],
  ],
  error: [
    ['', /CLASS:MESSAGE/],
    ['Error', /CLASS:MESSAGE/],
    [':x', /Unknown class ""/],
    ['MyError:x', /Unknown class "MyError"/],
    ['error:x', /Unknown class "error"; did you mean "Error"\?/],
    ['TypeErrer:x', /Unknown class "TypeErrer"; did you mean "TypeError"\?/],
    ['QuotaExceeded:x', /Unknown class "QuotaExceeded"; did you mean/],
  ],
  delay: [
    ['', /milliseconds/],
    ['-1', /milliseconds from 0 to 86400000 .*, not "-1"/],
    ['1.5', /milliseconds/],
    ['86400001', /milliseconds/],
  ],
  last: [
    ['', /from 1 to 1000000/],
    ['0', /from 1 to 1000000/],
    ['-1', /from 1 to 1000000/],
  ],
  page: [
    ['', /1 to 64 bytes/],
    ['x'.repeat(65), /1 to 64 bytes/],
  ],
  wait: [
    ['', /from 1 to 1000/],
    ['0', /from 1 to 1000/],
    ['1001', /from 1 to 1000/],
  ],
  times: [
    ['', /from 1 to 1000000/],
    ['0', /from 1 to 1000000/],
    ['1000001', /from 1 to 1000000/],
    ['x', /from 1 to 1000000/],
  ],
  options: [
    ['', /JSON object/],
    ['[]', /JSON object/],
    ['{a:1}', /JSON object/],
    [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, /nested deeper/],
  ],
};

test('every option that takes a value is tested with bad values', () => {
  const taking = table.flatMap(({ options }) =>
    options.filter(({ argument }) => argument !== null).map(({ name }) => name),
  );
  // A secret's name may be any text; an AES key has its own test.
  assert.deepEqual([...new Set(taking)].sort(), [...Object.keys(BAD), 'key'].sort());
});

for (const command of table.filter(({ name }) => name !== 'help')) {
  test(`${command.name}: wrong use is reported in one line and changes nothing`, async (t) => {
    const { state: _state, content, ...cli } = cliOf(t);
    /** @param {string[]} args @param {RegExp} words */
    async function refused(args, words) {
      const { stderr } = await cli.fails(EXIT.wrongUse, words, args, { input: 'x' });
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.equal(content(), undefined, args.join(' '));
    }
    const { name, options } = command;
    const takes = options.map((option) => option.name);
    for (const option of options.filter(({ required }) => required)) {
      await refused(complete(command, option.name), new RegExp(`needs --${option.name}`));
    }
    for (const option of options.filter(({ argument }) => argument !== null)) {
      // decrypt reads the file only without a value; the state folder is given already.
      const unread = name === 'decrypt' ? ['value-file', 'state'] : ['state'];
      for (const [value, words] of unread.includes(option.name) ? [] : (BAD[option.name] ?? [])) {
        await refused([...complete(command, option.name), `--${option.name}`, value], words);
      }
      await refused([...name.split(' '), `--${option.name}`], /needs a value/);
      if (option.name !== 'state' && option.name !== 'browser') {
        const twice = [`--${option.name}`, 'x', `--${option.name}`, 'x'];
        await refused([...complete(command, option.name), ...twice], /given twice/);
      }
    }
    for (const other of Object.keys(BAD).filter((option) => !takes.includes(option))) {
      await refused([...complete(command), `--${other}`, 'x'], new RegExp(`no option --${other}`));
    }
    await refused([...complete(command), '--no-such-option'], /Unknown option --no-such-option/);
    await refused([...complete(command), '--json=1'], /takes no value/);
    if (name !== 'power-up') {
      await refused([...complete(command), 'further', 'words', 'more'], /powerup-secrets help/);
    }
  });
}

for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
  [[], /No command was given/],
  [['--json'], /No command was given/],
  [['sed'], /Unknown command "sed"; did you mean "seed"\?/],
  [['stoarge', 'denied'], /Unknown command "stoarge"; did you mean "storage"\?/],
  [['Storage', 'denied'], /Unknown command "Storage"; did you mean "storage"\?/],
  [['frobnicate'], /Unknown command "frobnicate"; "powerup-secrets help" lists/],
  [['plugin-data-set'], /Unknown command "plugin-data-set"; did you mean "plugin-data set"\?/],
  [['pluginData', 'set'], /Unknown command "pluginData set"; did you mean "plugin-data set"\?/],
  [['seed', '--orgin', ORIGIN], /Unknown option --orgin; did you mean --origin\?/],
  [['storage', 'denied', 'sign-out'], /"sign-out" is another command, run it by itself/],
  [['sign-out', 'reset'], /sign-out takes no argument; "reset" is another command/],
  [['a\nb'], /Unknown command "a\\nb"/],
  [['x'.repeat(5000)], /Unknown command "x+"/],
  [['item'], /one of: get, set, remove/],
  [['item', 'gett'], /Unknown command "item gett"; did you mean "item get"\?/],
  [['item', 'show'], /Unknown command "item show"; item needs one of: get, set, remove/],
  [['plugin-data', '--origin', ORIGIN], /one of: get, set, remove/],
  [['help', 'stoarge'], /Unknown command "stoarge"; did you mean "storage"\?/],
  [['storage'], /powerup-secrets storage MODE/],
  [['storage', 'off'], /storage takes enabled, denied, missing or full, not "off"\./],
  [['storage', 'blocked'], /storage takes enabled, denied, missing or full, not "blocked"\./],
  [['storage', ''], /not ""/],
  [['fidelity', 'exact'], /fidelity takes documented or library, not "exact"/],
  [['fidelity', 'libary'], /did you mean "library"\?/],
  [['partition', 'maybe'], /partition takes on or off, not "maybe"/],
  [['completion', 'tcsh'], /completion takes bash, zsh or fish, not "tcsh"/],
  [['sign-in', '--member', 'm1'], /24 lower-case hex digits.*before their first script.*"m1"/],
  [['sign-in', '--member', '0123456789ABCDEF01234567'], /24 lower-case hex digits/],
  [['sign-out', '--member', 'm1'], /no option --member/],
  [['browser-profile', 'two words'], /printable ASCII/],
  [['browser-profile', ''], /printable ASCII/],
  [['browser-profile', 'x'.repeat(65)], /1 to 64/],
  [['power-up', 'planner'], /ID ORIGIN/],
  [['power-up', '', ORIGIN], /1 to 300/],
  [['power-up', 'p', ORIGIN, 'planner'], /planner: Not an origin/],
  [
    ['power-up', 'p', `${ORIGIN}/settings.html`],
    /settings.html: Not an origin.*did you mean "http:\/\/localhost:3000"\?/,
  ],
  [['power-up', 'p', 'http://*.localhost'], /"\*" does not stand for other hosts/],
  [['answer'], /METHOD \[JSON\]/],
  [['answer', 'two words', '1'], /There is no call "two words"; it must be board, card, /],
  [['answer', 'cardd', '1'], /There is no call "cardd"; did you mean "card"\?/],
  [['answer', 'storeSecret', '1'], /not answered by a set answer; "powerup-secrets fault"/],
  [['answer', 'get', '1'], /"powerup-secrets plugin-data set"/],
  [['answer', 'popup', '1'], /only shows something/],
  [['answer', 'request-token', '1'], /did you mean "requestToken"\?/],
  [['fault', '--op', 'resize', '--no-reply'], /did you mean "sizeTo"\?/],
  [['answer', 'board', 'text'], /not JSON.*"in quotes"/],
  [['answer', 'board', '{}{}'], /not JSON/],
  [['answer', 'board', '-1'], /Unknown option -1; put --/],
  [['item', 'get', '--origin', ORIGIN], /either with --slot or with --key/],
  [['item', 'get', '--origin', ORIGIN, '--key', 'k', '--slot', HEX], /either with --slot or/],
  [['fault', '--op', 'get'], /one of --error, --delay and --no-reply/],
  [['fault', '--no-reply'], /--op OP/],
  [['fault', '--op', 'get', '--delay', '1', '--no-reply'], /one of --error/],
  [['fault', '--op', 'get', '--delay', '1', '--error', 'Error:x'], /one of --error/],
  [['fault', '--origin', ORIGIN], /--op OP/],
  [['fault', '--times', '3'], /--op OP/],
  [['fault', '--clear', '--op', 'get'], /--clear removes all/],
  [['fault', '--clear', '--times', '3'], /--clear removes all/],
  [['calls', '--clear', '--problems'], /without --problems/],
  [['calls', '--clear', '--last', '1'], /without --problems and --last/],
  [['encrypt', '--key', 'xyz'], /AES key in hex/],
  [['encrypt', '--key', HEX.slice(1)], /AES key in hex/],
  [['encrypt', '--key', HEX.slice(16)], /AES key in hex/],
  [['encrypt', '--key', ''], /AES key in hex/],
  [['decrypt', '--key', `${HEX}00`, '00;00'], /AES key in hex/],
  [['decrypt', '--key', HEX, '00;00', '--value-file', 'x'], /either as VALUE or/],
])) {
  test(`"${args.join(' ').slice(0, 60)}" is wrong use`, async (t) => {
    const { state: _state, content, ...cli } = cliOf(t);
    const { stderr } = await cli.fails(EXIT.wrongUse, words, args);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.ok(stderr.length < 700, stderr);
    assert.equal(content(), undefined);
  });
}

test('wrong use changes nothing in an existing store, and asks no browser', async (t) => {
  const { state, content, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  await browser.store('token', 'x');
  const before = content();
  for (const command of table.filter(({ options }) => options.some(({ required }) => required))) {
    await cli.fails(EXIT.wrongUse, /needs --/, [
      ...command.name.split(' '),
      ...(WORDS[command.name] ?? []),
    ]);
  }
  await cli.fails(EXIT.wrongUse, /not "off"/, ['storage', 'off']);
  assert.deepEqual(content(), before);
  assert.deepEqual(browser.events, []);
});

test('a failure to write to stdout is reported', async (t) => {
  const { state } = cliOf(t);
  const command = '"$0" items --state "$1" >/dev/full';
  const { status, stderr } = spawnSync('sh', ['-c', command, cliPath, state], { encoding: 'utf8' });

  assert.equal(status, EXIT.failed);
  assert.equal(stderr, 'powerup-secrets: stdout cannot be written: No space left on device\n');
});

test('an empty --state is refused, and nothing is created in the current folder', async (t) => {
  const { state } = cliOf(t);
  const cwd = dirname(state);
  const { code, stderr } = await run(['--state', '', 'storage', 'denied'], { cwd });
  assert.equal(code, EXIT.wrongUse);
  assert.match(stderr, /--state: It must not be empty/);
  assert.deepEqual(readdirSync(cwd), []);
});

test('words that are not UTF-8 are refused', async () => {
  // Node.js passes only UTF-8, so a shell has to write them.
  const script = `"$1" answer board "$(printf '\\377')"`;
  const { status, stderr } = spawnSync('bash', ['-c', script, '-', cliPath], { encoding: 'utf8' });
  assert.equal(status, EXIT.wrongUse);
  assert.match(stderr, /^powerup-secrets: Arguments must be UTF-8\.\n$/);
});
