// SPDX-License-Identifier: MIT
// node tests/fuzz/seeds.js: writes the seeds of the fuzz targets, from the examples in
// docs/protocol.md, the recorded cases in tests/vectors and the rows below. Findings
// (finding-…) in the same folders are left alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, root), 'utf8');

/**
 * @param {string} target
 * @param {string} name
 * @param {string | Uint8Array} content
 */
function write(target, name, content) {
  const folder = new URL(`tests/fuzz/corpus/${target}/`, root);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(name, folder), content);
}

/** @param {string} text */
function frame(text) {
  const body = Buffer.from(text);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
}

const examples = [
  ...read('docs/protocol.md').matchAll(/^```json (request|apart|client)\n([\s\S]*?)^```$/gm),
].map(([, kind, json]) => ({ kind, value: JSON.parse(json), line: '' }));
examples.forEach((example) => (example.line = JSON.stringify(example.value)));
const ofKind = (/** @type {string} */ wanted) => examples.filter(({ kind }) => kind === wanted);

const requests = examples.filter(({ kind }) => kind !== 'client');
for (const { value, line } of requests) {
  write('message', `${value.op}-${value.id}`, line);
}
write('message', 'session', requests.map(({ line }) => line).join('\n'));

write('message', 'nul-in-a-name', '{"id":1,"op":"listSettings","op\\u0000":"hello"}');
write(
  'message',
  'wrong-types',
  [
    '{"id":1,"op":"getSettings","origin":1}',
    '{"id":2,"op":"recordCalls","origin":"https://powerup.example","calls":{}}',
    '{"id":3,"op":"synchronizeItems","origin":"https://powerup.example","items":[[]]}',
    '{"id":4,"op":"command","arguments":null}',
    '{"id":"5","op":"listSettings"}',
    '[]',
  ].join('\n'),
);

const clients = ofKind('client');
write('socket_command', 'lines', `\x0f${clients.map(({ line }) => line).join('\n')}`);
write(
  'socket_command',
  'stream',
  Buffer.concat([Buffer.from([6]), ...clients.map(({ line }) => frame(line))]),
);
write(
  'socket_command',
  'half-a-frame',
  Buffer.concat([Buffer.from([0]), frame('{}').subarray(0, 5)]),
);
write('socket_command', 'too-large', Buffer.from([2, 1, 0, 16, 0]));
write('socket_command', 'nul-in-a-name', '\x01{"id":1,"op":"apply","id\\u0000":2}');
write('socket_command', 'garbage', '\x01{"id":1}\nnull\n{"id":1,"op":"invoke","origin":"null"}');

write('frame', 'two', Buffer.concat([Buffer.from([0, 3]), frame('{"a":1}'), frame('')]));
write('frame', 'at-the-limit', Buffer.concat([Buffer.from([2, 255]), frame('{}'), frame('[1]')]));
write('frame', 'truncated', Buffer.concat([Buffer.from([9, 0]), frame('{}').subarray(0, 5)]));
write('frame', 'too-large', Buffer.from([0, 0, 1, 0, 0, 4]));

[
  'https://example.com',
  'http://localhost:3000',
  'https://xn--bcher-kva.example:8443',
  'http://127.0.0.1:8080',
  'https://[2001:db8::1]:8443',
  'http://[::1]',
  'https://a_b.example.',
  'http://0x7f.1',
  'file://',
  'null',
  'blob:https://example.com',
  'https://user@example.com',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
].forEach((text, i) => write('origin', `${i + 1}`, text));

const { vectors } = JSON.parse(read('tests/vectors/cipher.json'));
vectors
  .filter((/** @type {any} */ { secret }) => secret.length < 64)
  .slice(0, 8)
  .forEach((/** @type {any} */ { secret, iv, ciphertext, aesKey }, /** @type {number} */ i) => {
    write('stored_value', `recorded-${i + 1}`, `\x00${iv};${ciphertext}\n${secret}`);
    write('stored_value', `key-${i + 1}`, `\x07${aesKey}\n${iv};${ciphertext}`);
  });
write('stored_value', 'short-seal', Buffer.from([2, 1, 2, 3, 0x0a, 0x61]));
write('stored_value', 'place-of-nul', 'a{}\n\0\0');
write('stored_value', 'no-separator', '\x01abcd\nabcd');
write('stored_value', 'not-utf8', Buffer.from([3, 0xff, 0xef, 0xbb, 0xbf, 0x0a, 0xed, 0xa0, 0x80]));

