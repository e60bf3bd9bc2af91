// SPDX-License-Identifier: MIT
// The page script as it is built shares a global scope with the page's scripts, which may declare almost
// any name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Linter } from 'eslint';
import { buildFolder } from '../support/browser.js';

/** Those of ECMAScript count as any other. */
const unknown = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, /** @type {const} */ ('off')]),
);

/** @param {string} script @returns {string[]}  the globals that it looks up by name */
function lookedUp(script) {
  const messages = new Linter().verify(script, {
    languageOptions: { sourceType: 'script', globals: unknown },
    linterOptions: { noInlineConfig: true },
    rules: { 'no-undef': ['error', { typeof: true }] },
  });
  assert.deepEqual(
    messages.filter(({ fatal }) => fatal),
    [],
  );
  return [...new Set(messages.map(({ message }) => /'(.+)'/.exec(message)?.[1] ?? message))];
}

test('a look-up by name is found wherever it is', () => {
  const script =
    '(() => { const { Map } = window; return () => [new Map(), new Set(), typeof me] })';
  assert.deepEqual(lookedUp(script), ['window', 'Set', 'me']);
});

for (const browser of ['chromium', 'firefox']) {
  test(`the page script for ${browser} looks up no name that a page’s script can declare`, () => {
    const path = join(buildFolder, 'extension', browser, 'page.js');
    const names = lookedUp(readFileSync(path, 'utf8'));
    assert.deepEqual(
      names.sort(),
      ['document', 'window'],
      'add each other name to one of the lists in extension/page-globals.mjs',
    );
  });
}
