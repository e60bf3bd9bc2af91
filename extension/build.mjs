// SPDX-License-Identifier: MIT
// Assembles the extension: `node extension/build.mjs OUTPUT_FOLDER`, one folder a browser below it.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(join(here, path), 'utf8'));
const identity = readJson('identity.json');
const { version } = readJson('../runner/package.json');
const base = { ...readJson('manifest.json'), version };

/** What the base manifest gets for each browser. */
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

/** Chromium derives an extension's id from its key; the host knows the id only. */
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
 * bluebird and lodash make code from text in Node.js and in old engines only. What never runs in a
 * browser is cut out, so that nobody who reviews the extension has to wonder about it.
 *
 * @type {import('esbuild').Plugin}
 */
const noCodeFromText = {
  name: 'no code from text',
  setup({ onLoad }) {
    onLoad({ filter: /(bluebird\/js\/main|lodash)\/\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('new Function(', 'Object(')
        .replaceAll("Function('return this')()", 'globalThis'),
    }));
  },
};

/**
 * The words that a scene is told in, one script each: content scripts must be files
 * (src/background/scene-scripts.js).
 *
 * @returns {Record<string, string>}  word by file name
 */
function sceneWords() {
  const words = /** @type {Record<string, string>} */ ({
    'signed-out': 'signed=out',
    'end-all': 'end=all',
    'end-origin': 'end=origin',
  });
  for (const mode of ['enabled', 'denied', 'missing', 'full']) {
    words[`storage-${mode}`] = `storage=${mode}`;
  }
  for (const fidelity of ['documented', 'library']) {
    words[`fidelity-${fidelity}`] = `fidelity=${fidelity}`;
  }
  // A file counts once in a script list, so there is one for each digit at each place.
  for (const [name, places, digits] of /** @type {[string, number, string][]} */ ([
    ['port', 5, '0123456789'],
    ['member', 24, '0123456789abcdef'],
  ])) {
    for (let place = 0; place < places; place++) {
      for (const digit of digits) {
        words[`${name}${place}-${digit}`] = `${name}${place}=${digit}`;
      }
    }
  }
  return words;
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
  await build({
    entryPoints: ['background', 'bridge', 'page', 'panel'].map((name) =>
      join(here, 'src', `${name}.js`),
    ),
    outdir: folder,
    bundle: true,
    format: 'iife',
    target: ['chrome128', 'firefox128'],
    minify: true,
    legalComments: 'eof',
    plugins: [noCodeFromText],
    logLevel: 'warning',
    define: {
      BROWSER: JSON.stringify(browser),
      EXTENSION_VERSION: JSON.stringify(version),
      NATIVE_HOST_NAME: JSON.stringify(identity.nativeHostName),
      // bluebird asks for these two to find out whether it runs in Node.js.
      process: 'undefined',
      global: 'globalThis',
    },
  });
  cpSync(join(here, 'panel'), folder, { recursive: true });
  mkdirSync(join(folder, 'scene'));
  for (const [name, word] of Object.entries(sceneWords())) {
    const event = `new CustomEvent('powerup-secrets-scene',{detail:'${word}'})`;
    writeFileSync(join(folder, 'scene', `${name}.js`), `dispatchEvent(${event});\n`);
  }
}
