// SPDX-License-Identifier: MIT
// What real users meet, by name. Each acts on what the test has set up before.
import { randomBytes } from 'node:crypto';

/** @typedef {keyof typeof scenarios} ScenarioName */

export const scenarios = {
  /** Somebody is signed in who has never used the Power-Up. @param {import('./trello.js').Trello} trello */
  'new-member': (trello) => trello.signIn(randomBytes(12).toString('hex')),
  /** The member has connected in another browser: the key is there, the items are not. @param {import('./trello.js').Trello} trello */
  'connected-elsewhere': (trello) => trello.switchBrowser('another'),
  /** The browser denies localStorage. @param {import('./trello.js').Trello} trello */
  'storage-blocked': (trello) => trello.blockStorage(),
  /** Remove Personal Settings was pressed: the items are there, the key is not. @param {import('./trello.js').Trello} trello */
  'personal-settings-removed': (trello) => trello.removePersonalSettings(),
  /** After that, another browser made a new key. @param {import('./trello.js').Trello} trello */
  'key-replaced': (trello) => trello.rotateKey(),
  /** What a page stored at top level is not there where it is embedded, and the other way round. @param {import('./trello.js').Trello} trello */
  'storage-partitioned': (trello) => trello.partitionStorage(true),
  /** Nobody is signed in. @param {import('./trello.js').Trello} trello */
  'signed-out': (trello) => trello.signOut(),
  /** localStorage is full. @param {import('./trello.js').Trello} trello */
  'storage-full': (trello) => trello.fillStorage(),
};
