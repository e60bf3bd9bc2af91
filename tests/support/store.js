// SPDX-License-Identifier: MIT
// Reads and changes a store without the host's code, with the sqlite3 shell and the crypto module of
// Node.js.
import { execFileSync } from 'node:child_process';
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from './patience.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Creates a store with a host that is started as a browser starts it.
 *
 * @param {string} stateFolder
 */
export function createStore(stateFolder) {
  const build = process.env.POWERUP_SECRETS_BUILD ?? join(root, 'build/release');
  const host = process.env.POWERUP_SECRETS_HOST ?? join(build, 'powerup-secrets-host');
  const identity = JSON.parse(readFileSync(join(root, 'extension/identity.json'), 'utf8'));
  const hello = { id: 1, op: 'hello', protocol: 1, extension: '0.0.0', browser: 'test' };
  const body = Buffer.from(JSON.stringify(hello));
  const header = Buffer.alloc(4);
  endianness() === 'LE' ? header.writeUInt32LE(body.length) : header.writeUInt32BE(body.length);
  const output = execFileSync(
    // A browser that ends with its host: a command does not wait for it.
    '/bin/sh',
    [
      ...['-c', '"$0" "$@"; exit $?'],
      ...[resolve(host), `chrome-extension://${identity.chromiumExtensionId}/`],
    ],
    {
      input: Buffer.concat([header, body]),
      env: { ...process.env, POWERUP_SECRETS_DIR: stateFolder },
    },
  );
  const reply = JSON.parse(output.toString('utf8', 4));
  if (!reply.ok) {
    throw new Error(reply.error.message);
  }
}

/**
 * @param {string} stateFolder
 * @param {string} sql
 * @returns {any[]}
 */
export function query(stateFolder, sql) {
  const database = join(stateFolder, 'store.sqlite3');
  const text = execFileSync('sqlite3', ['-readonly', '-json', database, sql], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return text === '' ? [] : JSON.parse(text);
}

/**
 * Changes the database as another program would.
 *
 * @param {string} stateFolder
 * @param {string} sql
 */
export function execute(stateFolder, sql) {
  const options = ['-bail', '-cmd', `.timeout ${PATIENCE_MS}`, join(stateFolder, 'store.sqlite3')];
  execFileSync('sqlite3', options, { input: sql });
}

/**
 * Any string as an SQL expression.
 *
 * @param {string} value
 */
function text(value) {
  return `CAST(X'${Buffer.from(value).toString('hex')}' AS TEXT)`;
}

/**
 * Seals and opens the values of a store with its root key (the format is described in
 * host/seal.h).
 *
 * @param {string} stateFolder
 */
function sealOf(stateFolder) {
  const info = 'powerup-secrets sealing key, version 1';
  const rootKey = readFileSync(join(stateFolder, 'root.key'));
  const key = new Uint8Array(hkdfSync('sha256', rootKey, new Uint8Array(0), info, 32));
  const version = Buffer.from([1]);
  const authenticated = (/** @type {string[]} */ fields) =>
    Buffer.concat([
      version,
      ...fields.flatMap((field) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(Buffer.byteLength(field));
        return [length, Buffer.from(field)];
      }),
    ]);
  return {
    /**
     * @param {string[]} fields  where it belongs
     * @param {string} opened
     */
    close(fields, opened) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(fields));
      const ciphertext = Buffer.concat([cipher.update(opened), cipher.final()]);
      return Buffer.concat([version, nonce, ciphertext, cipher.getAuthTag()]).toString('hex');
    },
    /**
     * @param {string[]} fields
     * @param {string} hex
     */
    open(fields, hex) {
      const sealed = Buffer.from(hex, 'hex');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13));
      decipher.setAAD(authenticated(fields)).setAuthTag(sealed.subarray(-16));
      const opened = Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]);
      return opened.toString('utf8');
    },
  };
}

/**
 * The stored items, oldest first.
 *
 * @param {string} stateFolder
 * @returns {{profile: string, origin: string, site: string, slot: string, value: string}[]}
 */
export function items(stateFolder) {
  return query(
    stateFolder,
    `SELECT browser_profile AS profile, origin, top_level_site AS site, slot, value
     FROM item JOIN storage_key ON storage_key.id = item.storage_key ORDER BY item.id`,
  );
}

/**
 * @typedef {object} PluginDataPlace
 * @property {string} power_up
 * @property {string} scope
 * @property {string} owner
 * @property {string} visibility
 * @property {string} [viewer]  the member who sees a private text of a board, card or organization
 */

/** @param {PluginDataPlace} place @returns {string[]}  what its seal is bound to */
function sealedFields({ power_up, scope, owner, visibility, viewer }) {
  return ['plugin_data', power_up, scope, owner, visibility, ...(viewer ? [viewer] : [])];
}

