// SPDX-License-Identifier: MIT
// A page that makes secret calls, and what is recorded of it.
import Bluebird from 'bluebird/js/main/bluebird.js';
import { MemoryStorage } from './browser-storage.js';

const window = Object.assign(new EventTarget(), {
  crypto: globalThis.crypto,
  localStorage: new MemoryStorage(),
});
Object.assign(globalThis, { window, Storage: MemoryStorage });
const { createCalls } = await import('../../extension/src/page/calls.js');
const { createSecrets } = await import('../../extension/src/page/secrets.js');

/** What each page's secrets begin with, so that they are found wherever they turn up. */
export const SECRET = 'hunter2-';

/** @param {{fidelity?: 'documented' | 'library', hasKey?: boolean}} [options] */
export function openPage({ fidelity = 'documented', hasKey = false } = {}) {
  const recorded = /** @type {any[]} */ ([]);
  const state = { hasKey, /** All calls, or those of a key. */ fails: /** @type {any} */ (false) };
  /** @param {any} result */
  const served = (result) => ({ answer: { ok: true, result }, kept: 'kept' });

  const channel = /** @type {any} */ ({
    record: (/** @type {any} */ entry) => recorded.push(structuredClone(entry)),
    settle: async () => served(null),
    async ask(/** @type {string} */ method, /** @type {any} */ { key }) {
      if (method === 'getSettings') {
        return served({ fidelity });
      }
      if (state.fails === true || state.fails === key) {
        const message = 'Decryption failed. Message: ';
        const error = { class: 'Error', name: 'Error', message, operational: true };
        return { answer: { ok: false, error } };
      }
      const madeKey = method === 'storeSecret' && !state.hasKey;
      state.hasKey ||= method === 'storeSecret';
      return served(method === 'loadSecret' ? SECRET : { key, value: 'kept', madeKey });
    },
  });
  const calls = createCalls(channel);
  const confirmedSettings = async () => /** @type {any} */ ({ fidelity });
  const start = createSecrets({
    Promise: Bluebird,
    channel,
    confirmedSettings,
    calls,
    applyFault: async () => {},
  });
  const pluginData = {
    get: async () => (state.hasKey ? 'aa' : undefined),
    set: async () => (state.hasKey = true),
  };
  const context = /** @type {any} */ ({ member: 'm' });
  const t = { getContext: () => context, isMemberSignedIn: () => context.member !== undefined };
  /** @param {'storeSecret' | 'loadSecret' | 'clearSecret'} method */
  const call =
    (method) =>
    (/** @type {[any, any?]} */ ...[key, data]) =>
      start(method, t, pluginData, key, data);

  return {
    Bluebird,
    calls,
    state,
    context,
    recorded,
    storeSecret: call('storeSecret'),
    loadSecret: call('loadSecret'),
    clearSecret: call('clearSecret'),
    /** The problems so far, by name. */
    problems: () => recorded.flatMap(({ problem }) => problem ?? []),
    /** An event of the browser or of bluebird. @param {object} members */
    unhandled: (members) =>
      window.dispatchEvent(Object.assign(new Event('unhandledrejection'), members)),
  };
}
