// SPDX-License-Identifier: MIT
// install and doctor with a real browser, which says whether they are right.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Machine, manifestOf, PLACES } from '../cli/machine.js';
import { firefoxPath } from '../support/browser.js';
import { PATIENCE_SECONDS } from '../support/patience.js';
import { browserName, oneBrowser } from './stage.js';

const family = browserName === 'firefox' ? 'firefox' : 'chromium';
const program = {
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
  firefox: firefoxPath,
}[family];

const SECONDS = `${PATIENCE_SECONDS}`;

/** How long to wait for a browser that must not reach its host: twice as long as one took that did. */
let refusalSeconds = 8;

/** @param {import('node:test').TestContext} t */
async function installed(t) {
  const machine = new Machine(t).start(
    family === 'chromium' ? '.config/chromium' : '.mozilla/firefox',
  );
  machine.program(family, `PATH=/usr/bin:/bin exec '${program}' "$@"`);
  assert.equal((await machine.run(['install'])).code, 0);
  return machine;
}

test('a browser for which install wrote the manifest makes the round trip', async (t) => {
  const machine = await installed(t);
  const args = ['--browser', family, '--timeout', SECONDS];
  const begun = performance.now();
  const { code, findings, problems } = await machine.doctor(args);
  refusalSeconds = Math.ceil((2 * (performance.now() - begun)) / 1000);
  assert.deepEqual([code, problems], [0, []]);
  const trip = /with extension (\S+) reached host \1 and has the current settings/;
  assert.ok(
    findings.some(({ subject, text }) => subject === family && trip.test(text)),
    JSON.stringify(findings),
  );
  assert.deepEqual(readdirSync(machine.temporary), []);
  assert.deepEqual(readdirSync(machine.current), []);
  assert.ok(!existsSync(machine.state));
});

test(
  'a Snap that reaches its host has no problem',
  oneBrowser('chromium', 'the Snap of Firefox asks the portal'),
  async (t) => {
    const machine = new Machine(t).start('snap/chromium/common/chromium');
    const script = `#!/bin/sh\nPATH=/usr/bin:/bin exec '${program}' "$@"\n`;
    machine.write(join(machine.root, 'snap/bin/chromium'), script, 0o755);
    await machine.run(['install', '--browser', 'chromium']);
    const args = ['--browser', 'chromium', '--timeout', SECONDS];
    const { code, findings, problems } = await machine.doctor(args);
    assert.deepEqual([code, problems], [0, []]);
    assert.ok(findings.some(({ text }) => /with extension \S+ reached host/.test(text)));
    assert.ok(!findings.some(({ text }) => /Snap/.test(text)));
  },
);

test(
  'a wrapper that keeps the extension out is named',
  oneBrowser('chromium', 'Firefox has no such flag'),
  async (t) => {
    const machine = await installed(t);
    const flag = '--disable-extensions-except=/other';
    // The last flag counts, and the browser takes one behind what it opens.
    machine.program(
      family,
      `ours=--disable-extensions-except
     for argument; do shift; case $argument in $ours=*) ;; *) set -- "$@" "$argument" ;; esac; done
     PATH=/usr/bin:/bin exec '${program}' ${flag} "$@"`,
    );
    const args = ['--browser', family, '--timeout', `${refusalSeconds}`];
    const { code, problems } = await machine.doctor(args);
    assert.equal(code, 1);
    assert.deepEqual(
      problems.map(({ text }) => text),
      [`${join(machine.programs, family)} runs with ${flag}, which keeps the extension out.`],
    );
  },
);

test('a long temporary folder is no hindrance', async (t) => {
  const machine = await installed(t);
  machine.env.TMPDIR = join(machine.temporary, 'x'.repeat(100));
  mkdirSync(machine.env.TMPDIR);
  const { problems } = await machine.doctor(['--browser', family, '--timeout', SECONDS]);
  assert.deepEqual(problems, []);
});

test('a manifest with a comment is one for Chromium and none for Firefox', async (t) => {
  const machine = await installed(t);
  machine.write(PLACES[family], `// edited\n${JSON.stringify(manifestOf(family))}`);
  const timeout = family === 'chromium' ? SECONDS : `${refusalSeconds}`;
  const { problems } = await machine.doctor(['--browser', family, '--timeout', timeout]);
  assert.equal(problems.length, family === 'chromium' ? 0 : 2, JSON.stringify(problems));
});

/** What the doctor says that the browser refuses, the browser refuses. @type {[string, (all: any) => any][]} */
const refused = [
  [
    'which lets another extension in',
    (all) => ({ ...all, [family === 'chromium' ? 'allowed_origins' : 'allowed_extensions']: [] }),
  ],
  [
    'with a foreign part',
    (all) =>
      family === 'chromium'
        ? { ...all, allowed_origins: [...all.allowed_origins, 'chrome-extension://a@b.example/'] }
        : { ...all, allowed_origins: manifestOf('chromium').allowed_origins },
  ],
  [
    'with one bad entry',
    (all) =>
      family === 'chromium'
        ? {
            ...all,
            allowed_origins: [...all.allowed_origins, `chrome-extension://${'a'.repeat(32)}`],
          }
        : { ...all, allowed_extensions: [...all.allowed_extensions, 'no id'] },
  ],
  ['with another name', (all) => ({ ...all, name: 'another' })],
];
// Each waits most of the time.
describe('a browser does not reach its host', { concurrency: refused.length }, () => {
  for (const [what, change] of refused) {
    test(`with a manifest ${what} it does not, and the doctor knows why`, async (t) => {
      const machine = await installed(t);
      machine.write(PLACES[family], change(manifestOf(family)));
      const args = ['--browser', family, '--timeout', `${refusalSeconds}`];
      const { code, problems } = await machine.doctor(args);
      assert.equal(code, 1);
      assert.ok(problems.length >= 2, JSON.stringify(problems));
      assert.match(problems.at(-1)?.text ?? '', /did not reach its host within \d+ s/);
    });
  }
});
