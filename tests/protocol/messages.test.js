// SPDX-License-Identifier: MIT
// Invalid requests: each gets its error, and the host keeps running.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { greetedHost, HostProcess, PLACE, vectors } from './host-process.js';

/**
 * Sends something that is refused, and checks that a valid request is still answered.
 *
 * @param {HostProcess} host
 * @param {unknown} message
 * @param {string} code
 * @param {number | null} [id]
 */
async function refused(host, message, code, id = null) {
  host.send(message);
  const reply = await host.receive();
  const start = String(message).slice(0, 60);
  assert.equal(reply.ok, false, start);
  assert.equal(reply.id, id, start);
  assert.equal(reply.error.code, code, start);
  assert.equal(reply.error.class, 'Error');
  assert.equal(reply.error.operational, false);
  assert.ok(reply.error.message.length > 10, start);
  assert.equal((await host.load('any')).ok, true, start);
  return reply.error.message;
}

test('row: bad JSON, then a good request', async (t) => {
  const host = await greetedHost(t);
  for (const text of [
    '{',
    '}',
    '{"id":1',
    'nonsense',
    "{'id':1}",
    '{"id":01}',
    '{"a":"\t"}',
    '{}x',
  ]) {
    await refused(host, text, 'bad_json');
  }
});

test('row: invalid UTF-8', async (t) => {
  const host = await greetedHost(t);
  for (const bytes of [
    [0xff],
    [0xc3],
    [0xed, 0xa0, 0x80],
    [0xc0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
  ]) {
    const text = Buffer.concat([
      Buffer.from('{"id":1,"op":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
    assert.match(await refused(host, text, 'bad_json'), /UTF-8/);
  }
});

test('row: 50,000 nested arrays', async (t) => {
  const host = await greetedHost(t);
  assert.match(await refused(host, '['.repeat(50_000), 'bad_json'), /nested/);
  await refused(host, '['.repeat(50_000) + ']'.repeat(50_000), 'bad_json');
  await refused(host, '{"a":'.repeat(50_000), 'bad_json');
});

test('every file that JSON parsers must refuse, and every file that they must accept', async (t) => {
  const folder = join(vectors, 'jsontestsuite/test_parsing');
  const host = await greetedHost(t);
  /** @type {Record<string, number>} */
  const counts = { n: 0, y: 0, i: 0 };
  // No file is a request, so valid JSON is refused for that reason.
  /** @type {Record<string, string[]>} */
  const codes = { n: ['bad_json'], y: ['bad_request'], i: ['bad_json', 'bad_request'] };
  for (const name of readdirSync(folder)) {
    const kind = name[0];
    counts[kind]++;
    host.send(readFileSync(join(folder, name)));
    const { ok, id, error } = await host.receive();
    assert.equal(ok, false, name);
    assert.equal(id, null, name);
    assert.ok(codes[kind].includes(error.code), `${name}: ${error.code} ${error.message}`);
  }
  assert.equal((await host.load('any')).ok, true);
  assert.deepEqual(counts, { n: 188, y: 95, i: 35 });
});

test('a message that is not an object', async (t) => {
  const host = await greetedHost(t);
  for (const text of ['[]', '"text"', '7', 'true', 'null', '[{"id":1}]']) {
    assert.match(await refused(host, text, 'bad_request'), /must be a JSON object/);
  }
});

test('an invalid id', async (t) => {
  const host = await greetedHost(t);
  const ids = ['0', '-1', '1.5', '"1"', 'null', 'true', '[]', '9007199254740992', '1e400'];
  for (const id of ids) {
    assert.match(await refused(host, `{"id":${id},"op":"loadSecret"}`, 'bad_request'), /"id"/);
  }
  await refused(host, '{"op":"loadSecret"}', 'bad_request');
});

test('the largest id is kept exactly', async (t) => {
  const host = await greetedHost(t);
  await refused(host, '{"id":9007199254740991,"op":"x"}', 'unknown_operation', 9007199254740991);
});

test('an unknown operation', async (t) => {
  const host = await greetedHost(t);
  for (const op of ['nothing', '', 'Hello', 'hello\0', '__proto__', 'x'.repeat(10_000), 'é€😀']) {
    const message = await refused(host, { id: 5, op }, 'unknown_operation', 5);
    assert.ok(Buffer.byteLength(message) < 512);
  }
  for (const op of ['1', 'null', '{}']) {
    assert.match(await refused(host, `{"id":5,"op":${op}}`, 'bad_request', 5), /"op"/);
  }
  await refused(host, { id: 5 }, 'bad_request', 5);
});

const { origin, member } = PLACE;

/** Every operation with the members that it needs. @type {Record<string, Record<string, unknown>>} */
const complete = {
  hello: { protocol: 1, extension: '0', browser: 'test' },
  getSettings: { origin },
  listSettings: {},
  storeSecret: { ...PLACE, key: 'k', data: 'd' },
  loadSecret: { ...PLACE, key: 'k' },
  clearSecret: { ...PLACE, key: 'k' },
  encryptSecret: { member, key: 'k', data: 'd' },
  decryptSecret: {
    aescbc: 'cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f',
    value:
      '2a62626c5b125ff434aaad4eb9b76977;8b87cbe38004fbe2b18490bb95ced2bf0fc6794db7c0fb086ea353da43701b30c34166d30d46a1dd0c46c7a6b4172d0e0963f2f13ffedf1e3b8f2513d3a7e232338f58a5e1ba05b8ddf9a625f94ca723',
  },
  synchronizeItems: { origin, items: [] },
  getPluginData: { origin },
  setPluginData: { origin, scope: 'board', owner: 'b', visibility: 'shared', text: '{}' },
  recordCalls: { origin, calls: [] },
  answer: { origin, method: 'board' },
  takeFault: { origin, method: 'get' },
  command: { arguments: ['--version'] },
};

test('the table above has every operation of the host except confirm', async (t) => {
  const host = new HostProcess(t);
  assert.deepEqual(
    (await host.hello()).result.operations.sort(),
    [...Object.keys(complete), 'confirm'].sort(),
  );
});

for (const [op, members] of Object.entries(complete)) {
  test(`${op}: a missing, wrongly typed or unknown member is named`, async (t) => {
    const host = await greetedHost(t);
    const taking = op === 'command' ? new HostProcess(t) : host; // which has had no hello
    assert.equal((await taking.request(op, members)).ok, true);
    for (const name of Object.keys(members)) {
      const { [name]: value, ...others } = members;
      const missing = await refused(host, { id: 3, op, ...others }, 'bad_request', 3);
      assert.match(missing, new RegExp(`${op} needs the member "${name}"`));
      const kind = Array.isArray(value) ? 'array' : typeof value;
      const wrongs = [null, true, [], {}, 1.5, kind === 'string' ? 1 : '1'];
      for (const wrong of wrongs.filter((wrong) => kind !== 'array' || !Array.isArray(wrong))) {
        const message = await refused(
          host,
          { id: 3, op, ...others, [name]: wrong },
          'bad_request',
          3,
        );
        assert.match(message, new RegExp(`"${name}" of ${op} must be`));
      }
    }
    const unknown = await refused(host, { id: 3, op, ...members, sneaky: 1 }, 'bad_request', 3);
    assert.match(unknown, /no member "sneaky"/);
  });
}

for (const op of Object.keys(complete).filter((op) => !['hello', 'command'].includes(op))) {
  test(`${op} before hello is refused`, async (t) => {
    const host = new HostProcess(t);
    const reply = await host.request(op, complete[op]);
    assert.equal(reply.error.code, 'hello_first');
    assert.equal((await host.hello()).ok, true);
  });
}

test('another protocol version is refused, naming the side to update', async (t) => {
  const host = new HostProcess(t);
  for (const [protocol, side] of [
    [2, 'host'],
    [0, 'extension'],
    [-1, 'extension'],
    [Number.MAX_SAFE_INTEGER, 'host'],
  ]) {
    const { error } = await host.request('hello', { ...complete.hello, protocol });
    assert.equal(error.code, 'protocol_mismatch');
    assert.match(error.message, new RegExp(`update the ${side}\\.$`));
  }
  assert.equal((await host.load('k')).error.code, 'hello_first');
});

test('hello may be repeated', async (t) => {
  const host = await greetedHost(t);
  await host.store('k', 'kept');
  assert.equal((await host.hello()).ok, true);
  assert.equal((await host.load('k')).result, 'kept');
});

test('origins and sites that no browser writes that way', async (t) => {
  const host = await greetedHost(t);
  const origins = [
    'null',
    '',
    'https://',
    'powerup.example',
    'https://powerup.example/',
    'https://powerup.example:443',
    'http://powerup.example:80',
    'https://powerup.example:0443',
    'https://powerup.example:65536',
    'https://PowerUp.example',
    'https://user@powerup.example',
    'https://powerup.example?x',
    'https://po werup.example',
    'https://bücher.example',
    'https://%41.example',
    'https://127.1',
    'https://0x7f.0.0.1',
    'https://[0:0::1]',
    'https://[::ffff:1.2.3.4]',
    'https://[::1',
    'file://',
    'ftp://powerup.example',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'https://powerup.example\0',
    `https://${'x'.repeat(400)}.example`,
  ];
  for (const origin of origins) {
    const reply = await host.load('k', { origin });
    assert.equal(reply.error?.code, 'bad_origin', origin);
  }
  for (const topLevelSite of ['', 'https://trello.com:8443', 'trello.com', 'https://trello.com/']) {
    const reply = await host.load('k', { topLevelSite });
    assert.equal(reply.error?.code, 'bad_origin', topLevelSite);
  }
  for (const origin of ['http://localhost:3000', 'http://[::1]:8080', 'https://a.b-c_d.example.']) {
    assert.equal((await host.load('k', { origin })).ok, true, origin);
  }
});
