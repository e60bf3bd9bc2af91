// SPDX-License-Identifier: MIT
// The page's side (the page's own world), before any script of the page. A page that never reads
// window.TrelloPowerUp pays for this file and nothing more.
import { openChannel } from './page/channel.js';

const call = openChannel();

/** @type {object | undefined} */
let powerUp;

Object.defineProperty(window, 'TrelloPowerUp', {
  configurable: true,
  enumerable: true,
  get() {
    // Required late, so that the promise class is evaluated only for a Power-Up.
    powerUp ??= require('./page/power-up.js').createPowerUp(call);
    return powerUp;
  },
  // A copy of Trello's library that the page loads assigns itself; ours stays.
  set() {},
});
