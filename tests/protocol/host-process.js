// SPDX-License-Identifier: MIT
// The real host over pipes, started as Chromium starts it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, endianness, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Test vectors: published ones, and recorded ones. */
export const vectors = join(root, 'tests/vectors');

export const identity = JSON.parse(readFileSync(join(root, 'extension/identity.json'), 'utf8'));

/** The version of everything in this repository. @type {{version: string}} */
export const { version } = JSON.parse(readFileSync(join(root, 'runner/package.json'), 'utf8'));

export const hostPath = resolve(
  process.env.POWERUP_SECRETS_HOST ?? join(root, 'build/release/powerup-secrets-host'),
);

/** A command in front of the host, such as valgrind with its options. */
const wrapper = (process.env.POWERUP_SECRETS_HOST_WRAPPER ?? '').split(' ').filter(Boolean);

/**
 * A shell that stands for the browser: the parent of its host, which ends as soon as the host has. It
 * says nothing of its own on standard error, and so not that the host was killed.
 */
const BROWSER = ['/bin/sh', '-c', 'exec 3>&2 2>/dev/null; "$0" "$@" 2>&3 3>&-; exit $?'];

/** Exit status of a shell whose child was killed by a signal, without the signal's number. */
const KILLED = 128;

/** Exit status by which valgrind (see scripts/test) and the sanitizers report what they found. */
const FOUND = 99;

/** Whether the host is watched by a wrapper or by sanitizers, so that memory figures are meaningless. */
export const watched = wrapper.length > 0 || hostPath.includes('sanitize');

export const FRAME_REPLY_MAX = 1024 * 1024;
export const FRAME_REQUEST_MAX = 16 * 1024 * 1024;
export const FRAME_LENGTH_MAX = 1024 * 1024 * 1024;

/** What a request needs in addition to its key. */
export const PLACE = { origin: 'https://powerup.example', member: '5f0000000000000000000001' };

/**
 * @param {number} length
 * @returns {Buffer}  the four bytes before a message
 */
export function header(length) {
  const bytes = Buffer.alloc(4);
  endianness() === 'LE' ? bytes.writeUInt32LE(length) : bytes.writeUInt32BE(length);
  return bytes;
}

/**
 * @param {unknown} message  a Buffer or text as it is, anything else as JSON
 * @returns {Buffer}
 */
export function frame(message) {
  const body = Buffer.isBuffer(message)
    ? message
    : Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  return Buffer.concat([header(body.length), body]);
}

/**
 * A state folder that is removed when the test ends.
 *
 * @param {import('node:test').TestContext} test
 */
export function stateFolder(test) {
  const parent = mkdtempSync(join(tmpdir(), 'powerup-secrets-'));
  test.after(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'state');
}

/** One running host. It ends with its test. */
export class HostProcess {
  /** How the host ended. @type {Promise<{code: number | null, signal: string | null, stderr: string}>} */
  exit;
  /** What came of other processes' changes while a reply was waited for. @type {object[]} */
  changes = [];
  /** Sizes of the frames received so far, in bytes. @type {number[]} */
  frameSizes = [];
  #child;
  #outlived;
  /** @type {number | undefined} */
  #hostPid;
  #received = Buffer.alloc(0);
  #stderr = '';
  #lastId = 0;
  /** @type {(() => void) | undefined} */
  #wake;
  #ended = false;

