// SPDX-License-Identifier: MIT
import { defineConfig } from '@playwright/test';
import { patientConfig } from './patient-config.js';

export default defineConfig({
  ...patientConfig,
  testMatch: '*.spec.js',
  outputDir: '../../build/runner-tests',
  workers: 4,
});
