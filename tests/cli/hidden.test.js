// SPDX-License-Identifier: MIT
// What a page names, and whatever else, reaches a terminal only as text that is seen for what it is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { test } from 'node:test';
import { CommandLine } from '../../runner/src/command-line.js';
import { matchers } from '../../runner/src/matchers.js';
import { Session } from '../../runner/src/session.js';
import { refusing, shown, TestCall } from '../../runner/src/test-call.js';
import { visible } from '../../extension/src/panel/visible.js';
import { cliOf, cliPath, commandTable, MEMBER, ORIGIN, start, startBrowser } from './cli.js';

const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

/** Of each kind: sequences and colours, moves and lines, C1, order of text, nothing to see. */
const HOSTILE =
  'a\u202eo\u2066o\u001b[2J\u001b]0;t\u0007\b\r\nFORGED: a line\tb\u007f\u009b31m\u200f\u061c' +
  '\u2028\u200d\ufeff\u00ad\ufe0f\u{e0041}z';

/** A part of it that no line of ours has, as it is shown. */
const SHOWN = '\\u202eo';

/** How a hidden character is written in JSON. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|[bfnrt])/g;

/** Commands that do not do the same with --json. */
const NO_JSON = ['session', 'help'];

const KEY = '5f'.repeat(32);
const AT = ['--origin', ORIGIN];
const SECRET = [...AT, '--key', HOSTILE];
const BOARD = [...AT, '--scope', 'board', '--visibility', 'shared'];

/** What the browser answers to commands. @type {Record<string, (event: any) => any>} */
const MOODS = {
  kind: ({ event }) => ({
    result:
      event === 'describe'
        ? [{ origin: ORIGIN, url: `${ORIGIN}/${HOSTILE}`, tab: 1, answers: false }]
        : event === 'invoke'
          ? { success: true, response: { [HOSTILE]: HOSTILE }, page: HOSTILE }
          : null,
  }),
  failing: ({ event }) =>
    event === 'invoke'
      ? { result: { success: false, response: { message: HOSTILE } } }
      : { error: HOSTILE },
  without: ({ event }) => ({ result: event === 'invoke' ? { handlers: [HOSTILE] } : null }),
};

/**
 * @typedef {object} Row
 * @property {string[]} args
 * @property {string} [mood]  default: kind
 * @property {string} [input]
 * @property {boolean} [shows]  whether the text is printed; default: true
 * @property {string} [raw]  what standard output is, byte for byte, unless it is a terminal
 */

