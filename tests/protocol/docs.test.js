// SPDX-License-Identifier: MIT
// docs/protocol.md against the real host.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { greetedHost, HostProcess } from './host-process.js';

const read = (/** @type {string} */ path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docs/protocol.md');

const blocks = [...text.matchAll(/^```json (request|reply)\n([\s\S]*?)^```$/gm)].map(
  ([, kind, json]) => ({ kind, value: JSON.parse(json) }),
);

/**
 * Compares, with the document's placeholders.
 *
 * @param {any} actual
 * @param {any} wanted
 */
function assertLike(actual, wanted) {
  if (typeof wanted === 'string' && wanted.includes('<')) {
    const pattern = wanted
      .split(/(<[^>]*>)/)
      .map((piece) => {
        const digits = /^<(\d+) hex>$/.exec(piece);
        return digits
          ? `[0-9a-f]{${digits[1]}}`
          : piece === '<version>'
            ? '\\d+\\.\\d+\\.\\d+'
            : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      })
      .join('');
    assert.match(actual, new RegExp(`^${pattern}$`));
  } else if (typeof wanted === 'object' && wanted !== null) {
    assert.deepEqual(Object.keys(actual), Object.keys(wanted));
    Object.keys(wanted).forEach((name) => assertLike(actual[name], wanted[name]));
  } else {
    assert.equal(actual, wanted);
  }
}

test('every example of docs/protocol.md runs as printed', async (t) => {
  const host = new HostProcess(t);
  assert.ok(blocks.length >= 14, 'there are examples');
  for (let at = 0; at < blocks.length; at += 2) {
    assert.deepEqual([blocks[at].kind, blocks[at + 1]?.kind], ['request', 'reply']);
    host.send(blocks[at].value);
    assertLike(await host.reply(), blocks[at + 1].value);
  }
});

test('every operation has an example and a heading', async (t) => {
  const host = await greetedHost(t);
  const { operations } = (await host.hello()).result;
  const shown = new Set(blocks.map(({ value }) => value.op).filter(Boolean));
  assert.deepEqual([...shown].sort(), operations.sort());
  for (const operation of operations) {
    assert.match(text, new RegExp(`^## ${operation}$`, 'm'));
  }
});

test('the table of errors has every code that can leave the host, and no other', () => {
  const names = [...read('host/status.h').matchAll(/X\(STATUS_\w+, "(\w+)"/g)].map(
    ([, name]) => name,
  );
  const inside = ['ok', 'absent', 'need_more', 'end_of_input'];
  const documented = [...text.matchAll(/^\| `(\w+)` \| .* \| (?:goes on|ends.*) \|$/gm)];
  assert.deepEqual(
    documented.map(([, name]) => name).sort(),
    names.filter((name) => !inside.includes(name)).sort(),
  );
});
