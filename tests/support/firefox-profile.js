// SPDX-License-Identifier: MIT
// The first start of a Firefox in a profile makes databases and caches, and takes twice as long.
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { firefoxPath } from './browser.js';
import { PATIENCE_MS } from './patience.js';

/**
 * A profile in which a Firefox was started once, with nothing in it of ours.
 *
 * @param {string} parent  folder in which it is kept for the next time
 */
async function startedProfile(parent) {
  const ready = join(parent, `firefox-profile-${statSync(firefoxPath).mtimeMs}`);
  if (existsSync(ready)) {
    return ready;
  }
  const made = mkdtempSync(join(parent, 'profile-'));
  const browser = await puppeteer.launch({
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    userDataDir: made,
    env: { ...process.env, HOME: made, XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' },
  });
  await browser.close();
  try {
    renameSync(made, ready);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(ready)) {
      throw error;
    } // else another process was faster
  }
  return ready;
}

/**
 * @param {string} parent  folder for what is kept
 * @param {string} profile  folder that is made, unless it is there
 */
export async function prepareFirefoxProfile(parent, profile) {
  if (!existsSync(profile)) {
    cpSync(await startedProfile(parent), profile, { recursive: true });
  }
}
