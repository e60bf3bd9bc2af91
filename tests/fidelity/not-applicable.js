// SPDX-License-Identifier: MIT
import { browserName } from '../e2e/stage.js';

/** The cases that are not played, by name, with the reason. @type {Record<string, string>} */
export const NOT_APPLICABLE = {
  'env.no_hash': 'a page without a hash gets a default context by design, so that plain pages work',
  ...(browserName === 'firefox' && {
    'badkey.load_bits192':
      'Firefox takes 192-bit AES keys, Chromium does not; the host refuses them in both',
  }),
};
