// SPDX-License-Identifier: MIT

/** The cases that are not played, by name, with the reason. @type {Record<string, string>} */
export const NOT_APPLICABLE = {
  'env.no_hash': 'a page without a hash gets a default context by design, so that plain pages work',
};
