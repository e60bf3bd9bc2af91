// SPDX-License-Identifier: MIT
// What the compiler and the linker were told, seen in the programs that came out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const build = process.env.POWERUP_SECRETS_BUILD ?? join(root, 'build/release');

/** @param {string} program @param {string} option */
const readelf = (program, option) =>
  execFileSync('readelf', ['--wide', option, join(build, program)], { encoding: 'utf8' });

for (const program of ['powerup-secrets', 'powerup-secrets-host']) {
  const isInstrumented = /__asan_init|__gcov_/.test(readelf(program, '--symbols'));
  const skip = isInstrumented && 'a build with sanitizers or coverage is hardened otherwise';

  test(`${program} is a position-independent executable`, () => {
    assert.match(readelf(program, '--file-header'), /Type:\s+DYN/);
    assert.match(readelf(program, '--program-headers'), /^\s+INTERP\s/m);
  });

  test(`${program}: everything is bound at the start and read-only then`, { skip }, () => {
    assert.match(readelf(program, '--dynamic'), /\(FLAGS_1\).*NOW/);
    assert.match(readelf(program, '--program-headers'), /^\s+GNU_RELRO\s/m);
  });

  test(`${program}: no stack is executable`, () => {
    assert.match(readelf(program, '--program-headers'), /^\s+GNU_STACK\s.*\sRW\s/m);
  });

  test(`${program}: stack protector and checked C library calls are in`, { skip }, () => {
    const symbols = readelf(program, '--dyn-syms');
    assert.match(symbols, /__stack_chk_fail/);
    assert.match(symbols, /__(memcpy|snprintf|vsnprintf|read|fprintf|realpath)_chk/);
  });

  test(`${program}: where a call may land is marked (CET)`, { skip }, (t) => {
    if (process.arch !== 'x64') {
      t.skip('x86-64 only');
      return;
    }
    // The linker's own note is missing on a system whose C library was built without it.
    const entry = execFileSync('objdump', ['--disassemble=main', join(build, program)], {
      encoding: 'utf8',
    });
    assert.match(entry, /<main>:\n[^\n]*\sendbr64/);
  });
}
