// SPDX-License-Identifier: MIT
// What power-up.js 1.25.1 does, step by step in its order, with all consequences. The host only
// encrypts and decrypts, and keeps a copy of the items in the page's localStorage.
import { secretTexts, valueLength } from './conversion.js';
import { resultOf } from './errors.js';
import { checkRoom } from './local-storage.js';
import { STORAGE_QUOTA } from '../messages.js';

/** @param {any} aescbc  truthy */
function checkKeyType(aescbc) {
  if (typeof aescbc !== 'string') {
    throw new TypeError('e.toLowerCase is not a function');
  }
}

/** @type {import('./secrets.js').SecretCalls} */
export const library = {
  async store({ channel, pluginData, keyMade }, place, slot, data) {
    resultOf(await channel.settle(slot));
    const found = (await pluginData.get('member', 'private', 'aescbc')) || undefined;
    if (found === undefined) {
      keyMade();
    } else {
      checkKeyType(found);
    }
    const texts = secretTexts(data);
    const length = valueLength(texts.data);
    if (length > STORAGE_QUOTA) {
      checkRoom(slot, length); // too large for any localStorage: no need to ask the host
    }
    const { key, value, aescbc } = resultOf(
      await channel.ask('encryptSecret', { ...place, ...texts, aescbc: found }),
    );
    window.localStorage.setItem(slot, value);
    resultOf(await channel.settle(slot));
    await pluginData.set('member', 'private', 'aescbc', aescbc);
    return { key, value };
  },

  async load({ channel, pluginData }, _place, slot) {
    resultOf(await channel.settle(slot));
    const value = window.localStorage.getItem(slot);
    if (!value) {
      return null;
    }
    const aescbc = await pluginData.get('member', 'private', 'aescbc');
    if (!aescbc) {
      return null;
    }
    checkKeyType(aescbc);
    return resultOf(await channel.ask('decryptSecret', { aescbc, value: `${value}` }));
  },

  async clear({ channel }, _place, slot) {
    resultOf(await channel.settle(slot));
    window.localStorage.removeItem(slot);
    resultOf(await channel.settle(slot));
    return null;
  },
};