/** Commands with everything that others have named. @type {(files: Record<string, string>) => Row[]} */
const rowsOf = (files) => [
  { args: ['calls'] },
  { args: ['calls', '--problems', '--last', '2'] },
  { args: ['calls', '--clear', '--origin', 'http://other.example'], shows: false },
  { args: ['items'] },
  { args: ['fault'] },
  { args: ['browsers'] },
  { args: ['invoke', 'show-settings', ...AT] },
  { args: ['invoke', 'show-settings', ...AT], mood: 'failing' },
  { args: ['invoke', 'show-settings', ...AT], mood: 'without' },
  {
    args: ['remove-personal-settings', ...AT, '--member', MEMBER.replace(/1$/, '2')],
    mood: 'failing',
  },
  ...[
    ['storage', 'enabled'],
    ['sign-in'],
    ['sign-out', '--origin', 'http://other.example'],
    ['fidelity', 'library'],
    ['render'],
    ['render-writer', 'on'],
    ['partition', 'on'],
    ['rotate-key', '--origin', 'http://other.example', '--member', MEMBER],
    ['clear-site-data', '--origin', 'http://other.example'],
    ['power-up', HOSTILE, 'http://other.example'],
    ['answer', 'board', JSON.stringify({ [HOSTILE]: HOSTILE })],
    ['fault', ...AT, '--op', 'get', '--error', `Error:${HOSTILE}`],
    ['item', 'remove', '--origin', 'http://other.example', '--slot', 'f'.repeat(64)],
    ['plugin-data', 'remove', ...BOARD, '--owner', 'other'],
    ['browser-profile', 'default'],
  ].map((args) => ({ args, mood: 'failing' })),
  { args: ['seed', ...SECRET, '--value-file', files.value], mood: 'failing' },
  {
    args: ['item', 'set', ...AT, '--slot', '0'.repeat(64), '--value-file', files.value],
    mood: 'failing',
  },
  { args: ['plugin-data', 'set', ...BOARD, '--text-file', files.value], mood: 'failing' },
  { args: ['reveal', ...SECRET], raw: HOSTILE },
  { args: ['item', 'get', ...AT, '--slot', '0'.repeat(64)], raw: HOSTILE },
  { args: ['plugin-data', 'get', ...BOARD], raw: HOSTILE },
  { args: ['encrypt', '--key', KEY, '--value-file', files.value], shows: false },
  { args: ['decrypt', '--key', KEY, '--value-file', files.encrypted], raw: HOSTILE },
  {
    args: ['session'],
    input: JSON.stringify({ id: 1, arguments: ['reveal', ...SECRET, '--state', files.state] }),
  },
  { args: ['session'], input: JSON.stringify({ id: 1, arguments: [HOSTILE] }) },
  { args: ['batch'], input: JSON.stringify([{ arguments: ['answer', HOSTILE, '1'] }]) },
  {
    args: ['batch'],
    input: JSON.stringify([{ arguments: ['seed', ...SECRET], input: HOSTILE }]),
    mood: 'failing',
  },
  { args: ['install', '--browser', 'chromium', '--user-data-dir', files.folder] },
  {
    args: ['doctor', '--browser', 'chromium', '--user-data-dir', files.folder, '--timeout', '0.1'],
  },
  { args: ['uninstall', '--browser', 'chromium', '--user-data-dir', files.folder] },
  { args: ['browser-profile'], shows: false },
  { args: ['items', '--state', join(files.folder, 'none')] },
  // What is wrong is quoted.
  ...[
    [HOSTILE],
    [`--${HOSTILE}`],
    ['plugin-data', HOSTILE],
    ['storage', HOSTILE],
    ['storage', 'denied', HOSTILE],
    ['fidelity', HOSTILE],
    ['partition', HOSTILE],
    ['completion', HOSTILE],
    ['help', HOSTILE],
    ['install', '--browser', HOSTILE],
    ['render', '--timeout', HOSTILE],
    ['calls', '--last', HOSTILE],
    ['invoke', HOSTILE, ...AT],
    ['invoke', 'x', ...AT, '--page', `p\u202eo\u2066o`],
    ['invoke', 'x', ...AT, '--options', HOSTILE],
    ['answer', HOSTILE, '1'],
    ['power-up', 'p', HOSTILE],
    ['fault', '--op', HOSTILE, '--no-reply'],
    ['fault', '--op', 'get', '--error', `${HOSTILE}:x`],
    ['item', 'get', ...AT, '--slot', HOSTILE],
    ['plugin-data', 'get', ...BOARD, '--name', HOSTILE],
    ['seed', ...SECRET, '--value-file', HOSTILE],
    ['decrypt', HOSTILE, HOSTILE, '--key', KEY],
  ].map((args) => ({ args, mood: 'without' })),
  ...[
    ['reset', '--timeout', '0'],
    ['reveal', ...AT, '--key', HOSTILE, '--member', HOSTILE],
    ['items', '--origin', HOSTILE],
    ['reveal', '--origin', ORIGIN, '--key', 'k', '--top-level-site', HOSTILE],
    ['browser-profile', HOSTILE],
    ['decrypt', HOSTILE, '--key', KEY],
    ['encrypt', '--key', HOSTILE],
    ['completion', 'bash'],
    ['help'],
  ].map((args) => ({ args, shows: false })),
];

/**
 * Fills a store as pages and a tester would.
 *
 * @param {ReturnType<typeof cliOf>} cli
 * @param {import('./cli.js').FakeBrowser} browser
 * @param {Record<string, string>} files
 */
async function fill(cli, browser, files) {
  const error = { name: HOSTILE, message: HOSTILE };
  const call = { member: HOSTILE, key: HOSTILE, outcome: HOSTILE };
  const calls = [
    { at: 1, method: 'a', detail: { ...call, error } },
    { at: 2, method: 'b', problem: 'unknown-member', detail: { advice: HOSTILE } },
    { at: 3, method: 'c', page: '\u202eo\u2066o', detail: { arguments: { [HOSTILE]: HOSTILE } } },
  ];
  assert.equal((await browser.request('recordCalls', { origin: ORIGIN, calls })).ok, true);
  assert.equal((await browser.store(HOSTILE, HOSTILE)).ok, true);
  await cli.do(['item', 'set', ...AT, '--slot', '0'.repeat(64), '--value-file', files.value]);
  await cli.do(['plugin-data', 'set', ...BOARD, '--text-file', files.value]);
  await cli.do(['fault', ...AT, '--op', 'get', '--error', `Error:${HOSTILE}`]);
  const encrypted = await cli.do(['encrypt', '--key', KEY], { input: HOSTILE });
  writeFileSync(files.encrypted, encrypted.stdout);
}

