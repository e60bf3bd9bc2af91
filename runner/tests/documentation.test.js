// SPDX-License-Identifier: MIT
// The documents name every method of trello, and each one's command.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { matchers, scenarios, Trello } from '../src/index.js';

const host =
  process.env.POWERUP_SECRETS_HOST_FOLDER ?? fileURLToPath(new URL('../host', import.meta.url));

/** @param {string} path @returns {string[][]}  the cells of its tables' rows */
const rowsOf = (path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** The names that a cell has in quotes: `open(path)` is open. @param {string} cell */
const namesIn = (cell) => [...cell.matchAll(/`(?:not\.)?([\w-]+)[^`]*`/g)].map(([, name]) => name);

const METHODS = Object.entries(Object.getOwnPropertyDescriptors(Trello.prototype))
  .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
  .map(([name]) => name)
  .sort();

test('runner/README.md lists every method, scenario and matcher once', () => {
  const rows = Object.fromEntries(rowsOf('runner/README.md'));
  const lists = ['set up', 'what happens to users', 'drive', 'observe'].map((name) => rows[name]);
  const [scenario, ...names] = namesIn(rows['by name']);
  assert.deepEqual([...lists.flatMap(namesIn), scenario].sort(), METHODS);
  assert.deepEqual(names.sort(), Object.keys(scenarios).sort());
  assert.deepEqual(namesIn(rows.matchers).sort(), Object.keys(matchers).sort());
});

test('docs/scenarios.md lists every method once, with a command that there is', () => {
  const rows = rowsOf('docs/scenarios.md').filter(([methods]) => namesIn(methods)[0] !== 'trello');
  const listed = rows.flatMap(([methods]) => namesIn(methods));
  assert.deepEqual(listed.sort(), METHODS);
  const help = execFileSync(join(host, 'powerup-secrets'), ['help', '--table'], {
    encoding: 'utf8',
  });
  const table = JSON.parse(help);
  const commands = table.map((/** @type {{name: string}} */ { name }) => name);
  for (const [methods, cell] of rows) {
    const command = /^`([^`]*)`$/.exec(cell)?.[1];
    assert.ok(
      command === undefined ||
        commands.some((/** @type {string} */ name) => `${command} `.startsWith(`${name} `)),
      methods,
    );
  }
});
