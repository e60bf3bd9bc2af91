// SPDX-License-Identifier: MIT
// Every origin against every other: an origin that is not written as browsers write it is refused, and no
// origin can read what another one stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greetedHost } from './host-process.js';

const MEMBER = '5f0000000000000000000001';

/** Ways to write a host name or an address, some of them the same for a browser. */
const HOSTS = [
  'powerup.example',
  'POWERUP.example',
  'powerup.example.',
  'powerup.example..',
  'www.powerup.example',
  'powerup.example.com',
  'powerup',
  'powerup.exampl',
  'xpowerup.example',
  'powerup%2eexample',
  'powerup.example%00',
  'powerup.example\0',
  'powerup.example ',
  'power_up.example',
  'bücher.example',
  'BÜCHER.example',
  'bu\u0308cher.example',
  'xn--bcher-kva.example',
  'XN--BCHER-KVA.example',
  'xn--bcher-kva.example.',
  'b\u00fccher\u3002example',
  'ｐowerup.example',
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '[::1]',
  '[::2]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::1%25eth0]',
  '[fe80::1]',
  'user@powerup.example',
  'user:word@powerup.example',
  '@powerup.example',
  'powerup.example@other.example',
  'localhost',
  'LOCALHOST',
  'other.localhost',
  '',
  `${'a'.repeat(63)}.example`,
];
const PORTS = [
  '',
  ':80',
  ':443',
  ':8443',
  ':08443',
  ':0',
  ':65535',
  ':65536',
  ':',
  ':+1',
  ':8443x',
];
const SCHEMES = ['http', 'https', 'HTTPS', 'ws', 'wss', 'ftp', 'chrome-extension', 'moz-extension'];
const OTHERS = [
  'null',
  '',
  'about:blank',
  'about:srcdoc',
  'file://',
  'file:///tmp/page.html',
  'data:text/html,x',
  'blob:https://powerup.example/5f3a',
  'blob:null/5f3a',
  'filesystem:https://powerup.example/',
  'javascript:1',
  'https:powerup.example',
  'https:/powerup.example',
  'https:\\\\powerup.example',
  '//powerup.example',
  'powerup.example',
  'https://powerup.example/',
  'https://powerup.example/path',
  'https://powerup.example?query',
  'https://powerup.example#hash',
  ' https://powerup.example',
  'https://powerup.example\n',
  'https://power\tup.example',
  'view-source:https://powerup.example',
  '*',
  'https://*.example',
  'https://',
];

const CANDIDATES = [
  ...HOSTS.flatMap((host) => ['http', 'https'].map((scheme) => `${scheme}://${host}`)),
  ...SCHEMES.flatMap((scheme) => PORTS.map((port) => `${scheme}://powerup.example${port}`)),
  ...PORTS.map((port) => `https://[::1]${port}`),
  ...OTHERS,
];

/** Whether a browser writes the origin of a page so and opens pages there, and it is no pattern. @param {string} text */
function isOrigin(text) {
  try {
    const { origin, protocol, port } = new URL(text);
    return origin === text && /^https?:$/.test(protocol) && port !== '0' && !text.includes('*');
  } catch {
    return false;
  }
}

const ORIGINS = [...new Set(CANDIDATES)].filter(isOrigin);
const STRANGERS = [...new Set(CANDIDATES)].filter((text) => !isOrigin(text));

/** What a page of an origin asks for. @param {string} origin @type {(origin: string) => [string, object][]} */
const requests = (origin) => [
  ['storeSecret', { origin, member: MEMBER, key: 'k', data: 'x' }],
  ['loadSecret', { origin, member: MEMBER, key: 'k' }],
  ['clearSecret', { origin, member: MEMBER, key: 'k' }],
  ['synchronizeItems', { origin, items: [] }],
  ['getPluginData', { origin, member: MEMBER }],
  ['getSettings', { origin }],
  ['answer', { origin, method: 'board' }],
  ['takeFault', { origin, method: 'storeSecret' }],
  ['recordCalls', { origin, calls: [] }],
];

test(`${STRANGERS.length} texts that are not an origin are refused by every operation`, async (t) => {
  const host = await greetedHost(t);
  for (const stranger of STRANGERS) {
    for (const [op, members] of requests(stranger)) {
      const { error } = await host.request(op, { ...members });
      assert.equal(error?.code, 'bad_origin', `${op} for ${JSON.stringify(stranger)}`);
    }
  }
});

test(`${ORIGINS.length} origins: each sees its own secret and plugin data, and nothing of the others`, async (t) => {
  const host = await greetedHost(t);
  /** @param {string} op @param {object} members */
  const ask = async (op, members) => {
    const { ok, result, error } = await host.request(op, { ...members });
    assert.ok(ok, `${op}: ${JSON.stringify(error)}`);
    return result;
  };
  assert.ok(ORIGINS.length >= 30, `${ORIGINS}`);
  for (const [i, origin] of ORIGINS.entries()) {
    const secret = { origin, member: MEMBER, key: 'token' };
    await ask('storeSecret', { ...secret, data: `of ${origin}` });
    const text = JSON.stringify({ origin });
    const board = `5f${i.toString(16).padStart(22, '0')}`;
    const place = { scope: 'board', owner: board, visibility: 'shared' };
    await ask('setPluginData', { origin, ...place, text });
    for (const other of ORIGINS) {
      const found = await ask('loadSecret', { ...secret, origin: other });
      const items = await ask('synchronizeItems', { origin: other, items: [] });
      const data = await ask('getPluginData', { origin: other, board });
      assert.equal(found, other === origin ? `of ${origin}` : null, `${other} and ${origin}`);
      assert.equal(data.board?.shared, other === origin ? text : undefined);
      assert.equal(items.items.length, other === origin ? 1 : 0);
    }
    await ask('clearSecret', secret);
  }
});
