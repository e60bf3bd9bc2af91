// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** @returns {Promise<number>}  a port of loopback that nothing listens on now */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Serves a folder on loopback, under any name that leads there.
 *
 * @param {string} folder
 * @param {Record<string, string>} [headers]  for each answer
 * @returns {Promise<{port: number, close: () => Promise<void>}>}
 */
export async function servePages(folder, headers = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      const body = await readFile(join(folder, path));
      const type = TYPES[extname(path)] ?? 'text/plain';
      response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body);
    } catch {
      response.writeHead(404).end('There is no such page.');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
