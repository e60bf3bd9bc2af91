// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Ports that systems give to nobody who asks for any free one. */
const PORTS = { first: 20_000, count: 10_000 };

/** @returns {Promise<number>}  a port of loopback that nothing listens on now, nor soon by accident */
export async function freePort() {
  for (;;) {
    const port = PORTS.first + randomInt(PORTS.count);
    const server = createServer();
    const isFree = await new Promise((resolve, reject) => {
      server.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(port, 'localhost', () => resolve(true));
    });
    if (isFree) {
      await new Promise((resolve) => server.close(resolve));
      return port;
    }
  }
}

/**
 * Serves a folder on loopback, under any name that leads there.
 *
 * @param {string} folder
 * @param {Record<string, string>} [headers]  for each answer
 * @param {{address?: string, port?: number}} [place]  an address of loopback; 0: any free port
 * @returns {Promise<{port: number, close: () => Promise<void>}>}
 */
export async function servePages(folder, headers = {}, { address = '127.0.0.1', port = 0 } = {}) {
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
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(undefined));
  });
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
