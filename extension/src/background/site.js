// SPDX-License-Identifier: MIT
import { getDomain } from 'tldts';

/**
 * The schemeful site of a URL, as browsers partition storage by it (HTML Standard, "obtain a
 * site"): scheme and registrable domain, private suffixes such as github.io counted, else the host. A dot
 * at the end of a host stays: it makes another site.
 *
 * @param {string} url
 * @returns {string}  such as 'https://trello.com', 'file://' for a file, 'null' for an opaque origin
 */
export function siteOf(url) {
  if (url.startsWith('file:')) {
    return 'file://';
  }
  const origin = URL.parse(url)?.origin ?? 'null'; // a blob: URL has the origin inside it
  if (!/^https?:/.test(origin)) {
    return 'null';
  }
  const { protocol, hostname } = new URL(origin);
  const [, name, dot] = /** @type {RegExpExecArray} */ (/^(.*?)(\.?)$/.exec(hostname));
  const domain = name.endsWith('.')
    ? null
    : getDomain(name, { allowPrivateDomains: true, extractHostname: false });
  return `${protocol}//${domain === null ? hostname : domain + dot}`;
}
