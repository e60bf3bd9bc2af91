// SPDX-License-Identifier: MIT
// A client of a host's socket, like the command line.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { frame } from './host-process.js';

/**
 * @param {string} state  the state folder
 * @param {number} pid
 */
export const socketPath = (state, pid) => join(state, 'hosts', `${pid}.sock`);

/** @param {string} state @returns {string[]}  the names in the folder, but for those of signals */
export function sockets(state) {
  return readdirSync(join(state, 'hosts'))
    .filter((name) => !name.endsWith('.changed'))
    .sort();
}

/** One connection. It ends with its test. */
export class ControlClient {
  /** Fulfilled when the connection has ended. @type {Promise<void>} */
  closed;
  #socket;
  #received = Buffer.alloc(0);
  #ended = false;
  /** @type {(() => void) | undefined} */
  #wake;

  /**
   * @param {import('node:test').TestContext} test
   * @param {string} state  the state folder of the host
   * @param {number} pid  of the host
   */
  constructor(test, state, pid) {
    this.#socket = createConnection(socketPath(state, pid));
    this.#socket.on('error', () => {}); // the host may close while we write; tests check `closed`
    this.#socket.on('data', (/** @type {Buffer} */ data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake?.();
    });
    this.closed = new Promise((done) => {
      this.#socket.on('close', () => {
        this.#ended = true;
        this.#wake?.();
        done();
      });
    });
    test.after(() => this.#socket.destroy());
  }

  /** @param {Buffer} bytes */
  sendBytes(bytes) {
    this.#socket.write(bytes);
  }

  /** @param {unknown} message */
  send(message) {
    this.sendBytes(frame(message));
  }

  /** Does not read from now on. */
  stopReading() {
    this.#socket.pause();
  }

  /** Everything that was written is on its way. */
  async drained() {
    if (this.#socket.writableLength > 0) {
      await once(this.#socket, 'drain');
    }
  }

  close() {
    this.#socket.destroy();
  }

  /** @returns {Promise<any>}  the next message, undefined when the connection ended without one */
  async receive() {
    for (;;) {
      if (this.#received.length >= 4) {
        const length =
          endianness() === 'LE' ? this.#received.readUInt32LE() : this.#received.readUInt32BE();
        if (this.#received.length >= 4 + length) {
          const body = this.#received.subarray(4, 4 + length);
          this.#received = this.#received.subarray(4 + length);
          return JSON.parse(body.toString('utf8'));
        }
      }
      if (this.#ended) {
        return undefined;
      }
      await new Promise((done) => (this.#wake = () => done(undefined)));
    }
  }
}

/**
 * A connection that has received its greeting.
 *
 * @param {import('node:test').TestContext} test
 * @param {string} state
 * @param {number} pid
 */
export async function connect(test, state, pid) {
  const client = new ControlClient(test, state, pid);
  const greeting = await client.receive();
  if (greeting?.pid !== pid) {
    throw new Error(`the greeting was ${JSON.stringify(greeting)}`);
  }
  return { client, greeting };
}
