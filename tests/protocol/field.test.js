// SPDX-License-Identifier: MIT
// Defects found in other native messaging hosts, one test each. The matching rows of the robustness matrix
// ("row: …") are in frames.test.js and messages.test.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FRAME_REPLY_MAX, frame, greetedHost, header, HostProcess, PLACE } from './host-process.js';

/** How often it has waited for something, by its own will. @param {HostProcess} host */
function waits(host) {
  const status = readFileSync(`/proc/${host.pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
}

test('defect 1: there is no pause between two messages', async (t) => {
  const host = await greetedHost(t);
  await host.load('k');
  const messages = 200;
  const before = waits(host);
  for (let round = 0; round < messages; round++) {
    await host.load('k');
  }
  // The defect was a sleep after each message; our host only waits for the next one.
  const count = waits(host) - before;
  assert.ok(count > 0 && count < 1.5 * messages, `${count} waits for ${messages} messages`);
});

test('defect 2: a reply of up to 1 MiB is one message', async (t) => {
  const host = await greetedHost(t);
  for (const size of [200_000, 250_000, 500_000, 1_000_000]) {
    await host.store('k', 'x'.repeat(size));
    const before = host.frameSizes.length;
    await host.load('k');
    const [received, ...more] = host.frameSizes.slice(before);
    assert.deepEqual(more, []);
    assert.ok(received > size && received <= FRAME_REPLY_MAX);
  }
});

test('defect 3: bytes that are not ASCII are neither changed nor cut', async (t) => {
  const host = await greetedHost(t);
  const text = 'é€😀'.repeat(1000);
  await host.store(text, text, { member: text });
  assert.equal((await host.load(text, { member: text })).result, text);
  const { error } = await host.request('é€😀');
  assert.match(error.message, /"é€😀"/);
});

test('defect 4: a message cut off by EOF is neither padded nor waited for', async (t) => {
  for (const bytes of [header(1000).subarray(0, 2), frame('{"id":1}').subarray(0, 7)]) {
    const host = await greetedHost(t);
    host.sendBytes(bytes);
    host.closeInput();
    assert.equal((await host.receive()).error.code, 'frame_truncated');
    assert.equal((await host.exit).code, 1);
  }
});

test('defect 5: a request may be longer than 4,092 bytes, its header in two writes', async (t) => {
  const host = await greetedHost(t);
  const data = 'x'.repeat(10_000);
  const bytes = frame({ id: 7, op: 'storeSecret', ...PLACE, key: 'k', data });
  host.sendBytes(bytes.subarray(0, 2));
  await new Promise((done) => setImmediate(done)); // a separate write
  host.sendBytes(bytes.subarray(2));
  assert.equal((await host.reply()).ok, true);
  assert.equal((await host.load('k')).result, data);
});

test('defect 6: EOF ends the host', async (t) => {
  const host = await greetedHost(t);
  host.closeInput();
  assert.equal((await host.exit).code, 0);
});

test('defect 7: a length of 0xFFFFFFFF is refused at once', async (t) => {
  const host = await greetedHost(t);
  host.sendBytes(header(0xffffffff)); // the input stays open: waiting would hang the test
  assert.equal((await host.receive()).error.code, 'frame_too_large');
  assert.equal((await host.exit).code, 1);
});

test('defect 8: invalid JSON, deep nesting and length 0 do not end the host', async (t) => {
  const host = await greetedHost(t);
  for (const message of ['{nonsense', '['.repeat(50_000), '']) {
    host.send(message);
    assert.equal((await host.receive()).error.code, 'bad_json');
  }
  assert.equal((await host.load('k')).ok, true);
});

test('defect 9: invalid JSON and invalid UTF-8 are answered', async (t) => {
  const host = new HostProcess(t);
  for (const message of [Buffer.from('{"id":1'), Buffer.from([0x22, 0xff, 0x22])]) {
    host.send(message);
    assert.equal((await host.receive()).error.code, 'bad_json');
  }
});
