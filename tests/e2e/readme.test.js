// SPDX-License-Identifier: MIT
// The script that the README prints, run as printed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { browserName, setStage } from './stage.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scripts = [
  ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm),
];

test('the README’s script stores and loads a secret', async (t) => {
  if (browserName !== 'chromium') {
    t.skip('the script is for Chromium');
    return;
  }
  assert.equal(scripts.length, 1);
  const stage = await setStage(t);
  const script = join(stage.folder, 'mine.mjs');
  writeFileSync(script, scripts[0][1]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, `${stage.origin('localhost')}/page.html`],
    { cwd: root },
  );
  assert.equal(stdout, 'abc\n');
});
