// Serves this folder, as a newcomer's own server would.
const { createReadStream, existsSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = join(__dirname, pathname);
  if (!/^\/[a-z]+\.html$/.test(pathname) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  createReadStream(file).pipe(response);
}).listen(Number(process.argv[2] ?? 41780), 'localhost');
