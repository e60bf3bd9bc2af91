// SPDX-License-Identifier: MIT
// A clone that was moved or copied after it was built can be built again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL('../../scripts/lib.sh', import.meta.url));

/** A stand-in for a clone that takes no time to build. @param {string} folder */
function makeClone(folder) {
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  cpSync(library, join(folder, 'scripts/lib.sh'));
  writeFileSync(
    join(folder, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.22)
project(clone LANGUAGES NONE)
file(WRITE "\${CMAKE_BINARY_DIR}/source" "\${CMAKE_SOURCE_DIR}")
add_custom_target(all_of_it ALL COMMAND true)
`,
  );
}

/** @param {string} folder */
const build = (folder) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', '. scripts/lib.sh; build release'], {
    cwd: folder,
    encoding: 'utf8',
  });

for (const [what, move] of /** @type {[string, (from: string, to: string) => void][]} */ ([
  ['moved', renameSync],
  ['copied', (from, to) => cpSync(from, to, { recursive: true })],
])) {
  test(`a clone that was ${what} is configured again, once, and says so`, (t) => {
    const place = mkdtempSync(join(tmpdir(), 'clone-'));
    t.after(() => rmSync(place, { recursive: true }));
    const [old, now] = [join(place, 'a b'), join(place, 'c')];
    makeClone(old);
    const words = /^== build\/release was configured in another folder and is configured again$/m;
    assert.doesNotMatch(build(old), words);
    move(old, now);
    assert.match(build(now), words);
    assert.equal(
      execFileSync('cat', [join(now, 'build/release/source')], { encoding: 'utf8' }),
      now,
    );
    assert.doesNotMatch(build(now), words);
  });
}
