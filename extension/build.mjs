// SPDX-License-Identifier: MIT
// Assembles the extension: `node extension/build.mjs OUTPUT_FOLDER`, one folder a browser below it.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pageGlobals } from './page-globals.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const source = (/** @type {string} */ name) => join(here, 'src', `${name}.js`);
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(join(here, path), 'utf8'));
const identity = readJson('identity.json');
const { version } = readJson('../runner/package.json');
const base = { ...readJson('manifest.json'), version };

/** The base manifest, completed for each browser. */
const manifests = {
  chromium: {
    ...base,
    key: identity.chromiumExtensionKey,
    minimum_chrome_version: '128',
    background: { service_worker: 'background.js' },
  },
  firefox: {
    ...base,
    browser_specific_settings: {
      gecko: {
        id: identity.firefoxExtensionId,
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['none'] },
      },
    },
    background: { scripts: ['background.js'] },
  },
};

/** Chromium derives an extension's id from its key; the host knows only the id. */
function checkChromiumId() {
  const digest = createHash('sha256').update(Buffer.from(identity.chromiumExtensionKey, 'base64'));
  const id = [...digest.digest('hex').slice(0, 32)]
    .map((digit) => String.fromCharCode('a'.charCodeAt(0) + parseInt(digit, 16)))
    .join('');
  if (id !== identity.chromiumExtensionId) {
    throw new Error(
      `identity.json: the key makes the id ${id}, not ${identity.chromiumExtensionId}`,
    );
  }
}

/**
 * bluebird and lodash evaluate code from strings only in Node.js and in old engines. It never runs in a
 * browser, so it is removed, and reviewers of the extension need not wonder about it. bluebird's
 * noConflict is about the page's Promise, not the one that the page script has captured.
 *
 * @type {import('esbuild').Plugin}
 */
const adaptedLibraries = {
  name: 'adapted libraries',
  setup({ onLoad }) {
    onLoad({ filter: /(bluebird\/js\/main|lodash)\/\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('new Function(', 'Object(')
        .replaceAll("Function('return this')()", 'window')
        .replace(
          'if (Promise === bluebird) Promise = old',
          'if (window.Promise === bluebird) window.Promise = old',
        ),
    }));
  },
};

/**
 * The settings that a page can get before its first script, one script each: content scripts must be
 * files (src/background/settings-scripts.js). Each scope has files of its own.
 *
 * @returns {Record<string, string>}  setting by file name
 */
function settingsScripts() {
  const scripts = /** @type {Record<string, string>} */ ({
    'signed-out': 'signed=out',
    'signed-in': 'signed=in',
  });
  for (const mode of ['enabled', 'denied', 'missing', 'full']) {
    scripts[`storage-${mode}`] = `storage=${mode}`;
  }
  for (const fidelity of ['documented', 'library']) {
    scripts[`fidelity-${fidelity}`] = `fidelity=${fidelity}`;
  }
  // One for each bit that may be set.
  for (const [name, bits] of /** @type {[string, number][]} */ ([
    ['port', 16],
    ['member', 96],
  ])) {
    for (let bit = 0; bit < bits; bit++) {
      scripts[`${name}-${bit}`] = `${name}=${bit}`;
    }
  }
  const scopes = ['all', 'origin', 'dot'].flatMap((scope) =>
    Object.entries({ ...scripts, end: `end=${scope}` }).map(([name, setting]) => [
      `${scope}/${name}`,
      setting,
    ]),
  );
  return { ...Object.fromEntries(scopes), filled: 'filled=yes' };
}

const output = process.argv[2];
if (!output) {
  throw new Error('usage: node extension/build.mjs OUTPUT_FOLDER');
}
checkChromiumId();
for (const [browser, manifest] of Object.entries(manifests)) {
  const folder = join(output, browser);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    outdir: folder,
    bundle: true,
    format: 'iife',
    target: ['chrome128', 'firefox128'],
    minify: true,
    legalComments: 'eof',
    logLevel: 'warning',
    define: {
      BROWSER: JSON.stringify(browser),
      EXTENSION_VERSION: JSON.stringify(version),
      NATIVE_HOST_NAME: JSON.stringify(identity.nativeHostName),
    },
  };
  await build({ ...common, entryPoints: ['background', 'bridge', 'panel'].map(source) });
  await build({
    ...common,
    ...pageGlobals,
    define: { ...common.define, ...pageGlobals.define },
    entryPoints: [source('page')],
    plugins: [adaptedLibraries],
    keepNames: true, // whoever develops a page sees the names of error classes
  });
  cpSync(join(here, 'panel'), folder, { recursive: true });
  for (const [name, setting] of Object.entries(settingsScripts())) {
    const event = `new CustomEvent('powerup-secrets-settings',{detail:'${setting}'})`;
    const file = join(folder, 'settings', `${name}.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `dispatchEvent(${event});\n`);
  }
}