const digits = '"cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f"';
[
  '',
  '{}',
  `{"aescbc":${digits}}`,
  `{ "other" : [ {"aescbc":1} ] , "aescbc" : null , "last":1e2 }`,
  '{"\\u0061escbc":1,"aescbc":2}',
  '[1,"two",[3]]',
  '"text \\ud83d\\ude00 \\n"',
  'null',
  '{"aescbc":1',
].forEach((text, i) => write('plugin_data', `${i + 1}`, `${digits}\n${text}`));

[
  '{"a":[1,-0.5e+3,true,false,null,"\\u00e9\\n\\ud83d\\ude00"],"b":{}}',
  ' [ ] ',
  '-0',
  '1E400',
  '123456789012345678901234567890',
  '"\\u0000"',
  "{'a':1}",
  '[01]',
  '[NaN]',
  '{"a":1,"a":2}',
  '"\u{1F600} \\ud800"',
  `${'['.repeat(32)}${']'.repeat(32)}`,
  `${'['.repeat(33)}${']'.repeat(33)}`,
].forEach((text, i) => write('json', `${i + 1}`, text));

write('text', 'ascii', 'hello');
write('text', 'hex', '00ffABcd');
write('text', 'characters', '\x02\u00e9\u20ac\u{1F600}');
write('text', 'byte-order-mark', '\ufeffa');
write('text', 'broken', Buffer.from([0xe2, 0x82, 0x41, 0xf0, 0x9f, 0xc0, 0xaf, 0xed, 0xa0, 0x80]));

[
  'storage\0denied\0--origin\0https://example.com',
  'seed\0--member=m\0--json\0--\0-k\0--data',
  'items\0--no-such',
  'answer\0--origin',
  'reset\0--json\0--json',
].forEach((text, i) => write('arguments', `${i + 1}`, text));

const identity = JSON.parse(read('extension/identity.json'));
for (const [family, callers] of Object.entries({
  chromium: { allowed_origins: [`chrome-extension://${identity.chromiumExtensionId}/`] },
  firefox: { allowed_extensions: [identity.firefoxExtensionId] },
  other: { allowed_origins: ['chrome-extension://*/', 'chrome-extension://a', 1] },
})) {
  const manifest = {
    name: identity.nativeHostName,
    description: identity.nativeHostDescription,
    path: '/usr/libexec/powerup-secrets/powerup-secrets-host',
    type: 'stdio',
    ...callers,
  };
  write('native_manifest', family, JSON.stringify(manifest));
}
write('native_manifest', 'comment', '// a\n{/* b */"name":"a","path":"/*"}');
write('native_manifest', 'bare', '{"name":"a..b","description":"","path":"x","type":""}');

// A character and its count for each text: short ones, a frame that is nearly full, two that are more.
write('reply', 'small', Buffer.from([0, 0, 0x00, 3, 0x04, 0, 0x0e, 9]));
write('reply', 'empty', Buffer.from([52, 7]));
for (let character = 0; character < 16; character += 1) {
  write(
    'reply',
    `at-the-limit-${character}`,
    Buffer.from([character, 1, 0xc0, 200, character, 99]),
  );
}
write('reply', 'three-parts', Buffer.from([9, 0, 0xc1, 200, 0xce, 255, 0x01, 60, 0x0d, 40]));

write('output', 'no-cells', '\x02');
write(
  'output',
  'table',
  Buffer.concat(
    ['\x02method', 'problem', 'page', 't.get', '', 'p\u00e91', 'a b ', '\u20ac', ' -'].flatMap(
      (cell) => [Buffer.from(cell), Buffer.from([0xff])],
    ),
  ),
);
write(
  'output',
  'hidden',
  Buffer.concat(
    [
      '\x01\x1b[2J',
      'a\nb\tc\r',
      '\u202etxt\u2066',
      '\u{e0001}\0',
      '\\u001b',
      '\u{1f600}\u0085',
    ].flatMap((cell) => [Buffer.from(cell), Buffer.from([0xff])]),
  ),
);
write(
  'output',
  'broken',
  Buffer.from([0, 0xe2, 0x82, 0x41, 0xff, 0xf0, 0x9f, 0xc0, 0xaf, 0xed, 0xa0]),
);

// The steps of tests/fuzz/fuzz_sequence.c by their numbers there, and what each takes.
const place = (/** @type {number} */ origin, site = 0, member = 0, key = 0) =>
  origin + 3 * (site + 3 * (member + 3 * key));
