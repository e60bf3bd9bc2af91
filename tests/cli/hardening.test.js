// SPDX-License-Identifier: MIT
// The options of the compiler and the linker, checked in the programs that they made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const build = process.env.POWERUP_SECRETS_BUILD ?? join(root, 'build/release');

const PROTECTIONS = [
  '-fstack-protector-strong',
  '-fstack-clash-protection',
  '-ftrivial-auto-var-init=zero',
];

/** @param {string} program @param {string} option */
const readelf = (program, option) =>
  execFileSync('readelf', ['--wide', option, join(build, program)], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });

for (const program of ['powerup-secrets', 'powerup-secrets-host']) {
  const isInstrumented = /__asan_init|__gcov_/.test(readelf(program, '--symbols'));
  const skip = isInstrumented && 'a build with sanitizers or coverage is hardened differently';

  test(`${program} is a position-independent executable`, () => {
    assert.match(readelf(program, '--file-header'), /Type:\s+DYN/);
    assert.match(readelf(program, '--program-headers'), /^\s+INTERP\s/m);
  });

  test(`${program}: all symbols are bound at start-up, and then read-only`, { skip }, () => {
    assert.match(readelf(program, '--dynamic'), /\(FLAGS_1\).*NOW/);
    assert.match(readelf(program, '--program-headers'), /^\s+GNU_RELRO\s/m);
  });

  test(`${program}: the stack is not executable`, () => {
    assert.match(readelf(program, '--program-headers'), /^\s+GNU_STACK\s.*\sRW\s/m);
  });

  test(`${program}: the stack protector and checked C library calls are present`, { skip }, () => {
    const symbols = readelf(program, '--dyn-syms');
    assert.match(symbols, /__stack_chk_fail/);
    assert.match(symbols, /__(memcpy|snprintf|vsnprintf|read|fprintf|realpath)_chk/);
  });

  test(`${program}: the compiler options protect the stack and zero locals`, { skip }, () => {
    // gcc records its options in the program; other compilers do not.
    const recorded = readelf(program, '--string-dump=.debug_str').match(/GNU C17 .*/g) ?? [];
    const file = join(build, 'compile_commands.json');
    const commands = JSON.parse(readFileSync(file, 'utf8'))
      .filter((/** @type {any} */ { file: source }) => source.startsWith(join(root, 'host/')))
      .map((/** @type {any} */ { command }) => command);
    assert.ok(commands.length > 50);
    for (const options of [...recorded, ...commands]) {
      for (const flag of PROTECTIONS) {
        assert.ok(options.includes(flag), `${flag} in ${options}`);
      }
    }
    for (const command of commands) {
      assert.match(command, /-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3/);
    }
  });

  test(`${program}: targets of indirect calls are marked (CET)`, { skip }, (t) => {
    if (process.arch !== 'x64') {
      t.skip('x86-64 only');
      return;
    }
    // The linker omits its own note where the C library was built without CET.
    const entry = execFileSync('objdump', ['--disassemble=main', join(build, program)], {
      encoding: 'utf8',
    });
    assert.match(entry, /<main>:\n[^\n]*\sendbr64/);
  });
}
