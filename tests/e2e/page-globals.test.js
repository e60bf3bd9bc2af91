// SPDX-License-Identifier: MIT
// A page's scripts may declare what they like in the global scope that they share with the page script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPTURED } from '../../extension/page-globals.mjs';
import { PATIENCE_MS } from '../support/patience.js';
import { items } from '../support/store.js';
import { browserName, call, command, setStage, until } from './stage.js';

/** What newer Power-Ups write in place of the `var` of Trello's samples, and its neighbours. */
const DECLARATIONS = [
  'const Promise = TrelloPowerUp.Promise;',
  'let Promise = TrelloPowerUp.Promise;',
  'var Promise = TrelloPowerUp.Promise;',
  'class Promise extends TrelloPowerUp.Promise {}',
  'function Promise() {}',
  'const t = TrelloPowerUp.iframe(), { Promise, util, restApiError } = TrelloPowerUp;',
  'const Object = TrelloPowerUp.iframe(), Array = Object, JSON = Object, setTimeout = Object;',
];

for (const declaration of DECLARATIONS) {
  test(`a page that begins with "${declaration}" stores and loads`, async (t) => {
    const stage = await setStage(t);
    const page = await stage.open(await stage.launch());
    /** @type {unknown[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(error));
    const query = encodeURIComponent(declaration);
    await page.goto(`${stage.origin('localhost')}/declares.html?${query}`);

    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'secret' });
    assert.ok('resolved' in (await call(page, 'storeSecret', 'token', 'another')));
    assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'another' });
    assert.deepEqual(errors, []);
  });
}

test('a page that stops its timers at its start stops neither our delays nor its render', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  await command(stage, 'fault', '--op', 'storeSecret', '--delay', '1');
  const query = encodeURIComponent(
    'setTimeout = () => 0; TrelloPowerUp.iframe().render(() => { window.rendered = true });',
  );
  await page.goto(`${stage.origin('localhost')}/declares.html?${query}`);
  await page.waitForFunction(() => 'rendered' in window);
  await until(() => items(stage.stateFolder).length === 1);
});

/** How names are declared. The first use of the library is in the dead zone of those that have one.
 * @type {Record<string, (names: string[]) => string>} */
const KINDS = {
  const: ([name, ...more]) =>
    `const ${[`${name} = window.TrelloPowerUp.iframe()`, ...more.map((one) => `${one} = 1`)]};`,
  class: ([name]) => `class ${name} { static first = window.TrelloPowerUp.iframe(); }`,
  function: ([name]) => `function ${name}() {} window.TrelloPowerUp.iframe();`,
};

/**
 * Functions that replace what the library itself looks up at call time, in Trello as here; a declaration
 * of any other kind replaces nothing in `window`.
 */
const REPLACED_BY_A_FUNCTION = /** @type {Record<string, string>} */ ({
  TrelloPowerUp: 'it is the library',
  localStorage: 'secrets are stored there',
  crypto: 'the library encrypts with it',
  ...(browserName === 'chromium' && { setTimeout: 'bluebird schedules callbacks with it' }),
});

/**
 * Runs in a page: runs each script in a frame of its own, and uses the secret calls there.
 *
 * @param {string[]} scripts
 * @param {number} patienceMs
 * @returns {Promise<string[]>}  the failures
 */
async function useInFrames(scripts, patienceMs) {
  /** @param {string} script */
  async function use(script) {
    const frame = document.createElement('iframe');
    frame.src = '/page.html';
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
      document.body.append(frame);
    });
    const opened = /** @type {any} */ (frame.contentWindow);
    /** @type {string[]} */
    const errors = [];
    opened.addEventListener('error', (/** @type {ErrorEvent} */ event) => {
      errors.push(event.message);
      event.preventDefault();
    });
    const element = opened.document.createElement('script');
    element.textContent = script;
    opened.document.head.append(element);
    const t = opened.TrelloPowerUp.iframe();
    await t.storeSecret(script, 'secret');
    const loaded = await t.loadSecret(script);
    await t.clearSecret(script);
    frame.remove();
    if (loaded !== 'secret' || errors.length > 0) {
      throw new Error(`loaded ${loaded}; ${errors}`);
    }
  }
  const outcomes = scripts.map((script) =>
    Promise.race([
      use(script).then(() => '', String),
      new Promise((resolve) => setTimeout(resolve, patienceMs, 'no answer')),
    ]).then((outcome) => outcome && `${script} ${outcome}`),
  );
  return (await Promise.all(outcomes)).filter(Boolean);
}

/**
 * Runs in a page.
 *
 * @returns {string[]}  the global names that a script can declare
 */
function declarableNames() {
  /** @type {Set<string>} */
  const names = new Set();
  for (let object = window; object !== null; object = Object.getPrototypeOf(object)) {
    Object.getOwnPropertyNames(object).forEach((name) => names.add(name));
  }
  return [...names].filter(
    (name) =>
      /^(?!eval$)[A-Za-z_$][\w$]*$/.test(name) &&
      Object.getOwnPropertyDescriptor(window, name)?.configurable !== false,
  );
}

/** So many frames are open at once. */
const BATCH = 24;

/** Names that are declared together, except where POWERUP_SECRETS_SHADOWS asks for each alone. */
const TOGETHER = 24;

/** @param {string[]} names @param {number} size @returns {string[][]} */
const groups = (names, size) =>
  Array.from({ length: Math.ceil(names.length / size) }, (_, i) =>
    names.slice(i * size, (i + 1) * size),
  );

test('a page may declare every global that a script can declare', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch());
  const names = await page.evaluate(declarableNames);
  const captured = CAPTURED.filter((name) => names.includes(name));
  assert.deepEqual(
    CAPTURED.filter((name) => !names.includes(name)),
    browserName === 'firefox' ? ['chrome'] : [],
  );
  const each = process.env.POWERUP_SECRETS_SHADOWS === 'each' ? names : captured;
  const scripts = [
    ...groups(names, TOGETHER).map(KINDS.const),
    ...each.flatMap((name) => [KINDS.const([name]), KINDS.class([name])]),
    ...each
      .filter((name) => !Object.hasOwn(REPLACED_BY_A_FUNCTION, name))
      .map((name) => KINDS.function([name])),
  ];
  const failures = [];
  for (const batch of groups(scripts, BATCH)) {
    failures.push(...(await page.evaluate(useInFrames, batch, PATIENCE_MS)));
  }
  assert.deepEqual(failures, []);
});
