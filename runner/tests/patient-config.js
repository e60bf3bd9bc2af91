// SPDX-License-Identifier: MIT
// What the Playwright configurations of the project's own tests share: limits that no verdict depends
// on, however busy the machine is, and a port of their own. Workers inherit it by their environment.
import { trelloLaunchOptions } from 'powerup-secrets/playwright';
import { freePort } from '../../tests/support/pages.js';
import { PATIENCE_MS } from '../../tests/support/patience.js';

process.env.POWERUP_SECRETS_TEST_PORT ??= `${await freePort()}`;
const port = Number(process.env.POWERUP_SECRETS_TEST_PORT);

export const baseURL = `http://localhost:${port}`;

/** The last list counts, so it holds what the runner puts into it. */
const featuresOff = trelloLaunchOptions().args?.find((one) =>
  one.startsWith('--disable-features='),
);

export const patientConfig = {
  fullyParallel: true,
  timeout: PATIENCE_MS,
  expect: { timeout: PATIENCE_MS },
  use: {
    baseURL,
    launchOptions: {
      timeout: PATIENCE_MS,
      // Processes that are started for pages to come cost a sixth of each test.
      args: [`${featuresOff},SpareRendererForSitePerProcess`],
    },
  },
  webServer: { command: `node ../examples/serve.js ${port}`, port, timeout: PATIENCE_MS },
};
