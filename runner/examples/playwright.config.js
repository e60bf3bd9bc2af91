// SPDX-License-Identifier: MIT
import { defineConfig } from '@playwright/test';
import { trelloProjects } from 'powerup-secrets/playwright';

const port = 47_813;

export default defineConfig({
  testDir: '.',
  outputDir: '../../build/examples',
  fullyParallel: true,
  expect: { timeout: 3_000 },
  projects: trelloProjects(),
  use: { baseURL: `http://localhost:${port}` },
  webServer: { command: `node serve.js ${port}`, port },
});
