// SPDX-License-Identifier: MIT
// The part of the benchmark that does not depend on the machine's speed: it runs and meets its targets.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('../../bench/bench.js', import.meta.url));

test('memory: the figures are printed, written and drawn, and meet their targets', (t) => {
  const output = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  t.after(() => rmSync(output, { recursive: true, force: true }));
  const options = ['--quick', '--only', 'memory', '--output', output];
  const table = execFileSync(process.execPath, [BENCH, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

  /** @type {import('../../bench/figures.js').Figure[]} */
  const figures = JSON.parse(readFileSync(join(output, 'figures.json'), 'utf8'));
  const aimed = figures.filter(({ target }) => target !== undefined);
  assert.deepEqual(
    aimed.map(({ subject, holds }) => ({ subject, holds })),
    ['RSS, idle', 'RSS after 20,000 calls', 'growth after the first 2,000'].map((subject) => ({
      subject,
      holds: true,
    })),
  );
  for (const { subject } of figures) {
    assert.ok(table.includes(subject), subject);
  }
  assert.match(table, /^3 of 3 targets hold/m);
  assert.match(readFileSync(join(output, 'figures.svg'), 'utf8'), /^<svg .*RSS, idle.*<\/svg>$/s);
});

test('an unknown part or browser is reported, and nothing is measured', () => {
  for (const option of ['--only', '--browser']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, option, 'lynx'], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^unknown: lynx; parts: start pipes .*; browsers: chromium firefox$/m);
  }
});
