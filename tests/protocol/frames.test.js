// SPDX-License-Identifier: MIT
// Complete and broken frames. The rows of the robustness matrix of other hosts are named "row: …".
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  frame,
  FRAME_REPLY_MAX,
  FRAME_LENGTH_MAX,
  FRAME_REQUEST_MAX,
  greetedHost,
  header,
  HostProcess,
  PLACE,
  watched,
} from './host-process.js';

/** A request that any host answers, hello or not. */
const QUESTION = { id: 1, op: 'loadSecret' };

/** @param {HostProcess} host @param {string} code */
async function endsWithLastWord(host, code) {
  const last = await host.receive();
  assert.equal(last.id, null);
  assert.equal(last.ok, false);
  assert.equal(last.error.code, code);
  const { code: exit, stderr } = await host.exit;
  assert.equal(exit, 1);
  assert.match(stderr, new RegExp(`powerup-secrets-host: ${code}: `));
  assert.equal(host.rest.length, 0);
}

test('row: EOF right after the start ends the host with 0 and without output', async (t) => {
  const host = new HostProcess(t);
  host.closeInput();
  assert.deepEqual(await host.exit, { code: 0, signal: null, stderr: '' });
  assert.equal(host.rest.length, 0);
});

test('EOF after requests: each is answered, then the host ends with 0', async (t) => {
  const host = await greetedHost(t);
  for (let id = 1; id <= 50; id++) {
    host.send({ id, op: 'storeSecret', ...PLACE, key: `k${id}`, data: 'x' });
  }
  host.closeInput();
  for (let id = 1; id <= 50; id++) {
    assert.equal((await host.reply()).id, id);
  }
  assert.deepEqual(await host.exit, { code: 0, signal: null, stderr: '' });
});

test('row: a message that is too large is answered and skipped, and the host goes on', async (t) => {
  const host = await greetedHost(t);
  for (const size of [FRAME_REQUEST_MAX + 1, 5 * FRAME_REQUEST_MAX]) {
    host.sendBytes(Buffer.concat([header(size), Buffer.alloc(size, '{')]));
    const { id, error } = await host.receive();
    assert.deepEqual([id, error.code], [null, 'frame_too_large']);
    assert.match(error.message, /more than 16777216 bytes/);
    assert.equal((await host.store('token', 'x')).ok, true);
  }
});

test('the end of the input inside a message that is too large is an error', async (t) => {
  const host = new HostProcess(t);
  host.sendBytes(Buffer.concat([header(FRAME_LENGTH_MAX), Buffer.from('{"id":1,"op"')]));
  assert.equal((await host.receive()).error.code, 'frame_too_large');
  host.closeInput();
  await endsWithLastWord(host, 'frame_truncated');
});

for (const length of [0xffffffff, FRAME_LENGTH_MAX + 1]) {
  test(`row: a length of ${length} gets one last reply and ends the host`, async (t) => {
    const host = new HostProcess(t);
    host.sendBytes(Buffer.concat([header(length), Buffer.from('{"id":1,"op"')]));
    await endsWithLastWord(host, 'frame_too_large');
  });
}

test('no memory is allocated for bytes that are announced but not sent', async (t) => {
  if (watched) {
    t.skip('memory figures mean nothing under sanitizers or valgrind');
    return;
  }
  const host = new HostProcess(t);
  host.send(QUESTION);
  await host.reply(); // it is running
  host.sendBytes(Buffer.concat([frame(QUESTION), header(FRAME_REQUEST_MAX), Buffer.from('{')]));
  await host.reply(); // it has read further
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8'));
  assert.ok(Number(peak?.[1]) < 16 * 1024, `${peak?.[1]} kB`);
});

test('row: length 0 gets an error reply, and the host goes on', async (t) => {
  const host = new HostProcess(t);
  host.sendBytes(header(0));
  const reply = await host.receive();
  assert.equal(reply.id, null);
  assert.equal(reply.error.code, 'bad_json');
  assert.match(reply.error.message, /empty/);
  assert.equal((await host.hello()).ok, true);
});

test('row: a header cut by EOF gets one last reply and ends the host', async (t) => {
  for (const size of [1, 2, 3]) {
    const host = new HostProcess(t);
    host.sendBytes(header(20).subarray(0, size));
    host.closeInput();
    await endsWithLastWord(host, 'frame_truncated');
  }
});

