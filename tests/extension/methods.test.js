// SPDX-License-Identifier: MIT
// extension/methods.json is the one list of t's members: what else names them must agree with it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NAMES_FILE, namesSource } from '../../runner/names.mjs';

Object.assign(globalThis, { window: new EventTarget() });
const { METHODS, methodsOf } = await import('../../extension/src/page/methods.js');
const { createTs } = await import('../../extension/src/page/t.js');
const { PROBLEMS } = await import('../../extension/src/page/calls.js');
const { lostCalls } = await import('../../extension/src/recorded-call.js');

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** @param {Iterable<string | undefined>} names */
const sorted = (names) => [...new Set(names)].sort();

/** @param {import('../../extension/src/page/methods.js').Kind[]} kinds */
const namesOf = (...kinds) => sorted(kinds.flatMap(methodsOf).map(({ name }) => name));

const FAULTY = sorted([
  ...methodsOf('secret').map(({ name }) => name),
  ...methodsOf('data').map(({ fault }) => fault),
]);

/** The words of a text in quotes of some kind. @param {string} text @param {string} quote */
const quoted = (text, quote) =>
  [...text.matchAll(new RegExp(`${quote}([^${quote}\\s]+)${quote}`, 'g'))].map(([, word]) => word);

/** @param {string} text @param {RegExp} pattern */
function part(text, pattern) {
  const found = pattern.exec(text);
  assert.ok(found !== null, `${pattern} is not there`);
  return found[1];
}

/** The rows of a table, by the first column. @param {string} heading */
const rowsUnder = (heading) =>
  part(read('docs/fidelity.md'), new RegExp(`\\n## ${heading}\\n(.*?)(?:\\n## |$)`, 's'))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => quoted(line.split('|')[1].replaceAll(/\([^)]*\)/g, ''), '`'));

test('no member is listed twice, and each has what its kind needs', () => {
  assert.equal(sorted(METHODS.map(({ name }) => name)).length, METHODS.length);
  for (const { name, kind, command, fault, reason } of METHODS) {
    assert.equal(command !== undefined, ['shown', 'read', 'answered'].includes(kind), name);
    assert.equal(fault !== undefined, kind === 'data', name);
    assert.equal(reason !== undefined, kind === 'missing', name);
  }
});

test('t has the methods of the table and no others', () => {
  const { methods } = createTs(/** @type {any} */ ({ Promise, secrets: () => {}, calls: {} }));
  const listed = METHODS.filter(({ kind }) => kind !== 'property');
  assert.deepEqual(sorted(Object.keys(methods)), sorted(listed.map(({ name }) => name)));
});

test('docs/fidelity.md describes each member once, with others of its kind', () => {
  const rows = rowsUnder('Members of t');
  assert.deepEqual(rows.flat().sort(), sorted(METHODS.map(({ name }) => name)));
  const kindOf = new Map(METHODS.map(({ name, kind }) => [name, kind]));
  for (const row of rows) {
    const kinds = new Set(row.map((name) => kindOf.get(name)));
    for (const kind of /** @type {const} */ (['secret', 'data', 'shown', 'missing'])) {
      assert.ok(!kinds.has(kind) || kinds.size === 1, `${row} in docs/fidelity.md`);
    }
  }
  const answered = rows.find((row) => row.includes('board')) ?? [];
  assert.deepEqual(sorted(answered), namesOf('read', 'answered'));
});

test('docs/fidelity.md lists every problem', () => {
  const names = [...Object.keys(PROBLEMS), lostCalls(1).problem ?? ''];
  assert.deepEqual(sorted(rowsUnder('Problems').flat()), sorted(names));
});

test('the runner’s names are those of the tables', async () => {
  assert.equal(readFileSync(NAMES_FILE, 'utf8'), await namesSource());
  const names = await import('../../runner/src/names.js');
  assert.deepEqual(sorted(names.ANSWERED_METHODS), namesOf('read', 'answered'));
  assert.deepEqual(
    sorted(names.FAULTY_METHODS),
    sorted([...FAULTY, ...namesOf('shown', 'read', 'answered')]),
  );
  assert.deepEqual(
    sorted(names.RECORDED_METHODS),
    namesOf('secret', 'data', 'shown', 'read', 'answered'),
  );
  assert.deepEqual(sorted(names.SECRET_METHODS), namesOf('secret'));
  assert.deepEqual(names.SHARED_FAULTS, { getAll: 'get', remove: 'set' });
  assert.deepEqual(names.CAPABILITIES, JSON.parse(read('extension/capabilities.json')));
});

test('help and protocol list what can fail', () => {
  const help = part(read('host/cli/option.c'), /(storeSecret[^;]*?), or what is asked/s);
  assert.deepEqual(sorted(help.replaceAll(/["\s]/g, '').split(',')), FAULTY);
  const protocol = part(read('docs/protocol.md'), /## takeFault\n(.*?)\n```/s);
  assert.deepEqual(
    sorted(quoted(part(protocol, /methods are (.*?), and, by/s), '`')),
    sorted([...FAULTY, 'answer']),
  );
});

test('capabilities are listed once, in order', () => {
  const capabilities = JSON.parse(read('extension/capabilities.json'));
  assert.deepEqual(capabilities, sorted(capabilities));
  assert.ok(capabilities.includes('authorization-status') && !capabilities.includes('callback'));
});

test('host and protocol have the kinds of faults that a page applies', () => {
  const page = [...read('extension/src/page/faults.js').matchAll(/case '(\w+)':/g)];
  const kinds = sorted(page.map(([, kind]) => kind));
  const host = part(read('host/store/faults.h'), /define FAULT_KIND_LIST(.*?)\n\n/s);
  assert.deepEqual(sorted(quoted(host, '"')), kinds);
  const protocol = part(read('docs/protocol.md'), /## takeFault\n(.*?)\n## /s);
  const described = [...protocol.matchAll(/\| `\{"kind": "(\w+)"/g)].map(([, kind]) => kind);
  assert.deepEqual(sorted(described), kinds);
});
