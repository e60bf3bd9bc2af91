// SPDX-License-Identifier: MIT
// The scripts that the README prints, run as printed.
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
].filter(([, script]) => script.includes('puppeteer')); // runner/tests runs the other

test('the README’s script for this browser stores and loads a secret', async (t) => {
  const [firefox, chromium] = [true, false].map((wanted) =>
    scripts.filter(([, script]) => script.includes("browser: 'firefox'") === wanted),
  );
  assert.deepEqual([firefox.length, chromium.length], [1, 1]);
  const stage = await setStage(t);
  const script = join(stage.folder, 'mine.mjs');
  writeFileSync(script, (browserName === 'firefox' ? firefox : chromium)[0][1]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, `${stage.origin('localhost')}/page.html`],
    { cwd: root },
  );
  assert.equal(stdout, 'abc\n');
});
