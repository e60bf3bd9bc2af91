// SPDX-License-Identifier: MIT
import { defineConfig } from '@playwright/test';
import { trelloProjects } from 'powerup-secrets/playwright';
import { patientConfig } from '../tests/patient-config.js';

export default defineConfig({
  ...patientConfig,
  testDir: '.',
  outputDir: '../../build/examples',
  projects: trelloProjects(),
});