/** @param {string} word  as the shell takes it */
const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Runs a command on a terminal.
 *
 * @param {string[]} args
 * @param {string} input  file
 * @returns {Promise<string>}  what it wrote there, with ends of lines as it wrote them
 */
async function onTerminal(args, input) {
  const command = `exec ${[cliPath, ...args].map(quoted).join(' ')} <${quoted(input)}`;
  const child = spawn('script', ['-q', '-c', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SHELL: '/bin/sh', HOME: '/nonexistent', DESTDIR: '/nonexistent' },
  });
  return (await textOf(child.stdout)).replaceAll('\r\n', '\n');
}

/** @param {string} printed @param {string} what @param {string} [kept] */
function assertVisible(printed, what, kept = '\n') {
  const rest = [...printed].filter((character) => !kept.includes(character)).join('');
  const found = HIDDEN.exec(rest);
  assert.equal(found && escape(found[0]), null, `${what}: ${JSON.stringify(printed)}`);
  assert.doesNotMatch(kept.includes('\t') ? '' : printed, /^FORGED/m, what);
}

/** Whether a value of JSON has the hostile text somewhere. @param {any} value @returns {boolean} */
const hasHostile = (value) =>
  typeof value === 'string'
    ? value.includes('\u202eo\u2066o')
    : Object.entries(value ?? {}).some((entry) => entry.some(hasHostile));

/**
 * Runs a command in each way in which it prints.
 *
 * @param {string[]} args
 * @param {Row} row
 * @param {string} file  for its input
 */
