// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostConnection } from '../../extension/src/background/host-connection.js';

/**
 * The browser's side of native ports, with a host that the test speaks for.
 *
 * @param {(message: any, port: any) => void} host  what the host does with a message
 */
function browser(host) {
  const state = {
    ports: /** @type {any[]} */ ([]),
    lastError: '',
    now: 1000,
    events: /** @type {any[]} */ ([]),
  };
  const connectHost = () => {
    const listeners = { message: /** @type {any[]} */ ([]), disconnect: /** @type {any[]} */ ([]) };
    const port = {
      sent: /** @type {any[]} */ ([]),
      disconnected: false,
      onMessage: { addListener: (/** @type {any} */ each) => listeners.message.push(each) },
      onDisconnect: { addListener: (/** @type {any} */ each) => listeners.disconnect.push(each) },
      postMessage(/** @type {any} */ message) {
        port.sent.push(message);
        queueMicrotask(() => host(message, port));
      },
      disconnect() {
        port.disconnected = true;
      },
      say: (/** @type {any} */ message) => listeners.message.forEach((each) => each(message)),
      die(/** @type {string} */ reason) {
        state.lastError = reason;
        listeners.disconnect.forEach((each) => each(port));
      },
    };
    state.ports.push(port);
    return /** @type {any} */ (port);
  };
  const connection = new HostConnection({
    connectHost,
    lastError: () => state.lastError,
    extensionVersion: '1.2.3',
    browser: 'Test 1',
    now: () => state.now,
    onEvent: (event) => state.events.push(event),
    onReady: () => state.events.push('ready'),
    onLost: () => state.events.push('lost'),
  });
  return { connection, state };
}

/** @param {any} message @param {any} port */
function echo(message, port) {
  const result = message.op === 'hello' ? { protocol: 1 } : message;
  port.say({ id: message.id, ok: true, result });
}

/** @param {any} answer @returns {string} */
const errorOf = (answer) => answer.error.message;

test('hello is sent first, once, and requests follow in their order', async () => {
  const { connection, state } = browser(echo);
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((key) => connection.request('loadSecret', { key })),
  );

  assert.equal(state.ports.length, 1);
  assert.deepEqual(
    state.ports[0].sent.map((/** @type {any} */ { op, key }) => key ?? op),
    ['hello', 'a', 'b', 'c'],
  );
  assert.deepEqual(state.ports[0].sent[0], {
    id: 1,
    op: 'hello',
    protocol: 1,
    extension: '1.2.3',
    browser: 'Test 1',
  });
  assert.deepEqual(
    answers.map((answer) => /** @type {any} */ (answer).result.key),
    ['a', 'b', 'c'],
  );
});

test('answers find their requests in any order', async () => {
  /** @type {any[]} */
  const waiting = [];
  const { connection } = browser((message, port) => {
    if (message.op === 'hello') {
      echo(message, port);
    } else if (waiting.push(message) === 3) {
      waiting.reverse().forEach((each) => echo(each, port));
    }
  });
  const keys = ['a', 'b', 'c'];
  const answers = await Promise.all(keys.map((key) => connection.request('loadSecret', { key })));
  assert.deepEqual(
    answers.map((answer) => /** @type {any} */ (answer).result.key),
    keys,
  );
});

test('a reply in parts is put together', async () => {
  const { connection } = browser((message, port) => {
    if (message.op === 'hello') {
      echo(message, port);
      return;
    }
    const text = JSON.stringify({ id: message.id, ok: true, result: 'long "text" é' });
    [...text].forEach((piece, part) => {
      port.say({ id: message.id, part, last: part === [...text].length - 1, text: piece });
    });
  });
  assert.deepEqual(await connection.request('loadSecret', {}), {
    ok: true,
    result: 'long "text" é',
  });
});

/** What a host may do instead of answering; `first` and `second` are two requests that wait.
 * @type {[string, (port: any, first: number, second: number) => void, RegExp[]][]} */
