// SPDX-License-Identifier: MIT
// An empty folder outside the repository, into which the packed npm package is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What the project has of these already, so that nothing is fetched twice. */
const PEERS = [
  '@playwright/test',
  'puppeteer-core',
  'selenium-webdriver',
  'typescript',
  '@types/node',
];

/**
 * @param {string} folder
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 * @returns {Promise<{status: number | null, output: string}>}  output: of both streams
 */
export async function run(folder, program, args, environment = {}) {
  const child = spawn(program, args, {
    cwd: folder,
    // Whatever runs this test is no business of the runner under test.
    env: { ...process.env, NODE_TEST_CONTEXT: '', FORCE_COLOR: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, output: stdout + stderr };
}

/**
 * @param {string} folder
 * @param {string} program
 * @param {string[]} args
 */
export async function succeed(folder, program, args) {
  const { status, output } = await run(folder, program, args);
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output}`);
  }
  return output;
}

/**
 * @returns {Promise<{folder: string, write: (name: string, content: string) => void,
 *   remove: () => void}>}
 */
export async function newcomer() {
  const folder = mkdtempSync(join(tmpdir(), 'newcomer-'));
  await succeed(join(root, 'runner'), 'npm', ['pack', '--pack-destination', folder]);
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await succeed(folder, 'npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    `./${tarball}`,
    ...PEERS.map((name) => `${name}@${devDependencies[name]}`),
  ]);
  cpSync(fileURLToPath(new URL('pages', import.meta.url)), folder, { recursive: true });
  return {
    folder,
    write: (name, content) => writeFileSync(join(folder, name), content),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * @returns {Record<string, string>}  the files that the package's README shows, by the name that each
 *   gives itself in its first line
 */
export function filesOfReadme() {
  const readme = readFileSync(join(root, 'runner/README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  return Object.fromEntries(
    blocks.map((block) => {
      const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
      if (name === undefined) {
        throw new Error(`a snippet of the README says no file name:\n${block}`);
      }
      return [name, block];
    }),
  );
}
