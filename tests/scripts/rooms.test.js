// SPDX-License-Identifier: MIT
// The rooms of host/: the build refuses an include against the layering, and the document is complete.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The rooms in host/CMakeLists.txt, each with those that it may use. */
function roomsOfTheBuild() {
  const text = readFileSync(join(root, 'host/CMakeLists.txt'), 'utf8');
  const rooms = text.matchAll(/^add_room\((\w+)\n(?: {2}USES (.*)\n)?/gm);
  return new Map(Array.from(rooms, ([, name, uses]) => [name, uses?.split(' ') ?? []]));
}

/** @param {string} room  the modules whose files are in its folder */
function modulesOf(room) {
  const files = readdirSync(join(root, 'host', room)).filter((name) => /\.[ch]$/.test(name));
  return [...new Set(files.map((name) => name.slice(0, -2)))].sort();
}

/**
 * Runs the build's check on a copy of host/ that was changed.
 * @param {import('node:test').TestContext} t
 * @param {(host: string) => void} change
 */
function check(t, change) {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'host'), join(folder, 'host'), { recursive: true });
  change(join(folder, 'host'));
  const table = join(folder, 'rooms.txt');
  const lines = Array.from(roomsOfTheBuild(), ([name, uses]) => `${name}: ${uses.join(' ')}\n`);
  writeFileSync(table, lines.join(''));
  const script = join(root, 'cmake/CheckRooms.cmake');
  const options = ['-D', `FOLDER=${join(folder, 'host')}`, '-D', `TABLE=${table}`, '-P', script];
  const { status, stderr } = spawnSync('cmake', options, { encoding: 'utf8' });
  return { passes: status === 0, message: stderr.replace(/\s+/g, ' ') };
}

test('the tree as it is passes', (t) => {
  const { passes, message } = check(t, () => {});
  assert.ok(passes, message);
});

test('every include that the table does not allow is refused and named', (t) => {
  const rooms = roomsOfTheBuild();
  assert.equal(rooms.size, 8);
  const { passes, message } = check(t, (host) => {
    for (const room of rooms.keys()) {
      const includes = Array.from(rooms.keys(), (other) => `#include "${other}/x.h"\n`);
      writeFileSync(join(host, room, 'everything.c'), includes.join(''));
    }
  });
  assert.equal(passes, false);
  for (const [room, uses] of rooms) {
    for (const other of rooms.keys()) {
      const refused = message.includes(`${room}/everything.c includes "${other}/x.h"`);
      assert.equal(refused, room !== other && !uses.includes(other), `${room} and ${other}`);
    }
  }
});

test('a circular include inside a room is refused, and its files are named', (t) => {
  const { passes, message } = check(t, (host) =>
    appendFileSync(join(host, 'base/status.h'), '#include "base/bytes.h"\n'),
  );
  assert.equal(passes, false);
  assert.match(message, /in a circle.*base\/bytes.*base\/status/);
});

test('a file outside every room, and an include without its room, are refused', (t) => {
  const { passes, message } = check(t, (host) => {
    writeFileSync(join(host, 'stray.c'), '');
    mkdirSync(join(host, 'attic'));
    writeFileSync(join(host, 'attic/old.c'), '');
    appendFileSync(join(host, 'store/items.c'), '#include "items.h"\n');
  });
  assert.equal(passes, false);
  for (const fault of ['stray.c is in no room', 'no room attic', 'write "room/header.h"']) {
    assert.ok(message.includes(fault), `${fault}: ${message}`);
  }
});

test('docs/architecture.md lists every room with its modules', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `(\w+)\/` [^|]*\|[^|]*\| ([^|]*) \|$/gm));
  const documented = new Map(rows.map(([, room, modules]) => [room, modules.split(' ')]));
  assert.deepEqual([...documented.keys()], [...roomsOfTheBuild().keys()]);
  for (const [room, modules] of documented) {
    assert.deepEqual(modules, modulesOf(room), room);
  }
});