test('row: a body cut by EOF gets one last reply and ends the host', async (t) => {
  const whole = frame(QUESTION);
  for (const size of [4, 5, whole.length - 1]) {
    const host = new HostProcess(t);
    host.sendBytes(whole.subarray(0, size));
    host.closeInput();
    await endsWithLastWord(host, 'frame_truncated');
  }
});

test('a request before a cut one is still answered', async (t) => {
  const host = new HostProcess(t);
  host.sendBytes(Buffer.concat([frame(QUESTION), frame(QUESTION).subarray(0, 9)]));
  host.closeInput();
  assert.equal((await host.receive()).id, 1);
  await endsWithLastWord(host, 'frame_truncated');
});

test('row: a request that arrives byte by byte is answered', async (t) => {
  const host = new HostProcess(t);
  for (const byte of frame(QUESTION)) {
    host.sendBytes(Buffer.from([byte]));
    await new Promise((done) => setImmediate(done)); // a separate write
  }
  assert.equal((await host.reply()).id, 1);
});

test('row: many frames in one write are each answered, in their order', async (t) => {
  const host = new HostProcess(t);
  const ids = [...Array(100).keys()].map((at) => at + 1);
  host.sendBytes(Buffer.concat(ids.map((id) => frame({ id, op: 'nothing' }))));
  for (const id of ids) {
    assert.equal((await host.reply()).id, id);
  }
});

for (const size of [4092, 4093, 65_536, 1024 * 1024 + 1, 5_000_000]) {
  test(`a request of ${size} bytes is read completely`, async (t) => {
    const host = await greetedHost(t);
    const request = { id: 9, op: 'storeSecret', ...PLACE, key: 'k', data: '' };
    request.data = 'x'.repeat(size - JSON.stringify(request).length);
    const bytes = frame(request);
    assert.equal(bytes.length - 4, size);
    host.sendBytes(bytes.subarray(0, 6)); // a header and a little more
    host.sendBytes(bytes.subarray(6));
    assert.equal((await host.reply()).ok, true);
    assert.equal((await host.load('k')).result, request.data);
  });
}

test('a request of exactly the limit is read', async (t) => {
  const host = new HostProcess(t);
  const [before, after] = ['{"id":1,"op":"nothing","x":"', '"}'];
  const filling = FRAME_REQUEST_MAX - before.length - after.length;
  host.send(before + 'x'.repeat(filling) + after);
  assert.equal((await host.reply()).error.code, 'unknown_operation');
});

test('a reply of more than 1 MiB comes in parts, none larger than 1 MiB', async (t) => {
  const host = await greetedHost(t);
  const secret = 'é"\\😀x'.repeat(300_000);
  const stored = await host.store('large', secret);
  assert.equal(stored.ok, true);
  assert.ok(host.frameSizes.length > 4);
  assert.equal((await host.load('large')).result, secret);
  assert.ok(host.frameSizes.every((size) => size <= FRAME_REPLY_MAX));
});

test('replies of every size around the limit of 1 MiB arrive complete', async (t) => {
  const host = await greetedHost(t);
  const envelope = JSON.stringify({ id: 99, ok: true, result: '' }).length;
  for (let extra = -2; extra <= 2; extra++) {
    const secret = 'x'.repeat(FRAME_REPLY_MAX - envelope + extra);
    await host.store('edge', secret);
    const before = host.frameSizes.length;
    host.send({ id: 99, op: 'loadSecret', ...PLACE, key: 'edge' });
    assert.equal((await host.reply()).result, secret);
    const sizes = host.frameSizes.slice(before);
    assert.equal(sizes.length, extra <= 0 ? 1 : 2, `${extra}`);
    assert.ok(sizes.every((size) => size <= FRAME_REPLY_MAX));
  }
});

test('a reader that is gone ends the host with an error, not a hang', async (t) => {
  const host = new HostProcess(t);
  host.closeOutput();
  host.send(QUESTION);
  host.send(QUESTION);
  const { code, stderr } = await host.exit;
  assert.equal(code, 1);
  assert.match(stderr, /io_failed/);
});

test('SIGTERM ends the host', async (t) => {
  const host = await greetedHost(t);
  host.kill('SIGTERM');
  assert.equal((await host.exit).signal, 'SIGTERM');
});
