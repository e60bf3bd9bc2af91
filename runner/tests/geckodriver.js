// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether Selenium can drive Firefox on this machine. */
export const hasGeckodriver = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'geckodriver')));

export const NO_GECKODRIVER = 'there is no geckodriver on this machine';
