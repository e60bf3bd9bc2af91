// SPDX-License-Identifier: MIT
// The page's side (the page's own world), before any script of the page. A page that never reads
// window.TrelloPowerUp pays for this file and nothing more.
import { openChannel } from './page/channel.js';
import './page/own-globals.js';
import { openSettings } from './page/settings.js';

const channel = openChannel();
const settings = openSettings(channel);
channel.onSettings(settings.change);

/** @type {any} */
let ours;
/** What the page assigned: Trello's library, if anything. @type {any} */
let assigned;
/** The same with our secret calls. @type {any} */
let taken;

/** Whether Trello's own library can work here: it needs its parent frame and what that one says. */
function isInTrello() {
  return (
    window.parent !== window &&
    require('./page/context.js').parseHash(window.location.hash)?.context instanceof Object
  );
}

Object.defineProperty(window, 'TrelloPowerUp', {
  configurable: true,
  enumerable: true,
  get() {
    // Required late, so that the promise class is evaluated only for a Power-Up.
    if (typeof assigned?.iframe === 'function' && isInTrello()) {
      taken ??= require('./page/takeover.js').takeOver(assigned, channel, settings);
      return taken;
    }
    ours ??= require('./page/power-up.js').createPowerUp(channel, settings);
    return ours;
  },
  // A copy of Trello's library that the page loads assigns itself.
  set(library) {
    if (library !== assigned) {
      assigned = library;
      taken = undefined;
    }
  },
});
