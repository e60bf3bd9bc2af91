// SPDX-License-Identifier: MIT
// Reads a store from outside, with none of the host's code: SQLite's own shell and Node.js's crypto.
import { execFileSync } from 'node:child_process';
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
 * Changes the database behind the host's back.
 *
 * @param {string} stateFolder
 * @param {string} sql
 */
export function execute(stateFolder, sql) {
  execFileSync('sqlite3', [
    '-bail',
    '-cmd',
    '.timeout 10000',
    join(stateFolder, 'store.sqlite3'),
    sql,
  ]);
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
 * The plugin data, opened with the root key (the format is described in host/seal.h).
 *
 * @param {string} stateFolder
 * @returns {{power_up: string, scope: string, owner: string, visibility: string, text: string}[]}
 */
export function pluginData(stateFolder) {
  const info = 'powerup-secrets sealing key, version 1';
  const rootKey = readFileSync(join(stateFolder, 'root.key'));
  const key = new Uint8Array(hkdfSync('sha256', rootKey, new Uint8Array(0), info, 32));
  const rows = query(
    stateFolder,
    'SELECT power_up, scope, owner, visibility, hex(sealed) AS hex FROM plugin_data',
  );
  return rows.map(({ hex, ...place }) => {
    const sealed = Buffer.from(hex, 'hex');
    const fields = ['plugin_data', place.power_up, place.scope, place.owner, place.visibility];
    const authenticated = fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(field));
      return [length, Buffer.from(field)];
    });
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13));
    decipher.setAAD(Buffer.concat([sealed.subarray(0, 1), ...authenticated]));
    decipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]);
    return { ...place, text: text.toString('utf8') };
  });
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
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return needles.some((needle) => bytes.includes(needle));
  });
}
