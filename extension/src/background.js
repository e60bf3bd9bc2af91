// SPDX-License-Identifier: MIT
// Between the bridges of all frames and the one native host: adds who is calling.
import { callerOf } from './background/caller.js';
import { HostConnection } from './background/host-connection.js';
import { METHODS, ownError, SECRET_LENGTH_MAX } from './messages.js';

/** @typedef {import('./messages.js').Answer} Answer */

const host = new HostConnection({
  connectNative: () => chrome.runtime.connectNative(NATIVE_HOST_NAME),
  lastError: () => chrome.runtime.lastError?.message,
  extensionVersion: EXTENSION_VERSION,
  browser: navigator.userAgent,
});

/**
 * @param {any} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<Answer>}
 */
async function answer(message, sender) {
  /** @type {import('./messages.js').Method} */
  const method = message?.method;
  if (!Object.hasOwn(METHODS, method)) {
    return { ok: false, error: ownError('there is no such call.') };
  }
  const { required, optional } = METHODS[method];
  /** @type {Record<string, string>} */
  const members = {};
  for (const name of [...required, ...optional]) {
    const value = message.members?.[name];
    if (typeof value === 'string') {
      members[name] = value;
    } else if (value !== undefined || required.includes(name)) {
      return { ok: false, error: ownError(`${method} needs "${name}" as a string.`) };
    }
  }
  if ((members.data?.length ?? 0) > SECRET_LENGTH_MAX) {
    const message = `a secret has at most ${SECRET_LENGTH_MAX} characters; nothing was stored.`;
    return { ok: false, error: ownError(message) };
  }
  const caller = callerOf(sender);
  return 'error' in caller
    ? { ok: false, error: ownError(caller.error) }
    : host.request(method, { ...members, ...caller });
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  answer(message, sender).then(respond, (error) => {
    respond({ ok: false, error: ownError(`the extension failed: ${error.message}`) });
  });
  return true; // respond is called later
});
