// SPDX-License-Identifier: MIT
import { defineConfig } from '@playwright/test';

const port = 47_814;

export default defineConfig({
  testMatch: 'parallel.spec.js',
  outputDir: '../../build/runner-parallel',
  fullyParallel: true,
  workers: 4,
  use: { baseURL: `http://localhost:${port}` },
  webServer: { command: `node ../examples/serve.js ${port}`, port },
});
