// SPDX-License-Identifier: MIT
// Lists of calls that are as long, as wide and as old as they can be.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import { test } from 'node:test';
import { watched } from '../protocol/host-process.js';
import { execute, query } from '../support/store.js';
import { cliOf, cliPath, MEMBER, ORIGIN, startBrowser } from './cli.js';

const OTHER = 'http://localhost:3001';
const MIB = 1024 * 1024;

/** How many bytes the store keeps. */
const KEPT_MAX = 32 * MIB;

/** What the command line may take in memory for each byte that it prints. */
const MEMORY_FACTOR = 8;

/**
 * Records calls until more were made than can be kept.
 *
 * @param {import('./cli.js').FakeBrowser} browser
 * @param {any} detail  of each
 * @returns {Promise<number>}  how many
 */
async function recordTooMany(browser, detail) {
  const size = JSON.stringify(detail).length;
  const calls = Array(20).fill({ at: 5, method: 'a', detail });
  let count = 0;
  for (; count * size <= KEPT_MAX; count += calls.length) {
    const { ok, error } = await browser.request('recordCalls', { origin: ORIGIN, calls });
    assert.equal(ok, true, error?.message);
  }
  return count;
}

test('calls that gave way to newer ones are an entry for each origin', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const old = { at: 3, method: 'a', problem: 'late-render', detail: {} };
  await browser.request('recordCalls', { origin: OTHER, calls: [old, { ...old, at: 4 }] });
  const count = await recordTooMany(browser, { text: 'x'.repeat(32_000) });
  const newest = { at: 6, method: 'b', problem: 'late-render', detail: {} };
  await browser.request('recordCalls', { origin: OTHER, calls: [newest] });

  const [own, other, ...kept] = await cli.json(['calls']);
  const { advice } = own.detail;
  assert.match(advice, /^Older calls were removed.*50000 and 32 MiB.*calls --clear\.$/);
  const lost = { problem: 'calls-lost', page: null, method: 'calls' };
  assert.deepEqual(own, {
    ...{ ...lost, at: 5, origin: ORIGIN },
    detail: { advice, lost: count - (kept.length - 1) },
  });
  assert.deepEqual(other, { ...lost, at: 4, origin: OTHER, detail: { advice, lost: 2 } });
  const [{ bytes }] = query(state, 'SELECT sum(length(sealed)) AS bytes FROM call');
  assert.ok(bytes <= KEPT_MAX && bytes > 0.99 * KEPT_MAX, `${bytes}`);

  assert.deepEqual(await cli.json(['calls', '--origin', OTHER]), [other, kept.at(-1)]);
  assert.deepEqual(await cli.json(['calls', '--problems']), [own, other, kept.at(-1)]);
  assert.deepEqual(await cli.json(['calls', '--last', '2']), kept.slice(-2));
  const { stdout } = await cli.do(['calls', '--problems', '--origin', ORIGIN]);
  assert.match(stdout.split('\n')[1], /^1970-01-01T00:00:00.005Z .* problem calls-lost: Older /);

  await cli.do(['calls', '--clear', '--origin', OTHER]);
  assert.deepEqual(await cli.json(['calls', '--problems']), [own]);
  await cli.do(['calls', '--clear']);
  assert.deepEqual(await cli.json(['calls']), []);
});

/**
 * What it has taken in memory at most when it begins to write its output, of which a pipe takes a part only.
 *
 * @param {string[]} args
 * @returns {Promise<{peak: number, printed: number}>}  in bytes
 */
async function measure(args) {
  const child = spawn(cliPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'readable');
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const peak = 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
  return { peak, printed: (await textOf(child.stdout)).length };
}

test('a list takes little more memory than its text, whatever the values in it cost', async (t) => {
  if (watched) {
    t.skip('memory figures mean nothing under sanitizers or valgrind');
    return;
  }
  const { state } = cliOf(t);
  const browser = await startBrowser(t, state);
  const values = [...Array(250).fill({}), 'x'.repeat(3_500)];
  await recordTooMany(browser, { arguments: values });
  const asked = ['calls', '--state', state];
  const json = await measure([...asked, '--json']);
  assert.ok(json.printed > KEPT_MAX / 2);
  assert.ok(json.peak <= MEMORY_FACTOR * json.printed, JSON.stringify(json));
  const table = await measure(asked);
  assert.ok(table.printed > 100_000);
  assert.ok(table.peak <= MEMORY_FACTOR * json.printed, JSON.stringify(table));
});

/**
 * @param {string} before  a command of the shell
 * @param {string} state
 * @returns {Promise<string[]>}  the lines of the table on a terminal
 */
async function linesOnTerminal(before, state) {
  const command = `${before}; exec '${cliPath}' calls --state '${state}'`;
  const child = spawn('script', ['-q', '-c', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SHELL: '/bin/sh', COLUMNS: '' },
  });
  return (await textOf(child.stdout)).trimEnd().split('\r\n');
}

test('the table has the width of the terminal, with all of its columns', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const long = 'é'.repeat(255);
  const detail = {
    member: MEMBER,
    key: `${long}abc`,
    outcome: 'resolved',
    arguments: [long, long],
  };
  const calls = [
    { at: 1, method: 'set', detail },
    { at: 2, method: 'get', detail: { key: 'k' } },
  ];
  await browser.request('recordCalls', { origin: ORIGIN, calls });

  const shell = { 60: 'stty cols 60', 100: 'stty cols 100; COLUMNS=50', 50: 'export COLUMNS=50' };
  for (const [width, before] of Object.entries(shell)) {
    const lines = await linesOnTerminal(before, state);
    assert.deepEqual(
      lines.map((line) => line.split(/ {2,}/).length),
      [8, 8, 8],
      `${lines.join('\n')}`,
    );
    const longest = Math.max(...lines.map((line) => [...line].length));
    assert.ok(longest <= Number(width) && longest > Number(width) - 8, `${width}: ${longest}`);
    assert.match(lines[1], /é… .*…$/);
  }

  const [, line] = (await cli.do(['calls'])).stdout.split('\n');
  const cells = line.split(/ {2,}/);
  assert.deepEqual([cells[4], cells[7]], [`${long}a…`, `["${'é'.repeat(254)}…`]);
  const unknown = await linesOnTerminal('true', state);
  assert.equal(unknown[1], line);
  const [{ detail: whole }] = await cli.json(['calls']);
  assert.deepEqual(whole, detail);
});

test('a call with a time that no date has, or with details of other types, is listed', async (t) => {
  const { state, ...cli } = cliOf(t);
  const browser = await startBrowser(t, state);
  const detail = { key: { a: 1 }, error: 'text', durationMs: 'x', outcome: null };
  await browser.request('recordCalls', { origin: ORIGIN, calls: [{ at: 1, method: 'a', detail }] });
  const shown = {
    9000000000000000000: '9000000000000000000',
    '-9223372036854775808': '-9223372036854775808',
    8640000000000001: '8640000000000001',
    8640000000000000: '275760-09-13T00:00:00.000Z',
    '-8640000000000000': '-271821-04-20T00:00:00.000Z',
  };
  for (const [at, time] of Object.entries(shown)) {
    execute(state, `UPDATE call SET at = ${at}`);
    const [, line] = (await cli.do(['calls'])).stdout.split('\n');
    assert.deepEqual(line.split(/ {2,}/).slice(0, 5), [time, ORIGIN, '-', 'a', '{"a":1}']);
    assert.deepEqual(
      (await cli.json(['calls'])).map((/** @type {any} */ call) => [call.at, call.detail]),
      [[Number(at), detail]],
    );
  }
});
