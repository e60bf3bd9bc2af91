// SPDX-License-Identifier: MIT
// Completes the package: CommonJS next to the ES modules in src/, the types of both, and the build of the
// project: host, command line, native manifests, extensions. Writes src/names.js, too.
//
//   node build.mjs [--build FOLDER]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { NAMES_FILE, namesSource } from './names.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { build: { type: 'string' } } });
const built = values.build ?? join(here, '../build/static');
for (const folder of ['cjs', 'types', 'host', 'extension', 'manifest']) {
  rmSync(join(here, folder), { recursive: true, force: true });
}

writeFileSync(NAMES_FILE, await namesSource());
await build({
  entryPoints: [join(here, 'src/*.js')],
  outdir: join(here, 'cjs'),
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  define: { 'import.meta.url': 'fileAddress' },
  banner: { js: "const fileAddress = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
writeFileSync(join(here, 'cjs/package.json'), '{ "type": "commonjs" }\n');
execFileSync(join(here, '../node_modules/.bin/tsc'), ['--project', here], { stdio: 'inherit' });
cpSync(join(here, 'types'), join(here, 'cjs'), { recursive: true });

mkdirSync(join(here, 'host'));
for (const name of ['powerup-secrets', 'powerup-secrets-host']) {
  cpSync(join(built, name), join(here, 'host', name));
}
cpSync(join(built, 'licenses'), join(here, 'host/licenses'), { recursive: true });
for (const family of ['chromium', 'firefox']) {
  cpSync(join(built, 'extension', family), join(here, 'extension', family), { recursive: true });
  mkdirSync(join(here, 'manifest', family), { recursive: true });
  for (const name of readdirSync(join(built, 'manifest', family))) {
    const manifest = JSON.parse(readFileSync(join(built, 'manifest', family, name), 'utf8'));
    delete manifest.path; // known where the package is used
    writeFileSync(join(here, 'manifest', family, name), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
cpSync(join(here, '../extension/default-context.json'), join(here, 'default-context.json'));
cpSync(join(here, '../LICENSE'), join(here, 'LICENSE'));
