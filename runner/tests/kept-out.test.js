// SPDX-License-Identifier: MIT
// A browser that is told to keep extensions out is refused at once, with the flag that does it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from '@playwright/test';
import chrome from 'selenium-webdriver/chrome.js';
import firefox from 'selenium-webdriver/firefox.js';
import { findChromium, refuseKeptOut } from '../src/chromium.js';
import { Installation } from '../src/installation.js';
import { attachTrello, trelloLaunchOptions } from '../src/playwright.js';
import { launch } from '../src/puppeteer.js';
import { build } from '../src/selenium.js';

const ALL = '--disable-extensions';
const EXCEPT = '--disable-extensions-except';

const installation = new Installation();
const OURS = installation.extension('chromium');
const folder = mkdtempSync(join(tmpdir(), 'kept-out-'));
const LINK = join(folder, 'link');
symlinkSync(OURS, LINK);
test.after(() => {
  installation.close();
  rmSync(folder, { recursive: true });
});

/** Arguments, and the one of them that is named; null where the extension gets in. @type {[string[], string | null][]} */
const COMMAND_LINES = [
  [[], null],
  [['--load-extension=/other'], null],
  [['--disable-extensions-file-access-check'], null],
  [[ALL], ALL],
  [['-disable-extensions'], '-disable-extensions'],
  [[EXCEPT], EXCEPT],
  [[`${EXCEPT}=`], `${EXCEPT}=`],
  [[`${EXCEPT}=/other`], `${EXCEPT}=/other`],
  [[`-disable-extensions-except=/other`], '-disable-extensions-except=/other'],
  [[`${EXCEPT}=/a,/b`], `${EXCEPT}=/a,/b`],
  [[`${EXCEPT}=${OURS}x`], `${EXCEPT}=${OURS}x`],
  [[`${EXCEPT}=${OURS}`], null],
  [[`${EXCEPT}=${OURS}/`], null],
  [[`${EXCEPT}=${LINK}`], null],
  [[`${EXCEPT}=/other,${OURS}`], null],
  [[ALL, `${EXCEPT}=${OURS}`], null],
  [[`${EXCEPT}=${OURS}`, ALL], null],
  [[ALL, `${EXCEPT}=/other`], `${EXCEPT}=/other`],
  [[`${EXCEPT}=${OURS}`, `${EXCEPT}=/other`], `${EXCEPT}=/other`],
  [[`${EXCEPT}=/other`, `${EXCEPT}=${OURS}`], null],
];

for (const [commandLine, flag] of COMMAND_LINES) {
  const words = commandLine.join(' ').replaceAll(OURS, 'OURS').replaceAll(LINK, 'LINK');
  test(`${words || 'no flag'} ${flag === null ? 'lets the extension in' : 'keeps it out'}`, () => {
    const check = () => refuseKeptOut(['chromium', ...commandLine], OURS);
    if (flag === null) {
      check();
      return;
    }
    assert.throws(check, (/** @type {Error} */ { message }) => {
      assert.ok(message.includes(`started with ${flag}, which keeps the extension out. `), message);
      return true;
    });
  });
}

/** @typedef {(args: string[]) => Promise<unknown>} Start */

/** @type {Record<string, Start>} */
const CHROMIUMS = {
  async Playwright(args) {
    const browser = await chromium.launch(
      trelloLaunchOptions({ executablePath: findChromium(), args }),
    );
    try {
      await attachTrello(browser);
    } finally {
      await browser.close();
    }
  },
  Puppeteer: async (args) => (await launch({ launchOptions: { args } })).close(),
  async Selenium(args) {
    const chromeOptions = new chrome.Options();
    chromeOptions.addArguments(...args);
    const chromedriver = process.env.CHROMEDRIVER ?? '/usr/bin/chromedriver';
    await (await build({ chromedriver, chromeOptions })).quit();
  },
};

for (const [runner, start] of Object.entries(CHROMIUMS)) {
  test(`${runner}: a Chromium for another extension only is refused with its flag`, async () => {
    await assert.rejects(start([`${EXCEPT}=/other`]), (/** @type {Error} */ { message }) => {
      const fix = `Start it without this flag, or with ${EXCEPT}=/other,${OURS}.`;
      assert.ok(message.endsWith(`${EXCEPT}=/other, which keeps the extension out. ${fix}`));
      return true;
    });
    await start([`${EXCEPT}=/other,${OURS}`]); // what the message advises
  });
}

test('Puppeteer: a browser that is refused is closed', async () => {
  const [executablePath, pidFile] = [join(folder, 'chromium'), join(folder, 'pid')];
  const script = `#!/bin/sh\necho $$ >'${pidFile}'\nexec '${findChromium()}' "$@" ${EXCEPT}=/other\n`;
  writeFileSync(executablePath, script, { mode: 0o700 });
  await assert.rejects(launch({ launchOptions: { executablePath } }), /which keeps the extension/);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

/** @type {Record<string, Start>} */
const FIREFOXES = {
  Puppeteer: (args) => launch({ launchOptions: { browser: 'firefox', args } }),
  Selenium: (args) =>
    build({ browser: 'firefox', firefoxOptions: new firefox.Options().addArguments(...args) }),
};

for (const [runner, start] of Object.entries(FIREFOXES)) {
  test(`${runner}: a Firefox in safe mode is refused before it starts`, async () => {
    for (const flag of ['-safe-mode', '--safe-mode']) {
      await assert.rejects(start([flag]), {
        message: `powerup-secrets: Firefox is to be started with ${flag}, which keeps every extension out. Start it without this flag.`,
      });
    }
  });
}
