// SPDX-License-Identifier: MIT
// What Trello's documentation promises. The host makes keys, one request at a time, so that none is
// lost; the page's localStorage follows the host's answers, which come in the order of the calls.
import { secretTexts, valueLength } from './conversion.js';
import { resultOf } from './errors.js';
import { isOwnError } from '../messages.js';
import { checkRoom, touch } from './local-storage.js';

/** @type {import('./secrets.js').SecretCalls} */
export const documented = {
  async store({ channel, keyMade }, place, slot, data) {
    touch('setItem');
    const texts = secretTexts(data);
    checkRoom(slot, valueLength(texts.data));
    const served = await channel.ask('storeSecret', { ...place, ...texts }, slot);
    const { key, value, madeKey } = resultOf(served);
    if (madeKey) {
      keyMade();
    }
    try {
      window.localStorage.setItem(slot, value);
    } finally {
      await channel.settle(slot);
    }
    return { key, value };
  },

  async load({ channel }, place, slot) {
    touch('getItem');
    const served = await channel.ask('loadSecret', { ...place }, slot);
    const local = window.localStorage.getItem(slot);
    if (!local) {
      return isOwnError(served.answer) ? resultOf(served) : null;
    }
    return resultOf(
      local === served.kept
        ? served
        : // A value that the page itself put there takes precedence.
          await channel.ask('loadSecret', { ...place, value: `${local}` }),
    );
  },

  async clear({ channel }, place, slot) {
    touch('removeItem');
    resultOf(await channel.ask('clearSecret', { ...place }, slot));
    try {
      window.localStorage.removeItem(slot);
    } finally {
      await channel.settle(slot);
    }
    return null;
  },
};