const step = {
  store: (/** @type {number} */ at, /** @type {number[]} */ ...text) => [
    0,
    at,
    text.length,
    ...text,
    0,
  ],
  load: (/** @type {number} */ at) => [1, at],
  clear: (/** @type {number} */ at) => [2, at],
  synchronize: (
    /** @type {number} */ at,
    /** @type {number} */ slots,
    /** @type {number[]} */ ...items
  ) => [3, at, slots, ...items],
  setData: (/** @type {number[]} */ ...chosen) => [4, ...chosen],
  getData: (/** @type {number[]} */ ...chosen) => [5, ...chosen],
  record: (/** @type {number[]} */ ...chosen) => [6, ...chosen],
  restart: (/** @type {number} */ profile) => [7, profile],
  settings: (/** @type {number} */ which, /** @type {number} */ value) => [8, which + 3 * value],
};
Object.entries({
  // Everybody's secrets, before and after a restart under another browser profile and back.
  profiles: [
    step.store(place(0), 0, 14),
    step.store(place(1, 0, 2, 2), 4, 5),
    step.restart(1),
    step.load(place(0)),
    step.store(place(0), 1),
    step.restart(3),
    step.load(place(0)),
    step.settings(1, 2),
    step.load(place(0)),
  ],
  // One entry under two names, which have different keys.
  'one-slot': [
    step.store(place(0, 0, 0, 1), 0, 1),
    step.load(place(0, 0, 1, 0)),
    step.store(place(0, 0, 1, 0), 2),
    step.load(place(0, 0, 0, 1)),
    step.settings(0, 6),
    step.load(place(0, 0, 2, 0)),
    step.clear(place(0, 0, 0, 1)),
    step.load(place(0, 0, 1, 0)),
  ],
  partitions: [
    step.store(place(2), 0),
    step.store(place(2, 1), 1),
    step.store(place(2, 2), 2),
    step.load(place(2, 1)),
    step.settings(2, 0),
    step.load(place(2, 1)),
    step.clear(place(2, 2)),
    step.settings(2, 1),
    step.load(place(2)),
    step.load(place(2, 2)),
  ],
  synchronize: [
    step.synchronize(place(0), 0x85, 0, 6, 0, 10, 0, 2),
    step.store(place(0, 0, 0, 0), 11),
    step.synchronize(place(0), 0xff, 1, 0, 1, 2, 1, 1, 0, 1, 0, 14, 1, 14, 0, 0, 2, 6),
    step.synchronize(place(0), 0xff, ...Array.from({ length: 8 }, () => [6, 10]).flat()),
    step.synchronize(place(0, 1), 0),
    step.synchronize(place(0), 0),
    step.load(place(0)),
  ],
  // A member's key that is replaced, copied to another member and made unusable.
  keys: [
    step.store(place(0), 0),
    step.setData(0, 2, 0, 1, 3, 1, 0),
    step.load(place(0)),
    step.store(place(0), 3),
    step.setData(0, 2, 1, 1, 3, 2, 1),
    step.load(place(0, 0, 1)),
    step.setData(0, 2, 0, 1, 3, 15, 3),
    step.load(place(0)),
    step.store(place(0), 3),
    step.setData(0, 2, 0, 1, 3, 6, 0),
    step.load(place(0)),
    step.settings(0, 0),
    step.load(place(0)),
  ],
  'plugin-data': [
    step.setData(0, 0, 0, 0, 3, 6, 1),
    step.setData(0, 0, 0, 1, 1, 9, 1),
    step.setData(0, 0, 0, 1, 2, 0, 0),
    step.setData(0, 0, 0, 1, 3, 0, 0),
    step.setData(0, 0, 0, 1, 2, 6, 2),
    step.setData(0, 3, 2, 0, 0, 12, 3),
    step.getData(0, 1, 0, 1, 2),
    step.getData(0, 3, 0, 1, 2),
    step.getData(1, 1, 0, 1, 2),
  ],
  calls: [
    step.record(0, 2, 1, 3, 0, 4, 15, 1, 0, 0),
    step.record(1, 1, 0, 1, 0, 0),
    step.restart(3),
    step.record(2, 3, 3, 0, 1, 1, 5, 0, 0, 1),
  ],
}).forEach(([name, steps]) => write('sequence', name, Buffer.from(steps.flat())));
