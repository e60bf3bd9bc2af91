// SPDX-License-Identifier: MIT
// Serves this folder on loopback, and the service that the card button calls.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' };

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/service/tasks') {
    const isKnown = request.headers.authorization?.startsWith('Bearer token-');
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isKnown ? ['Water the plants'] : { error: 'who are you?' }));
    return;
  }
  const file = fileURLToPath(new URL(`.${normalize(pathname)}`, import.meta.url));
  const type = /** @type {Record<string, string>} */ (TYPES)[file.split('.').at(-1) ?? ''];
  if (type === undefined || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': type });
  pipeline(createReadStream(file), response, (error) => error && response.destroy());
}).listen(Number(process.argv[2]), 'localhost');