const NO_ANSWERS = [
  [
    'a reply without an id',
    (port) => port.say({ id: null, ok: false, error: { code: 'bad_json', message: 'Not JSON.' } }),
    [/could not read a request: Not JSON/, /could not read a request: Not JSON/],
  ],
  [
    'a reply whose second part is lost',
    (port, first, second) => {
      port.say({ id: first, part: 0, last: false, text: '{"id":' });
      port.say({ id: first, part: 2, last: true, text: '}' });
      port.say({ id: second, ok: true, result: 1 });
    },
    [/part of the host's reply was lost/, /^answered$/],
  ],
  [
    'a reply whose last part is lost',
    (port, first, second) => {
      port.say({ id: first, part: 0, last: false, text: '{"id":' });
      port.say({ id: second, ok: true, result: 1 });
    },
    [/part of the host's reply was lost/, /^answered$/],
  ],
  [
    'parts that are no reply',
    (port, first, second) => {
      port.say({ id: first, part: 0, last: true, text: '{"id":' });
      port.say({ id: second, ok: true, result: 1 });
    },
    [/reply cannot be read/, /^answered$/],
  ],
];
for (const [name, speak, outcomes] of NO_ANSWERS) {
  test(`${name} ends the requests that it may belong to`, async () => {
    const { connection, state } = browser((message, port) => {
      if (message.op === 'hello') {
        echo(message, port);
      }
    });
    const requests = ['a', 'b'].map((key) => connection.request('loadSecret', { key }));
    await new Promise(setImmediate);
    const [, first, second] = state.ports[0].sent;
    speak(state.ports[0], first.id, second.id);
    const answers = await Promise.all(requests);
    answers.forEach((answer, i) =>
      assert.match(answer.ok ? 'answered' : errorOf(answer), outcomes[i]),
    );
  });
}

test('what a lost host still says is nobody’s answer', async () => {
  const { connection, state } = browser(echo);
  await connection.start();
  const [old] = state.ports;
  old.die('Native host has exited.');
  const request = connection.request('loadSecret', { key: 'a' });
  old.say({ id: null, ok: false, error: { message: 'Not JSON.' } });
  assert.equal((await request).ok, true);
});

test('an error of the library passes unchanged, one of the host is marked as ours', async () => {
  const error = { class: 'TypeError', name: 'TypeError', message: 'm', operational: true };
  const { connection } = browser((message, port) => {
    if (message.op === 'hello') {
      echo(message, port);
    } else {
      port.say({ id: message.id, ok: false, error: { code: message.code, ...error } });
    }
  });
  const library = await connection.request('loadSecret', { code: 'library_error' });
  assert.deepEqual(library, { ok: false, error: { code: 'library_error', ...error } });
  const host = await connection.request('loadSecret', { code: 'store_full' });
  assert.deepEqual(host, {
    ok: false,
    error: { class: 'Error', name: 'Error', message: 'powerup-secrets: m', operational: false },
  });
});

test('a host that dies answers every call under way, and the next call starts another', async () => {
  const { connection, state } = browser((message, port) => {
    if (message.op === 'hello' || message.op === 'again') {
      echo(message, port);
    }
  });
  const calls = [connection.request('loadSecret', {}), connection.request('loadSecret', {})];
  await connection.request('again', {});
  state.ports[0].die('Native host has exited.');
  for (const answer of await Promise.all(calls)) {
    assert.match(errorOf(answer), /ended unexpectedly.*\(Native host has exited\.\)/);
  }
  assert.equal((await connection.request('again', {})).ok, true);
  assert.equal(state.ports.length, 2);
});

test('a call that was not sent yet when the host died goes to the next host', async () => {
  const { connection, state } = browser(echo);
  await connection.request('loadSecret', {});
  const answer = connection.request('loadSecret', { key: 'k' });
  state.ports[0].die('Native host has exited.'); // the call still waits for its turn
  assert.equal(/** @type {any} */ (await answer).result.key, 'k');
  assert.equal(state.ports.length, 2);
});

test('a host that dies before it said hello is not started again at once', async () => {
  const { connection, state } = browser((message, port) => port.die('Native host has exited.'));

  for (
    let attempt = 1, waited = 100;
    attempt <= 8;
    attempt++, waited = Math.min(2 * waited, 2000)
  ) {
    assert.match(errorOf(await connection.request('loadSecret', {})), /ended unexpectedly/);
    assert.equal(state.ports.length, attempt);
    state.now += waited - 1;
    assert.match(errorOf(await connection.request('loadSecret', {})), /ended unexpectedly/);
    assert.equal(state.ports.length, attempt, `too soon after attempt ${attempt}`);
    state.now += 1;
  }
});

test('after a failed hello the connection works again once the host does', async () => {
  let broken = true;
  const { connection, state } = browser((message, port) => {
    if (broken) {
      port.say({ id: message.id, ok: false, error: { code: 'root_key', message: 'no root key' } });
    } else {
      echo(message, port);
    }
  });
  assert.equal(errorOf(await connection.request('loadSecret', {})), 'powerup-secrets: no root key');
  assert.equal(state.ports[0].disconnected, true);
  broken = false;
  state.now += 100;
  assert.equal((await connection.request('loadSecret', {})).ok, true);
});

for (const [protocol, older] of /** @type {[number, string][]} */ ([
  [2, 'extension'],
  [0, 'host'],
])) {
  test(`a host of protocol ${protocol} is refused: update the ${older}`, async () => {
    const { connection } = browser((message, port) => {
      port.say({ id: message.id, ok: true, result: { protocol } });
    });
    const message = errorOf(await connection.request('loadSecret', {}));
    assert.match(message, new RegExp(`update the ${older}`));
  });
}

test('a host that never says hello is given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { connection, state } = browser(() => {});
  const answer = connection.request('loadSecret', {});
  t.mock.timers.tick(45_000);
  assert.match(errorOf(await answer), /does not answer/);
  assert.equal(state.ports[0].disconnected, true);
});

test('a message that the browser refuses to send is reported, and the connection stays', async () => {
  const { connection, state } = browser(echo);
  await connection.request('loadSecret', {});
  const { postMessage } = state.ports[0];
  state.ports[0].postMessage = () => {
    throw new Error('Message exceeded maximum allowed size of 64MiB.');
  };
  assert.match(errorOf(await connection.request('storeSecret', {})), /64MiB/);
  state.ports[0].postMessage = postMessage;
  assert.equal((await connection.request('loadSecret', {})).ok, true);
  assert.equal(state.ports.length, 1);
});

test('a request that is larger than the host takes is not sent, and the connection stays', async () => {
  const { connection, state } = browser((message, port) =>
    message.op === 'hello'
      ? port.say({ id: message.id, ok: true, result: { protocol: 1, requestSizeMax: 1000 } })
      : echo(message, port),
  );
  for (const [members, fits] of /** @type {[any, boolean][]} */ ([
    [{ x: 'k'.repeat(900) }, true],
    [{ x: 'k'.repeat(1000) }, false],
    [{ x: 'é'.repeat(480) }, true],
    [{ x: 'é'.repeat(500) }, false],
    [{ x: '\u0001'.repeat(170) }, false],
    [{ x: Array(400).fill({}) }, false],
  ])) {
    const answer = await connection.request('op', members);
    assert.equal(answer.ok, fits);
    if (!answer.ok) {
      assert.match(
        answer.error.message,
        /^powerup-secrets: a message of \d+ bytes was not sent.* 1000/,
      );
    }
  }
  assert.equal(state.ports.length, 1);
  assert.equal(state.ports[0].sent.length, 3);
});

test('a browser’s refusal to connect is reported, and the next call tries again', async () => {
  let asked = 0;
  const connection = new HostConnection({
    connectHost() {
      throw new Error(`refused ${++asked}`);
    },
    lastError: () => undefined,
    extensionVersion: '1',
    browser: 'Test 1',
  });
  assert.match(errorOf(await connection.request('loadSecret', {})), /refused 1/);
  assert.match(errorOf(await connection.request('loadSecret', {})), /refused 2/);
});

test('start makes the host ready before anybody asks, once', async () => {
  const { connection, state } = browser(echo);
  await Promise.all([connection.start(), connection.start()]);
  assert.deepEqual(state.events, ['ready']);
  await connection.request('loadSecret', { key: 'a' });
  assert.equal(state.ports.length, 1);
});

test('events of the host are passed on, and the loss of a ready host is reported once', async () => {
  const { connection, state } = browser(echo);
  await connection.start();
  state.ports[0].say({ event: 'apply', ticket: 3 });
  state.ports[0].die('Native host has exited.');
  assert.deepEqual(state.events, ['ready', { event: 'apply', ticket: 3 }, 'lost']);
  await connection.start();
  assert.deepEqual(state.events.slice(3), ['ready']);
});

test('a host that never answered hello is not reported as lost, and start waits with the others', async () => {
  const { connection, state } = browser((_message, port) => port.die('not found'));
  await connection.start();
  assert.deepEqual(state.events, []);
  await connection.start();
  assert.equal(state.ports.length, 1);
  state.now += 60_000;
  await connection.start();
  assert.equal(state.ports.length, 2);
});