/**
 * The plugin data, opened with the root key.
 *
 * @param {string} stateFolder
 * @returns {(Required<PluginDataPlace> & {text: string})[]}
 */
export function pluginData(stateFolder) {
  const seal = sealOf(stateFolder);
  const rows = query(
    stateFolder,
    'SELECT power_up, scope, owner, visibility, viewer, hex(sealed) AS hex FROM plugin_data',
  );
  return rows.map(({ hex, ...place }) => ({ ...place, text: seal.open(sealedFields(place), hex) }));
}

/**
 * Stores a text where Trello would keep it; null removes it.
 *
 * @param {string} stateFolder  of an existing store, as for all functions below
 * @param {PluginDataPlace} place
 * @param {string | null} value
 */
export function setPluginDataText(stateFolder, place, value) {
  const { power_up, scope, owner, visibility, viewer = '' } = place;
  const columns = [power_up, scope, owner, visibility, viewer].map(text).join(', ');
  execute(
    stateFolder,
    value === null
      ? `DELETE FROM plugin_data
         WHERE (power_up, scope, owner, visibility, viewer) = (${columns})`
      : `INSERT OR REPLACE INTO plugin_data (power_up, scope, owner, visibility, viewer, sealed)
         VALUES (${columns}, X'${sealOf(stateFolder).close(sealedFields(place), value)}')`,
  );
}

/**
 * The calls of pages, oldest first, with their details opened.
 *
 * @param {string} stateFolder
 * @returns {{id: number, at: number, origin: string, method: string, problem: string | null, detail: any}[]}
 */
export function calls(stateFolder) {
  const seal = sealOf(stateFolder);
  const rows = query(
    stateFolder,
    'SELECT id, at, origin, method, problem, hex(sealed) AS hex FROM call ORDER BY id',
  );
  return rows.map(({ hex, ...call }) => ({
    ...call,
    detail: JSON.parse(seal.open(['call', call.origin, call.method], hex)),
  }));
}

/**
 * @param {string} stateFolder
 * @param {string} origin  '' for all
 * @param {string} name
 * @param {string | null} value  null removes it
 */
export function setScenario(stateFolder, origin, name, value) {
  execute(
    stateFolder,
    value === null
      ? `DELETE FROM setting WHERE (origin, name) = (${text(origin)}, ${text(name)})`
      : `INSERT OR REPLACE INTO setting (origin, name, value)
         VALUES (${[origin, name, value].map(text).join(', ')})`,
  );
}

/**
 * Declares origins to be one Power-Up.
 *
 * @param {string} stateFolder
 * @param {string} powerUp
 * @param {string[]} origins
 */
export function joinPowerUp(stateFolder, powerUp, origins) {
  const rows = origins.map((origin) => `(${text(origin)}, ${text(powerUp)})`);
  execute(
    stateFolder,
    `INSERT OR REPLACE INTO power_up_origin (origin, power_up) VALUES ${rows.join(', ')}`,
  );
}

/**
 * Sets the answer to t.METHOD().
 *
 * @param {string} stateFolder
 * @param {string} origin  '' for all
 * @param {string} method
 * @param {unknown} value  any JSON value; undefined removes the answer
 */
export function setAnswer(stateFolder, origin, method, value) {
  execute(
    stateFolder,
    value === undefined
      ? `DELETE FROM answer WHERE (origin, method) = (${text(origin)}, ${text(method)})`
      : `INSERT OR REPLACE INTO answer (origin, method, json)
         VALUES (${[origin, method, JSON.stringify(value)].map(text).join(', ')})`,
  );
}

/**
 * Decrypts a stored value as Trello's library does.
 *
 * @param {string} aescbc  the member's key in hex
 * @param {string} value  "IV;CIPHERTEXT"
 * @returns {string}
 */
export function decrypt(aescbc, value) {
  const [iv, ciphertext] = value.split(';').map((part) => Buffer.from(part, 'hex'));
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(aescbc, 'hex'), iv);
  const text = Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  const secret = text.slice(64);
  if (createHash('sha256').update(secret).digest('hex') !== text.slice(0, 64)) {
    throw new Error('the digest does not fit');
  }
  return secret;
}

/**
 * The names of the files in a folder that hold one of the given runs of bytes.
 *
 * @param {string} folder
 * @param {(string | Buffer)[]} needles
 * @returns {string[]}
 */
export function filesHolding(folder, needles) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .filter((name) => {
      const bytes = readFileSync(join(folder, name));
      return needles.some((needle) => bytes.includes(needle));
    });
}
