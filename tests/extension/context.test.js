// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import defaults from '../../extension/default-context.json' with { type: 'json' };
import {
  contextOf,
  isMemberSignedIn,
  parseHash,
  readOpening,
} from '../../extension/src/page/context.js';

/** @type {any} */
let changed;
/** @param {string | null} [member] @returns {any} */
const settingsOf = (member = defaults.member) => ({
  current: () => ({ member }),
  onMemberChange: (/** @type {any} */ listener) => (changed = listener),
});
const defaultContext = () => contextOf(settingsOf());

/** @param {any} value */
const hashOf = (value) => `#${encodeURIComponent(JSON.stringify(value))}`;

/** How often it was warned. @param {import('node:test').TestContext} t */
const warnings = (t) => t.mock.method(console, 'warn', () => {}).mock;

test('a hash is JSON, percent-encoded or not', () => {
  const opening = { context: { member: 'é%"#' }, args: [{ a: 1 }] };
  assert.deepEqual(parseHash(hashOf(opening)), opening);
  assert.deepEqual(parseHash(`#${JSON.stringify({ a: 1 })}`), { a: 1 });
  assert.deepEqual(parseHash(JSON.stringify({ a: 1 })), { a: 1 });
});

for (const hash of ['', '#', '#x', '#%', '#%7B', '##{}', '#{', '#%ff']) {
  test(`the hash "${hash}" says nothing`, () => assert.equal(parseHash(hash), undefined));
}

for (const hash of ['', '#']) {
  test(`a page with the hash "${hash}" works by itself, without a warning`, (t) => {
    const mock = warnings(t);
    assert.deepEqual(readOpening(hash, {}, defaultContext), {
      context: defaultContext(),
      secret: undefined,
    });
    assert.deepEqual(readOpening(hash, { context: { member: 'm' }, secret: 's' }, defaultContext), {
      context: { member: 'm' },
      secret: 's',
    });
    assert.equal(mock.callCount(), 0);
  });
}

test('each page gets its own default context, of a member who may do everything', () => {
  assert.deepEqual(new Set(Object.values(defaultContext().permissions)), new Set(['write']));
  assert.notEqual(defaultContext(), defaultContext());
  assert.notEqual(defaultContext().permissions, defaultContext().permissions);
  assert.equal(isMemberSignedIn(defaultContext()), true);
});

test('who is signed in follows the settings, in open pages too', () => {
  const context = contextOf(settingsOf(null));
  assert.equal(isMemberSignedIn(context), false);
  changed({ member: 'm' });
  assert.equal(context.member, 'm');
  changed({ member: null });
  assert.equal(context.member, 'notLoggedIn');
});

test('what the hash says counts, whatever the options say', (t) => {
  const mock = warnings(t);
  const opening = { secret: 's', context: { member: 'm' }, locale: 'de', args: { a: 1 } };
  assert.deepEqual(
    readOpening(hashOf(opening), { context: 'other', secret: 'other' }, defaultContext),
    opening,
  );
  const falsy = { secret: '', context: null, locale: '', args: 0 };
  assert.deepEqual(
    readOpening(hashOf(falsy), { context: 'other', secret: 'other' }, defaultContext),
    falsy,
  );
  assert.equal(mock.callCount(), 0);
});

test('options stand in for context and secret that the hash has not', (t) => {
  const mock = warnings(t);
  const options = { context: { member: 'of the options' }, secret: 's' };
  const expected = { ...options, locale: 'en', args: undefined };
  assert.deepEqual(readOpening(hashOf({}), options, defaultContext), expected);
  assert.equal(mock.callCount(), 1); // no secret
  assert.deepEqual(readOpening('#not json', options, defaultContext), expected);
  assert.equal(mock.callCount(), 3); // and not to be read either
  const { arguments: said } = mock.calls[1];
  assert.match(said[0], /^Power-Up unable to parse url hash, perhaps you needed a t\.signUrl/);
});

for (const value of [null, 5, 'text', true, []]) {
  test(`a hash that is ${JSON.stringify(value)} leaves all to the options`, (t) => {
    warnings(t);
    const nothing = { context: undefined, secret: undefined, locale: 'en', args: undefined };
    assert.deepEqual(readOpening(hashOf(value), {}, defaultContext), nothing);
  });
}

for (const [context, signedIn] of /** @type {[any, boolean][]} */ ([
  [undefined, false],
  [null, false],
  [{}, false],
  [{ member: undefined }, false],
  [{ member: null }, false],
  [{ member: 'notLoggedIn' }, false],
  [{ member: 'notloggedin' }, true],
  [{ member: 'm' }, true],
  [{ member: '' }, true],
  [{ member: 0 }, true],
  [{ member: false }, true],
])) {
  test(`in ${JSON.stringify(context)} ${signedIn ? 'somebody' : 'nobody'} is signed in`, () => {
    assert.equal(isMemberSignedIn(context), signedIn);
  });
}
