// SPDX-License-Identifier: MIT
import { getDomain } from 'tldts';

/**
 * The site of an address, by which browsers partition storage; the extension determines it in the same way.
 *
 * @param {string} address
 * @returns {string | null}  such as 'https://trello.com', without a port; null: it is no web page
 */
export function siteOf(address) {
  if (!/^https?:/.test(address) || !URL.canParse(address)) {
    return null;
  }
  const { protocol, hostname } = new URL(address);
  const [, name, dot] = /** @type {RegExpExecArray} */ (/^(.*?)(\.?)$/.exec(hostname));
  const domain = name.endsWith('.')
    ? null
    : getDomain(name, { allowPrivateDomains: true, extractHostname: false });
  return `${protocol}//${domain === null ? hostname : domain + dot}`;
}
