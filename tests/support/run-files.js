// SPDX-License-Identifier: MIT
// node tests/support/run-files.js FILE…: runs test files one after the other in this process, so that
// they share what a process keeps, such as browsers.
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

// One module that imports them all: with a pause between two imports Node.js takes the tests of the first
// for all that there are, and runs the hooks of the end before the second.
const imports = argv.slice(2).map((file) => `import '${pathToFileURL(resolve(file)).href}';`);
await import(`data:text/javascript,${encodeURIComponent(imports.join('\n'))}`);
