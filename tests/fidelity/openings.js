// SPDX-License-Identifier: MIT
// How the page of a case was opened, from the case's id and title.

export const MEMBER = '5f0000000000000000000001';

const CONTEXT = {
  member: MEMBER,
  organization: '5f00000000000000000000d1',
  board: '5f00000000000000000000b1',
  card: '5f00000000000000000000c1',
  permissions: { organization: 'write', board: 'write', card: 'write' },
};

/** Contexts of the cases nomember.*: a member of another kind, or none. */
const MEMBERS = /** @type {Record<string, any>} */ ({
  undefined: undefined,
  missing: undefined,
  null: null,
  notLoggedIn: 'notLoggedIn',
  empty: '',
  zero: 0,
  number: 5,
  false: false,
  true: true,
  object: {},
});

/** Arguments of the cases env.args_*. */
const ARGS = /** @type {Record<string, any>} */ ({
  object: { a: 1, u: null, n: { x: 2 } },
  array: [{ a: 1, u: null, n: { x: 2 } }, 'second'],
  string: 'str',
  number: 5,
  null: null,
});

/** @param {any} opening */
const encoded = (opening) => `#${encodeURIComponent(JSON.stringify(opening))}`;

/**
 * @param {string} id  of the case
 * @param {string} page  'A#0': frame 0 of origin A
 * @returns {string}  the URL hash
 */
export function hashFor(id, page) {
  const opening = { secret: 's', context: { ...CONTEXT }, locale: 'en' };
  const [group, name] = id.split('.');
  if (group === 'nomember') {
    return encoded(
      name === 'context_null'
        ? { ...opening, context: null }
        : { ...opening, context: { ...CONTEXT, member: MEMBERS[name] } },
    );
  }
  if (name === 'no_hash') {
    return '';
  }
  if (name === 'bad_hash') {
    return '#this-is-not-JSON';
  }
  if (name === 'hash_not_encoded') {
    const context = { member: MEMBER, board: CONTEXT.board };
    return `#${JSON.stringify({ secret: 's', context, locale: 'de' })}`;
  }
  if (name?.startsWith('args_') && id !== 'env.args_missing') {
    return encoded({ ...opening, args: ARGS[name.slice('args_'.length)] });
  }
  if (id === 'basic.context_change' && page !== 'A#0') {
    const others = { organization: 'o2', board: 'b2', card: 'c2' };
    return encoded({ ...opening, context: { ...CONTEXT, ...others } });
  }
  return encoded(opening);
}

/**
 * @param {string} title  of a case browser.*
 * @returns {object | undefined}  Chromium's preferences
 */
export function preferencesIn(title) {
  const found = /^Chromium preferences: (\{.*\})$/.exec(title);
  return found === null ? undefined : JSON.parse(found[1]);
}
