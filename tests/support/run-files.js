// SPDX-License-Identifier: MIT
// node tests/support/run-files.js FILE…: runs test files one after the other in this process, so that
// they share what a process keeps, such as browsers.
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

for (const file of argv.slice(2)) {
  await import(pathToFileURL(resolve(file)).href);
}
