// SPDX-License-Identifier: MIT
// The host's socket: requests of clients become events, and no client can disturb the browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { connect, ControlClient, socketPath, sockets } from './control-client.js';
import { frame, greetedHost, header, HostProcess, PLACE, stateFolder } from './host-process.js';

const MIB = 1024 * 1024;
const APPLY = { id: 1, op: 'apply', limitMs: 9 };
/** Those of a new state folder. */
const SETTINGS = { origins: [], faults: [], partition: true, itemsRevision: 0, pluginData: {} };
const INVOKE = {
  id: 1,
  op: 'invoke',
  origin: PLACE.origin,
  command: 'c',
  args: [{ a: [null] }],
  limitMs: 9,
};

/** A host and its first client. @param {import('node:test').TestContext} t */
async function hostWithClient(t) {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  return { state, host, ...(await connect(t, state, host.pid)) };
}

/** The browser is still served. @param {HostProcess} host */
async function assertServes(host) {
  assert.equal((await host.store('token', 'x')).ok, true);
  assert.equal((await host.load('token')).result, 'x');
}

test('the socket exists from hello to the end, for its owner only', async (t) => {
  const state = stateFolder(t);
  const host = new HostProcess(t, { state });
  await host.load('token');
  assert.equal(existsSync(state), false);
  await host.request('hello', { protocol: 2, extension: '0', browser: 'b' });
  assert.equal(existsSync(state), false);
  assert.equal((await host.hello()).ok, true);
  assert.deepEqual(sockets(state), [`${host.pid}.sock`]);
  assert.equal(statSync(join(state, 'hosts')).mode & 0o777, 0o700);
  assert.equal((await host.hello()).ok, true);
  assert.deepEqual(sockets(state), [`${host.pid}.sock`]);
  host.closeInput();
  assert.equal((await host.exit).code, 0);
  assert.deepEqual(sockets(state), []);
});

test('the greeting names the browser', async (t) => {
  const state = stateFolder(t);
  const host = new HostProcess(t, { state, env: { POWERUP_SECRETS_BROWSER_PROFILE: 'phone' } });
  await host.request('hello', { protocol: 1, extension: '7.8.9', browser: 'Böwser/1 "x"' });
  const { greeting } = await connect(t, state, host.pid);
  assert.match(greeting.host, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(greeting, {
    host: greeting.host,
    pid: host.pid,
    browser: 'Böwser/1 "x"',
    extension: '7.8.9',
    browserPid: host.browserPid,
    browserProfile: 'phone',
  });
});

test('requests become events, and confirmations become answers', async (t) => {
  const { host, client } = await hostWithClient(t);
  const { id: _id, op, ...members } = INVOKE;
  const cases = [
    {
      request: APPLY,
      event: { event: 'apply', limitMs: 9, settings: SETTINGS },
      outcome: { result: null },
    },
    {
      request: { id: 9, op: 'describe', limitMs: 9 },
      event: { event: 'describe', limitMs: 9 },
      outcome: { result: [{}] },
    },
    {
      request: { id: 9, op: 'report', limitMs: 9, origins: [PLACE.origin] },
      event: { event: 'report', limitMs: 9, origins: [PLACE.origin], itemsRevision: 0 },
      outcome: { result: null },
    },
    {
      request: { id: 9, op: 'render', limitMs: 9 },
      event: { event: 'render', limitMs: 9 },
      outcome: { result: null },
    },
    { request: INVOKE, event: { event: op, ...members }, outcome: { result: { success: true } } },
    {
      request: { ...APPLY, id: 2 ** 53 - 1 },
      event: { event: 'apply', limitMs: 9, settings: SETTINGS },
      outcome: { error: 'é' },
    },
  ];
  let ticket = 0;
  for (const { request, event, outcome } of cases) {
    client.send(request);
    assert.deepEqual(await host.receive(), { ...event, ticket: ++ticket });
    const reply = await host.request('confirm', { ticket, ...outcome });
    assert.deepEqual([reply.ok, reply.result], [true, null]);
    const ok = !('error' in outcome);
    assert.deepEqual(await client.receive(), { id: request.id, ok, ...outcome });
  }
});

test('each answer goes to the client that asked, whatever the order of confirmations', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  const { client: other } = await connect(t, state, host.pid);
  const { client: third } = await connect(t, state, host.pid);
  const tickets = [];
  for (const each of [client, other, third]) {
    each.send({ ...APPLY, id: 5 });
    tickets.push((await host.receive()).ticket);
  }
  for (const ticket of [...tickets].reverse()) {
    await host.request('confirm', { ticket, result: ticket });
  }
  for (const [index, each] of [client, other, third].entries()) {
    assert.deepEqual(await each.receive(), { id: 5, ok: true, result: tickets[index] });
  }
});

