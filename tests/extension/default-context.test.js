// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import defaults from '../../extension/default-context.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version, ...ids } = defaults;

/** Files made by a build, beside the sources. */
const BUILT = ['cjs', 'types', 'extension', 'manifest', 'host', 'default-context.json'].map(
  (name) => `runner/${name}`,
);

/**
 * @param {string} folder
 * @returns {[path: string, text: string][]}
 */
const textsIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .map((entry) => ({ entry, path: `${folder}/${entry.name}` }))
    .filter(({ path }) => !BUILT.includes(path))
    .flatMap(({ entry, path }) =>
      entry.isDirectory() ? textsIn(path) : [[path, readFileSync(join(root, path), 'utf8')]],
    );

test('the ids of the default context are in default-context.json and in no other source', () => {
  const sources = ['extension', 'host', 'runner', 'demo', 'bench', 'manifest'];
  const having = sources
    .flatMap(textsIn)
    .filter(([path]) => extname(path) !== '.md')
    .filter(([, text]) => Object.values(ids).some((id) => text.includes(id)))
    .map(([path]) => path);
  assert.deepEqual(having, ['extension/default-context.json']);
});

test('documents show the ids of the default context and no others', () => {
  const shown = textsIn('docs').flatMap(([path, text]) =>
    [...text.matchAll(/\b5f[0-9a-f]{22}\b/g)].map(([id]) => ({ path, id })),
  );
  assert.ok(shown.length > 0);
  const unknown = shown.filter(({ id }) => !Object.values(ids).includes(id));
  assert.deepEqual(unknown, []);
});

test('the default context has a version of the library and ids as Trello gives them', () => {
  assert.match(version, /^\d+\.\d+\.\d+$/);
  for (const id of Object.values(ids)) {
    assert.match(id, /^[0-9a-f]{24}$/);
  }
});
