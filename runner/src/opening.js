// SPDX-License-Identifier: MIT
// The context in which Trello opens a page, in the hash of its URL.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The context of a page that is opened without one; build.mjs puts it into the package. */
const {
  member: DEFAULT_MEMBER,
  organization,
  board,
  card,
} = JSON.parse(readFileSync(new URL('../default-context.json', import.meta.url), 'utf8'));

export { DEFAULT_MEMBER };

const DEFAULT_CONTEXT = {
  organization,
  board,
  card,
  permissions: { organization: 'write', board: 'write', card: 'write' },
};

/**
 * @param {string} address  without a hash
 * @param {string | null} member  null: nobody
 * @param {Record<string, any>} context  added to the default context
 * @param {Record<string, any> | undefined} args
 * @returns {string}  the address at which Trello would open that page
 */
export function openedBy(address, member, context, args) {
  const opening = {
    secret: randomBytes(16).toString('hex'),
    context: { ...DEFAULT_CONTEXT, member: member ?? 'notLoggedIn', ...context },
    locale: 'en',
    args,
  };
  return `${address}#${encodeURIComponent(JSON.stringify(opening))}`;
}

/** Chromium's error for a status of 400 or above without a page. */
const EMPTY = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE';

/** Errors of the browsers for a server that cannot be reached. */
const UNREACHABLE = /\b(net::ERR_\w+|NS_ERROR_\w+|(?<=about:neterror\?e=)\w+)/;

/**
 * Opens an address in the test's page.
 *
 * @param {import('./test-call.js').TestCall} call
 * @param {import('./power-up.js').Driver} driver
 * @param {string} address
 */
export async function openAddress(call, driver, address) {
  const [page] = address.split('#');
  if ((await driver.currentAddress()).split('#')[0] === page) {
    await driver.goto('about:blank'); // changing only the hash would not load the page
  }
  const status = await driver.goto(address).catch((/** @type {Error} */ error) => {
    const reason = UNREACHABLE.exec(error.message)?.[1];
    if (reason === undefined) {
      throw error;
    }
    if (reason === EMPTY) {
      call.refuse(`${page} answered with an error and no page. Is the path right?`);
    }
    call.refuse(`${page} cannot be reached (${reason}). Is the server running?`);
  });
  if (status !== undefined && status >= 400) {
    call.refuse(`${page} answered ${status}. Is the path right?`);
  }
}