test('a ticket can be confirmed once, and an unknown ticket cannot', async (t) => {
  const { host, client } = await hostWithClient(t);
  client.send(APPLY);
  const { ticket } = await host.receive();
  assert.equal((await host.request('confirm', { ticket, result: 1 })).ok, true);
  for (const wrong of [ticket, ticket + 1, 0, -1]) {
    const { error } = await host.request('confirm', { ticket: wrong, result: 2 });
    assert.equal(error.code, 'bad_request');
    assert.match(error.message, /no ticket/);
  }
  assert.deepEqual(await client.receive(), { id: 1, ok: true, result: 1 });
});

test('the host refuses an invalid request, and the connection stays open', async (t) => {
  const { host, client } = await hostWithClient(t);
  const { args: _args, ...withoutArgs } = INVOKE;
  for (const [request, words] of /** @type {[object, RegExp][]} */ ([
    [{ id: 1 }, /apply, report, render, invoke or describe/],
    [{ id: 1, op: 'hello' }, /apply, report, render, invoke or describe/],
    [
      { id: 1, op: 'confirm', ticket: 1, result: null },
      /apply, report, render, invoke or describe/,
    ],
    [{ id: 1, op: 7 }, /apply, report, render, invoke or describe/],
    [{ ...APPLY, ticket: 7 }, /no member "ticket"/],
    [{ ...APPLY, limitMs: 0 }, /"limitMs" must be from 1/],
    [{ ...APPLY, origins: ['localhost'] }, /Not an origin/],
    [withoutArgs, /needs the member "args"/],
    [{ ...INVOKE, args: {} }, /must be an array/],
    [{ ...INVOKE, origin: 'null' }, /opaque origin/],
    [{ ...INVOKE, origin: 'localhost' }, /Not an origin/],
  ])) {
    client.send(request);
    const answer = await client.receive();
    assert.deepEqual([answer.id, answer.ok], [1, false]);
    assert.match(answer.error, words);
  }
  assert.equal(host.rest.length, 0);
  client.send(APPLY);
  assert.equal((await host.receive()).event, 'apply');
});

for (const [what, bytes] of /** @type {[string, Buffer][]} */ ([
  ['invalid JSON', frame('nonsense')],
  ['an empty frame', header(0)],
  ['invalid UTF-8', frame(Buffer.from([0x22, 0xff, 0x22]))],
  ['an array', frame([])],
  ['a request without id', frame({ op: 'apply' })],
  ['a request with the id 0', frame({ id: 0, op: 'apply' })],
  ['a request whose id is a string', frame({ id: '1', op: 'apply' })],
  ['a name that contains NUL', frame('{"id":1,"op":"apply","op\\u0000":1}')],
  [
    'a frame that is nested too deeply',
    frame(`{"id":1,"op":"apply","x":${'['.repeat(40)}${']'.repeat(40)}}`),
  ],
  ['a length of 1 MiB + 1', header(MIB + 1)],
  ['a length of 4 GiB', header(0xffffffff)],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
])) {
  test(`a client that sends ${what} is disconnected, and no other client`, async (t) => {
    const { state, host, client } = await hostWithClient(t);
    const { client: other } = await connect(t, state, host.pid);
    client.sendBytes(bytes);
    assert.equal(await client.receive(), undefined);
    await assertServes(host);
    other.send(APPLY);
    assert.equal((await host.receive()).event, 'apply');
  });
}

test('a partial frame, or a silent client, delays nothing', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  const { client: silent } = await connect(t, state, host.pid);
  client.sendBytes(frame(APPLY).subarray(0, 7));
  await assertServes(host);
  const { client: asking } = await connect(t, state, host.pid);
  asking.send(APPLY);
  const { ticket } = await host.receive();
  await host.request('confirm', { ticket, result: 'here' });
  assert.equal((await asking.receive()).result, 'here');
  silent.close();
  client.sendBytes(frame(APPLY).subarray(7));
  assert.equal((await host.receive()).event, 'apply');
});

test('a frame cut off by the end of its connection is ignored', async (t) => {
  const { host, client } = await hostWithClient(t);
  client.sendBytes(Buffer.concat([frame(APPLY), frame(APPLY).subarray(0, 9)]));
  assert.equal((await host.receive()).event, 'apply');
  client.close();
  await assertServes(host);
});

