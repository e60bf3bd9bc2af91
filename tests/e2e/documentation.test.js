// SPDX-License-Identifier: MIT
// The commands that README.md and docs/scenarios.md print, run as printed while a browser is open.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFolder } from '../support/browser.js';
import { PATIENCE_SECONDS } from '../support/patience.js';
import { items } from '../support/store.js';
import { call, command, quoted, setStage } from './stage.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @param {string} file @returns {string[]}  its shell examples that give the command */
function examples(file) {
  return [...readFileSync(`${root}${file}`, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .map(([, script]) => script)
    .filter((script) => /powerup-secrets [a-z]|^origin=/m.test(script));
}

/** A browser with a page that has stored a secret and has a handler. @param {import('node:test').TestContext} t */
async function openBrowser(t) {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await page.evaluate(() => {
    /** @type {any} */ (window).TrelloPowerUp.initialize({
      'authorization-status': () => ({ authorized: true }),
    });
  });
  const programs = join(stage.folder, 'bin');
  mkdirSync(programs);
  // As printed a command waits a few seconds for browsers, which a busy machine may exceed.
  writeFileSync(
    join(programs, 'powerup-secrets'),
    `#!/bin/bash
case "$1" in
install | uninstall | doctor | help) exec ${quoted(join(buildFolder, 'powerup-secrets'))} "$@" ;;
*) exec ${quoted(join(buildFolder, 'powerup-secrets'))} "$1" --timeout ${PATIENCE_SECONDS} "\${@:2}" ;;
esac
`,
    { mode: 0o700 },
  );
  /** @param {string} script @param {string} cwd @param {string} before */
  const shell = async (script, cwd, before) => {
    await command(stage, 'reset'); // each example stands alone
    await call(page, 'storeSecret', 'token', 'x');
    const printed = script.replace('http://localhost:3000', stage.origin('localhost'));
    const child = spawn('bash', ['-euc', `${before}\n${printed}`], {
      cwd,
      env: {
        ...process.env,
        PATH: `${programs}:${buildFolder}:${process.env.PATH}`,
        HOME: stage.folder, // install writes there
        XDG_CONFIG_HOME: '',
        CHROME_CONFIG_HOME: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    assert.equal(status, 0, `${printed}\n${stderr}`);
    return stdout;
  };
  return { stage, page, shell };
}

test('every command of docs/scenarios.md runs as printed', async (t) => {
  const { stage, shell } = await openBrowser(t);
  const [prelude, ...scripts] = examples('docs/scenarios.md');
  assert.match(prelude, /^export POWERUP_SECRETS_DIR=\$PWD\/state/);
  assert.ok(scripts.length >= 10);
  let printed = '';
  for (const script of scripts) {
    printed += await shell(
      script,
      stage.folder,
      prelude.replace(/http:\S+/, stage.origin('localhost')),
    );
  }
  assert.match(printed, /^the token/m);
  assert.match(printed, /"authorized": ?true/);
  assert.match(printed, /storeSecret/);
  assert.deepEqual(items(stage.stateFolder), []); // the last command is reset
});

test('the README’s commands run as printed', async (t) => {
  const { stage, shell } = await openBrowser(t);
  const scripts = examples('README.md');
  assert.ok(scripts.length >= 2);
  let printed = '';
  for (const script of scripts) {
    printed += await shell(script, root, `export POWERUP_SECRETS_DIR='${stage.stateFolder}'`);
  }
  assert.match(printed, /storeSecret/);
  assert.match(printed, /remove-personal-settings/);
  assert.match(printed, /^chromium: written /m);
  assert.match(printed, /^ok +firefox: .* answers: version /m);
});
