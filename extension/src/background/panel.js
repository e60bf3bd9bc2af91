// SPDX-License-Identifier: MIT
// What the toolbar panel may ask for: everything that the command line does.
import { ownError } from '../messages.js';
import { passed } from './frames.js';

/** @typedef {import('../messages.js').Answer} Answer */

/** How long the panel waits for pages. */
const PAGES_MS = 2_000;

/**
 * Whether the panel is the sender, and not a page: a page cannot embed the panel, and a content script
 * has the address of its page.
 *
 * @param {chrome.runtime.MessageSender} sender
 */
export function isPanel(sender) {
  return sender.id === chrome.runtime.id && sender.url === chrome.runtime.getURL('panel.html');
}

/** Commands run in the order in which they were asked for. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * A host of its own runs a command: the one that serves pages can start nothing.
 *
 * @param {import('./host-connection.js').HostConnection} host  not connected yet
 * @param {string[]} command
 * @returns {Promise<Answer>}
 */
async function run(host, command) {
  const answer = await host.request('command', { arguments: command });
  host.close();
  return answer;
}

/**
 * @param {import('./host-connection.js').HostConnection} host
 * @param {() => import('./host-connection.js').HostConnection} another  to a host that serves no pages
 * @param {import('./frames.js').Frames} frames
 * @param {any} asked  {command: arguments of the command line}, {settingsOf: origin} or {pagesOf: tab}
 * @returns {Promise<Answer>}
 */
export async function answerPanel(host, another, frames, asked) {
  if (typeof asked?.settingsOf === 'string') {
    return host.request('getSettings', { origin: asked.settingsOf });
  }
  if (typeof asked?.pagesOf === 'number') {
    const pages = await frames.describe({ limit: passed(PAGES_MS) });
    return { ok: true, result: pages.filter(({ tab }) => tab === asked.pagesOf) };
  }
  if (Array.isArray(asked?.command)) {
    const mine = last.then(() => run(another(), asked.command));
    last = mine.catch(() => {});
    return mine;
  }
  return { ok: false, error: ownError('the extension does not know this request.') };
}