test('tickets of a disconnected client are forgotten', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  client.send(APPLY);
  const { ticket } = await host.receive();
  client.close();
  await client.closed;
  const { client: later } = await connect(t, state, host.pid); // it may get the same place
  later.send(APPLY);
  const second = await host.receive();
  const { error } = await host.request('confirm', { ticket, result: 'for the first' });
  assert.equal(error.code, 'bad_request');
  await host.request('confirm', { ticket: second.ticket, result: 'for the second' });
  assert.equal((await later.receive()).result, 'for the second');
});

test('20 clients at once all get their answers', async (t) => {
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  const clients = [...Array(20).keys()].map(async (id) => {
    const { client } = await connect(t, state, host.pid);
    client.send({ ...APPLY, id: id + 1 });
    const answer = await client.receive();
    client.close();
    return answer;
  });
  const tickets = new Set();
  for (let confirmed = 0; confirmed < 20;) {
    const message = await host.receive(); // events and replies arrive in any order
    if (message.event === undefined) {
      assert.equal(message.ok, true);
      confirmed++;
    } else {
      tickets.add(message.ticket);
      host.send({
        id: message.ticket,
        op: 'confirm',
        ticket: message.ticket,
        result: message.ticket,
      });
    }
  }
  const answers = await Promise.all(clients);
  assert.deepEqual(
    answers.map(({ id }) => id),
    [...Array(20).keys()].map((id) => id + 1),
  );
  assert.deepEqual(new Set(answers.map(({ result }) => result)), tickets);
});

/**
 * A connection of this process that the host has taken, however often it has refused others.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} state
 * @param {HostProcess} host
 */
async function connectAtLast(t, state, host) {
  for (;;) {
    const client = new ControlClient(t, state, host.pid);
    const { ok, error } = (await client.receive()) ?? {};
    if (ok !== false) {
      return client;
    }
    assert.match(error, /all taken, most of them by this program/);
    assert.equal(await client.receive(), undefined);
  }
}

test('silent clients make room for waiting ones, but those that expect an answer stay', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  client.send(APPLY);
  const { ticket } = await host.receive();
  const silent = [];
  for (let count = 0; count < 63; count++) {
    silent.push(await connectAtLast(t, state, host));
  }
  const late = await connectAtLast(t, state, host); // the 65th
  const told = await Promise.race(silent.map((each) => each.receive()));
  assert.deepEqual([told.id, told.ok], [null, false]);
  assert.match(told.error, /heard nothing over this connection, and gave its place/);
  late.send({ ...APPLY, id: 2 });
  const second = await host.receive();
  await host.request('confirm', { ticket, result: 'first' });
  await host.request('confirm', { ticket: second.ticket, result: 'second' });
  assert.equal((await client.receive()).result, 'first');
  assert.equal((await late.receive()).result, 'second');
  await assertServes(host);
});

test('a connection has one request open, and its others wait for the answer', async (t) => {
  const { host, client } = await hostWithClient(t);
  for (let id = 1; id <= 65; id++) {
    client.send({ ...APPLY, id });
  }
  await client.drained();
  for (let id = 1; id <= 65; id++) {
    assert.equal((await host.receive()).ticket, id);
    await assertServes(host); // and no event came in between
    assert.equal(host.rest.length, 0);
    await host.request('confirm', { ticket: id, result: id });
    assert.equal((await client.receive()).id, id);
  }
});

test('a request of up to 1 MiB becomes an event', async (t) => {
  const { host, client } = await hostWithClient(t);
  const ofSize = (/** @type {number} */ size) => {
    const empty = JSON.stringify({ ...INVOKE, command: '' }).length;
    return { ...INVOKE, command: 'c'.repeat(size - empty) };
  };
  client.send(ofSize(MIB - 64));
  const { command, ticket } = await host.receive();
  assert.ok(command.length > MIB - 200);
  await host.request('confirm', { ticket, result: null });
  assert.equal((await client.receive()).ok, true);
  client.send(ofSize(MIB)); // the event is slightly longer
  const { error } = await client.receive();
  assert.match(error, /larger than the limit/);
  client.send(ofSize(MIB + 1));
  assert.equal(await client.receive(), undefined);
});

test('a confirmation that does not fit into a frame is reported', async (t) => {
  const { host, client } = await hostWithClient(t);
  client.send(APPLY);
  const { ticket } = await host.receive();
  await host.request('confirm', { ticket, result: 'x'.repeat(MIB) });
  const answer = await client.receive();
  assert.deepEqual([answer.id, answer.ok], [1, false]);
  assert.match(answer.error, /1 MiB/);
});

