// SPDX-License-Identifier: MIT
// Situations of real users, by name. Each acts on what the test has set up before.
import { randomBytes } from 'node:crypto';

/** @typedef {keyof typeof scenarios} ScenarioName */

export const scenarios = {
  /** A member who has never used the Power-Up is signed in. @param {import('./trello.js').Trello} trello */
  'new-member': (trello) => trello.signIn(randomBytes(12).toString('hex')),
  /** The member has connected in another browser: the key exists, the items do not. @param {import('./trello.js').Trello} trello */
  'connected-elsewhere': (trello) => trello.switchBrowser('another'),
  /** The browser denies localStorage. @param {import('./trello.js').Trello} trello */
  'storage-blocked': (trello) => trello.blockStorage(),
  /** Remove Personal Settings was pressed: the items exist, the key does not. @param {import('./trello.js').Trello} trello */
  'personal-settings-removed': (trello) => trello.removePersonalSettings(),
  /** After that, another browser made a new key. @param {import('./trello.js').Trello} trello */
  'key-replaced': (trello) => trello.rotateKey(),
  /** A page's storage at top level and its storage when embedded are separate. @param {import('./trello.js').Trello} trello */
  'storage-partitioned': (trello) => trello.partitionStorage(true),
  /** Nobody is signed in. @param {import('./trello.js').Trello} trello */
  'signed-out': (trello) => trello.signOut(),
  /** localStorage is full. @param {import('./trello.js').Trello} trello */
  'storage-full': (trello) => trello.fillStorage(),
};