async function assertAllVisible(args, { input = '', shows = true, raw }, file) {
  const name = JSON.stringify(args);
  const { stdout, stderr } = await start(args, { input });
  assertVisible(stderr, name);
  if (raw === undefined) {
    assertVisible(stdout, name);
    assert.equal(`${stdout}${stderr}`.includes(SHOWN), shows, `${name}: ${stdout}${stderr}`);
  } else {
    assert.equal(stdout, raw, name);
  }

  const json = await start([...args, '--json'], { input });
  assertVisible(`${json.stdout}${json.stderr}`, name);
  const isJson = /^[[{]/.test(json.stdout);
  const isTold = json.stderr.includes(SHOWN) || (isJson && hasHostile(JSON.parse(json.stdout)));
  assert.ok(isTold || !shows || NO_JSON.some((one) => args.includes(one)), name);

  writeFileSync(file, input);
  const terminal = await onTerminal(args, file);
  assertVisible(terminal, name, raw === undefined ? '\n' : '\n\t');
  assert.equal(terminal.includes(SHOWN), shows, `${name}: ${terminal}`);
}

test('no command prints a hidden character of anybody, as text, as JSON or on a terminal', async (t) => {
  const cli = cliOf(t);
  let mood = 'kind';
  const browser = await startBrowser(t, cli.state, {
    name: `B ${HOSTILE}`,
    answer: (event) => MOODS[mood](event),
  });
  const place = (/** @type {string} */ name) => join(cli.state, '..', name);
  const files = {
    state: cli.state,
    value: place('value'),
    encrypted: place('encrypted'),
    input: place('input'),
    folder: place(HOSTILE),
  };
  writeFileSync(files.value, HOSTILE);
  mkdirSync(files.folder);
  await fill(cli, browser, files);
  const rows = rowsOf(files);
  for (const row of rows) {
    mood = row.mood ?? 'kind';
    const options = row.args.includes('--state') ? [] : ['--state', cli.state];
    await assertAllVisible([...options, ...row.args], row, files.input);
  }
  for (const { name } of await commandTable()) {
    assert.ok(
      rows.some(({ args }) => args.slice(0, name.split(' ').length).join(' ') === name),
      name,
    );
  }
});

test('programs get every byte of a value: in a pipe, as JSON and from a session, also on a terminal', async (t) => {
  const cli = cliOf(t);
  // All characters but halves of pairs, which UTF-8 does not have.
  const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => code < 0xd800 || code > 0xdfff,
  );
  const session = new Session(cliPath);
  for (let from = 0; from < codes.length; from += 500_000) {
    const value = codes
      .slice(from, from + 500_000)
      .map((code) => String.fromCodePoint(code))
      .join('');
    await cli.do(['seed', ...SECRET], { input: value });
    const reveal = ['--state', cli.state, 'reveal', ...SECRET];
    const { stdout } = await start([...reveal, '--json']);
    // Exactly the hidden ones are escaped, and what JSON must escape.
    const seen = value.replace(/["\\]/g, '\\$&').replace(new RegExp(HIDDEN, 'gu'), '');
    assert.equal(stdout.replace(/^\{"value":"|"\}\n$/g, '').replace(ESCAPE, ''), seen);
    assert.equal(JSON.parse(stdout).value, value);
    assert.equal((await start(reveal)).stdout, value);
    assert.equal((await session.run(reveal, '')).stdout, value);
  }
  await session.close();

  const file = join(cli.state, '..', 'input');
  const reveal = ['--state', cli.state, 'reveal', ...SECRET];
  await cli.do(['seed', ...SECRET], { input: HOSTILE });
  writeFileSync(file, JSON.stringify({ id: 1, arguments: reveal }));
  assert.deepEqual(JSON.parse(await onTerminal(['session'], file)), {
    id: 1,
    status: 0,
    stdout: HOSTILE,
    stderr: '',
  });
});

test('a browser without a host is named in one visible line', async (t) => {
  const cli = cliOf(t);
  const name = `B ${HOSTILE}`;
  const { host } = await startBrowser(t, cli.state, { name, outlived: true });
  host.kill('SIGKILL');
  await host.exit;
  for (const args of [
    ['render', '--timeout', '0.1'],
    ['browsers', '--timeout', '0.1'],
    ['browsers', '--forget'],
  ]) {
    const { stdout, stderr } = await start(['--state', cli.state, ...args]);
    assertVisible(`${stdout}${stderr}`, args[0]);
    assert.ok(`${stdout}${stderr}`.includes(SHOWN), args.join(' '));
  }
});

test('messages of the npm package, which its runner prints, have nothing hidden but ends of lines and tabs', async (t) => {
  const cli = cliOf(t);
  await startBrowser(t, cli.state, { answer: MOODS.failing });
  const commandLine = new CommandLine(cliPath, cli.state);
  t.after(() => commandLine.close());
  const call = new TestCall(commandLine, `trello.capability(${shown(HOSTILE)})`);
  const trello = /** @type {any} */ ({
    foreignOrigin() {},
    alerts: async () => [{ message: HOSTILE }],
  });
  const alerted = await matchers.toHaveAlerted.call({}, trello, 'x', { timeout: 0 });
  /** @type {Record<string, () => unknown>} */
  const failing = {
    refused: () => refusing('launch').refuse(`not ${shown(HOSTILE)}`),
    command: () => call.run(['storage', HOSTILE]),
    handler: () => call.invoke(['invoke', 'show-settings', ...AT]),
    matcher: () => Promise.reject(new Error(alerted.message())),
  };
  for (const [name, fail] of Object.entries(failing)) {
    await assert.rejects(
      async () => fail(),
      ({ message }) => {
        // What is invisible, and nothing more, stays in the message of a handler, which tests compare.
        const seen =
          name === 'handler'
            ? message.replace(/[\u200d\ufeff\u00ad\ufe0f\u{e0041}]/gu, '')
            : message;
        assertVisible(seen, name, '\n\t');
        assert.ok(message.includes(SHOWN), message);
        return true;
      },
    );
  }
});

/** What JSON writes shorter. */
const SHORT = { '\\u0008': '\\b', '\\u000d': '\\r', '\\u000a': '\\n', '\\u0009': '\\t' };

test('the panel’s cells show the same escapes as the command line', async (t) => {
  const cli = cliOf(t);
  await startBrowser(t, cli.state, {
    answer: () => ({ result: { success: true, response: HOSTILE } }),
  });
  const { stdout } = await cli.do(['invoke', 'show-settings', ...AT]);
  const short = Object.entries(SHORT).reduce(
    (text, [long, letter]) => text.replaceAll(long, letter),
    visible(HOSTILE),
  );
  assert.equal(`"${short}"\n`, stdout);
});