test('a client that does not read its answers is sent no more than one', async (t) => {
  const { host, client } = await hostWithClient(t);
  client.stopReading();
  for (let id = 1; id <= 8; id++) {
    client.send({ ...APPLY, id });
  }
  let passed = 0;
  for (let event; (event = await host.receive()).event === 'apply'; passed++) {
    // What arrives before the reply to the second request was passed on before it.
    host.send({ id: 99, op: 'confirm', ticket: event.ticket, result: 'x'.repeat(MIB - 64) });
    assert.equal((await host.receive()).id, 99);
    host.send({ id: 100, op: 'listSettings' });
  }
  assert.equal(passed, 1);
  await assertServes(host);
});

test('the end of input ends the host with clients connected', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  const { client: waiting } = await connect(t, state, host.pid);
  waiting.send(APPLY);
  await host.receive();
  client.sendBytes(frame(APPLY).subarray(0, 5));
  host.send({ id: 77, op: 'storeSecret', ...PLACE, key: 'last', data: 'x' });
  host.closeInput();
  const reply = await host.receive();
  assert.deepEqual([reply.id, reply.ok], [77, true]);
  assert.deepEqual(await host.exit, { code: 0, signal: null, stderr: '' });
  assert.equal(await client.receive(), undefined);
  assert.equal(await waiting.receive(), undefined);
  assert.deepEqual(sockets(state), []);
});

test('a broken frame of the browser ends the host and its socket', async (t) => {
  const { state, host, client } = await hostWithClient(t);
  host.sendBytes(header(0xffffffff));
  assert.equal((await host.receive()).error.code, 'frame_too_large');
  assert.equal((await host.exit).code, 1);
  assert.equal(await client.receive(), undefined);
  assert.deepEqual(sockets(state), []);
});

test('each of two hosts has its own socket', async (t) => {
  const state = stateFolder(t);
  const hosts = [await greetedHost(t, { state }), await greetedHost(t, { state })];
  assert.deepEqual(sockets(state), hosts.map(({ pid }) => `${pid}.sock`).sort());
  for (const host of hosts) {
    const { client } = await connect(t, state, host.pid);
    client.send(APPLY);
    assert.deepEqual(await host.receive(), {
      event: 'apply',
      ticket: 1,
      limitMs: 9,
      settings: SETTINGS,
    });
  }
  hosts[0].closeInput();
  await hosts[0].exit;
  assert.deepEqual(sockets(state), [`${hosts[1].pid}.sock`]);
});

test('the path of a state folder may be longer than that of a socket', async (t) => {
  const state = join(stateFolder(t), 'x'.repeat(200), 'y'.repeat(200));
  mkdirSync(dirname(state), { recursive: true, mode: 0o700 });
  const host = await greetedHost(t, { state });
  assert.deepEqual(sockets(state), [`${host.pid}.sock`]);
  host.closeInput();
  await host.exit;
  assert.deepEqual(sockets(state), []);
});

test('hello reports why the socket cannot be created', async (t) => {
  const state = stateFolder(t);
  mkdirSync(join(state, 'hosts'), { recursive: true, mode: 0o700 });
  chmodSync(join(state, 'hosts'), 0o750);
  const host = new HostProcess(t, { state });
  const { error } = await host.hello();
  assert.equal(error.code, 'state_folder');
  assert.match(error.message, /"hosts"/);
  assert.equal((await host.load('token')).error.code, 'hello_first');
  chmodSync(join(state, 'hosts'), 0o700);
  assert.equal((await host.hello()).ok, true);
  await assertServes(host);
});

test('another user cannot connect, even if the folders are open', async (t) => {
  if (process.getuid?.() !== 0) {
    t.skip('only root can become another user');
    return;
  }
  const state = stateFolder(t);
  const host = await greetedHost(t, { state });
  for (const path of [dirname(state), state, join(state, 'hosts')]) {
    chmodSync(path, 0o755);
  }
  chmodSync(socketPath(state, host.pid), 0o777);
  const script = `require('net').connect(process.argv[1])
    .on('data', () => process.exit(7)).on('close', () => process.exit(0))`;
  execFileSync(process.execPath, ['-e', script, socketPath(state, host.pid)], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
  });
  const client = new ControlClient(t, state, host.pid);
  assert.equal((await client.receive()).pid, host.pid);
});
