// SPDX-License-Identifier: MIT
// Native hosts of other projects, if they are installed (scripts/bench --peers installs them).
import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { root } from './workshop.js';

const BROWSERPASS = '/usr/lib/browserpass/browserpass-native';
const KEEPASSXC = '/usr/bin/keepassxc-proxy';
const SOCKET = 'app/org.keepassxc.KeePassXC/org.keepassxc.KeePassXC.BrowserServer';

/** Echo hosts of ten lines each, on npm's two native messaging libraries. */
const LIBRARIES = {
  'chrome-native-messaging': `
import nativeMessage from 'chrome-native-messaging';
process.stdin.pipe(new nativeMessage.Input())
  .pipe(new nativeMessage.Transform((message, push, done) => { push(message); done(); }))
  .pipe(new nativeMessage.Output()).pipe(process.stdout);
`,
  'web-ext-native-msg': `
import { Input, Output } from 'web-ext-native-msg';
const input = new Input();
const output = new Output();
process.stdin.on('data', (bytes) => {
  for (const message of input.decode(bytes) ?? []) process.stdout.write(output.encode(message));
});
`,
};

/**
 * @typedef {object} Peer
 * @property {string[]} command
 * @property {import('./workshop.js').Request} request  that it answers
 * @property {Record<string, string>} [env]
 */

/**
 * @param {import('./workshop.js').Workshop} workshop
 * @returns {Promise<{peers: Record<string, Peer>, absent: string[], close: () => Promise<void>}>}
 */
export async function installedPeers(workshop) {
  /** @type {Record<string, Peer>} */
  const peers = {};
  /** @type {string[]} */
  const absent = [];
  /** @type {(() => Promise<void>)[]} */
  const closing = [];
  const echo = { id: 1, op: 'hello' };

  if (existsSync(BROWSERPASS)) {
    const question = /** @type {any} */ ({ action: 'echo', echoResponse: { id: 1 } });
    peers['browserpass-native'] = { command: [BROWSERPASS], request: question };
  } else {
    absent.push('browserpass-native');
  }
  if (existsSync(KEEPASSXC)) {
    const runtime = workshop.make('runtime');
    const server = createServer((socket) => socket.pipe(socket));
    chmodSync(runtime, 0o700); // otherwise the peer uses another folder
    mkdirSync(dirname(join(runtime, SOCKET)), { recursive: true });
    await new Promise((done) => server.listen(join(runtime, SOCKET), () => done(undefined)));
    closing.push(() => new Promise((done) => server.close(() => done())));
    const env = { XDG_RUNTIME_DIR: runtime };
    peers['keepassxc-proxy'] = { command: [KEEPASSXC], request: echo, env };
  } else {
    absent.push('keepassxc-proxy');
  }
  for (const [name, source] of Object.entries(LIBRARIES)) {
    try {
      createRequire(join(root, 'build/bench/peers/')).resolve(name);
    } catch {
      absent.push(`npm ${name}`);
      continue;
    }
    const path = join(root, 'build/bench/peers', `${name}.mjs`);
    writeFileSync(path, source);
    peers[`npm ${name}`] = { command: [process.execPath, path], request: echo };
  }
  return { peers, absent, close: async () => void (await Promise.all(closing.map((c) => c()))) };
}
