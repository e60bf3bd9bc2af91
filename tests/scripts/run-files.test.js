// SPDX-License-Identifier: MIT
// Test files that share a process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../support/run-files.js', import.meta.url));

test('hooks of the end run after the last file, also when the first has nothing to run', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'run-files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write(
    'seen.mjs',
    "import { after } from 'node:test';\nexport const seen = [];\nafter(() => console.log(`at the end: ${seen}`));\n",
  );
  const skipped =
    "import { test } from 'node:test';\nimport './seen.mjs';\ntest('a', { skip: true }, () => {});\n";
  const seen = (/** @type {string} */ name) =>
    `import { test } from 'node:test';\nimport { seen } from './seen.mjs';\ntest('${name}', () => new Promise((done) => setImmediate(done)).then(() => seen.push('${name}')));\n`;
  const files = [write('a.mjs', skipped), write('b.mjs', seen('b')), write('c.mjs', seen('c'))];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const output = execFileSync(process.execPath, [script, ...files], { env, encoding: 'utf8' });
  assert.match(output, /^at the end: b,c$/m);
});
