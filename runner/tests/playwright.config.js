// SPDX-License-Identifier: MIT
import { defineConfig } from '@playwright/test';

const port = 47_814;

export default defineConfig({
  testMatch: '*.spec.js',
  outputDir: '../../build/runner-tests',
  fullyParallel: true,
  workers: 4,
  use: { baseURL: `http://localhost:${port}` },
  webServer: { command: `node ../examples/serve.js ${port}`, port },
});
