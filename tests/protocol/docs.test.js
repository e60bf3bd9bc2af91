// SPDX-License-Identifier: MIT
// Checks docs/protocol.md against the real host.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ControlClient } from './control-client.js';
import { greetedHost, HostProcess, stateFolder } from './host-process.js';

const read = (/** @type {string} */ path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docs/protocol.md');

const blocks = [
  ...text.matchAll(
    /^```json (request|reply|greeting|client|event|answer|elsewhere|apart)\n([\s\S]*?)^```$/gm,
  ),
].map(([, kind, json]) => ({ kind, value: JSON.parse(json) }));

/**
 * Compares two values, honouring the document's placeholders.
 *
 * @param {any} actual
 * @param {any} wanted
 */
function assertLike(actual, wanted) {
  if (wanted === '<pid>') {
    assert.ok(Number.isInteger(actual) && actual > 1);
  } else if (typeof wanted === 'string' && wanted.includes('<')) {
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
  const state = stateFolder(t);
  const host = new HostProcess(t, { state });
  /** @type {ControlClient | undefined} */
  let client;
  /** Whose replies come next. */
  let speaking = host;
  const connected = () => (client ??= new ControlClient(t, state, host.pid));
  assert.ok(blocks.length >= 14, 'there are examples');
  for (const { kind, value } of blocks) {
    switch (kind) {
      case 'request':
        host.send(value);
        speaking = host;
        break;
      case 'apart': // a host that has not been sent hello
        speaking = new HostProcess(t, { state });
        speaking.send(value);
        break;
      case 'client':
        connected().send(value);
        break;
      case 'elsewhere': {
        const other = await greetedHost(t, { state });
        other.send(value);
        assert.equal((await other.reply()).ok, true);
        break;
      }
      case 'greeting':
      case 'answer':
        assertLike(await connected().receive(), value);
        break;
      default:
        assertLike(await (kind === 'reply' ? speaking : host).reply(), value);
    }
  }
});

test('every operation has an example and a heading', async (t) => {
  const host = await greetedHost(t);
  const { operations } = (await host.hello()).result;
  const requests = blocks.filter(({ kind }) => ['request', 'apart'].includes(kind));
  const shown = new Set(requests.map(({ value }) => value.op));
  assert.deepEqual([...shown].sort(), operations.sort());
  for (const operation of operations) {
    assert.match(text, new RegExp(`^## ${operation}$`, 'm'));
  }
});

test('the table of events has every event, and no other', () => {
  const names = [...read('host/native/event.c').matchAll(/^ {4}\{"(\w+)", "/gm)].map(
    ([, name]) => name,
  );
  const rows = text.slice(text.indexOf('\n## Events'), text.indexOf('\n## The socket'));
  const documented = [...rows.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name);
  assert.ok(names.length > 0);
  assert.deepEqual(documented.sort(), names.sort());
});

test('the table of errors has every code that the host can send, and no other', () => {
  const names = [...read('host/base/status.h').matchAll(/X\(STATUS_\w+, "(\w+)"/g)].map(
    ([, name]) => name,
  );
  const inside = ['ok', 'absent', 'need_more', 'deferred', 'end_of_input'];
  const documented = [...text.matchAll(/^\| `(\w+)` \| .* \| (?:stays open|is closed.*) \|$/gm)];
  assert.deepEqual(
    documented.map(([, name]) => name).sort(),
    names.filter((name) => !inside.includes(name)).sort(),
  );
});