  /**
   * @param {import('node:test').TestContext} test
   * @param {object} [options]
   * @param {string} [options.state]  the state folder, else a new one
   * @param {string[]} [options.args]
   * @param {Record<string, string>} [options.env]
   * @param {boolean} [options.outlived]  its browser is this process, which goes on when it ends
   * @param {string[]} [options.launcher]  a program that becomes the host, with its arguments
   */
  constructor(test, options = {}) {
    const { launcher = [], args = [`chrome-extension://${identity.chromiumExtensionId}/`] } =
      options;
    this.#outlived = options.outlived ?? false;
    const host = [...launcher, ...wrapper, hostPath, ...args];
    const [command, ...rest] = [...(this.#outlived ? [] : BROWSER), ...host];
    this.#child = spawn(command, rest, {
      cwd: dirname(hostPath),
      stdio: 'pipe',
      env: {
        ...process.env,
        POWERUP_SECRETS_DIR: options.state ?? stateFolder(test),
        POWERUP_SECRETS_BROWSER_PROFILE: '',
        ASAN_OPTIONS: `exitcode=${FOUND}`,
        UBSAN_OPTIONS: `halt_on_error=1:exitcode=${FOUND}`,
        ...options.env,
      },
    });
    this.#child.stdin.on('error', () => {}); // the host may have ended; tests check how
    this.#child.stdout.on('data', (/** @type {Buffer} */ data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake?.();
    });
    this.#child.stderr.on('data', (data) => (this.#stderr += data));
    this.exit = new Promise((done) => {
      this.#child.on('close', (code, signal) => {
        this.#ended = true;
        this.#wake?.();
        const number = this.#outlived ? 0 : (code ?? 0) - KILLED;
        const killedBy = Object.entries(constants.signals).find(([, value]) => value === number);
        done(
          killedBy === undefined
            ? { code, signal, stderr: this.#stderr }
            : { code: null, signal: killedBy[0], stderr: this.#stderr },
        );
      });
    });
    test.after(async () => {
      this.#child.stdin.end();
      this.#child.stdout.resume(); // unread output must not block the host
      const { code, stderr } = await this.exit;
      if (code === FOUND) {
        throw new Error(`valgrind or a sanitizer found something:\n${stderr}`);
      }
    });
  }

  /** Of the host itself. */
  get pid() {
    if (this.#outlived) {
      return /** @type {number} */ (this.#child.pid);
    }
    this.#hostPid ??= Number(
      readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8'),
    );
    return this.#hostPid;
  }

  /** Of its browser. */
  get browserPid() {
    return this.#outlived ? process.pid : /** @type {number} */ (this.#child.pid);
  }

  /** What came on stdout and is not taken by receive(). */
  get rest() {
    return this.#received;
  }

  /** @param {Buffer} bytes */
  sendBytes(bytes) {
    this.#child.stdin.write(bytes);
  }

  /** @param {unknown} message */
  send(message) {
    this.sendBytes(frame(message));
  }

  closeInput() {
    this.#child.stdin.end();
  }

  closeOutput() {
    this.#child.stdout.destroy();
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    process.kill(this.pid, signal);
  }

  /** @returns {Promise<any>}  the next message, undefined when the host ended without one */
  async receive() {
    for (;;) {
      if (this.#received.length >= 4) {
        const length =
          endianness() === 'LE' ? this.#received.readUInt32LE() : this.#received.readUInt32BE();
        if (this.#received.length >= 4 + length) {
          const body = this.#received.subarray(4, 4 + length);
          this.#received = this.#received.subarray(4 + length);
          this.frameSizes.push(length);
          return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
        }
      }
      if (this.#ended) {
        return undefined;
      }
      await new Promise((done) => (this.#wake = () => done(undefined)));
    }
  }

  /**
   * The reply to the oldest request, joined if it arrives in parts.
   *
   * @returns {Promise<any>}
   */
  async reply() {
    let text = '';
    for (let part = 0; ; part++) {
      const message = await this.receive();
      if (message?.part === undefined) {
        return message;
      }
      if (message.part !== part) {
        throw new Error(`part ${message.part} came instead of ${part}`);
      }
      text += message.text;
      if (message.last) {
        return JSON.parse(text);
      }
    }
  }

  /**
   * @param {string} op
   * @param {Record<string, unknown>} [members]
   * @returns {Promise<any>}  the whole reply
   */
  async request(op, members = {}) {
    const id = ++this.#lastId;
    this.send({ id, op, ...members });
    let reply = await this.reply();
    while (reply?.event === 'changed') {
      this.changes.push(reply.pluginData);
      reply = await this.reply();
    }
    if (reply?.id !== id) {
      throw new Error(`the reply to ${id} was ${JSON.stringify(reply)}`);
    }
    return reply;
  }

  /** @returns {Promise<any>} */
  hello() {
    return this.request('hello', { protocol: 1, extension: '0.0.0', browser: 'test' });
  }

  /**
   * @param {string} key
   * @param {string} data
   * @param {Record<string, unknown>} [place]
   */
  store(key, data, place) {
    return this.request('storeSecret', { ...PLACE, ...place, key, data });
  }

  /**
   * @param {string} key
   * @param {Record<string, unknown>} [place]
   */
  load(key, place) {
    return this.request('loadSecret', { ...PLACE, ...place, key });
  }
}

/**
 * A host that has answered hello.
 *
 * @param {import('node:test').TestContext} test
 * @param {ConstructorParameters<typeof HostProcess>[1]} [options]
 */
export async function greetedHost(test, options) {
  const host = new HostProcess(test, options);
  const reply = await host.hello();
  if (!reply?.ok) {
    host.closeInput();
    throw new Error(`hello failed: ${JSON.stringify(reply)} ${(await host.exit).stderr}`);
  }
  return host;
}
