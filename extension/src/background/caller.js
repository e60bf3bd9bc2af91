// SPDX-License-Identifier: MIT
// Who calls, according to the browser's sender object alone.
import { siteOf } from './site.js';

/**
 * Whether a content script of this extension, in a frame of a tab, is the sender.
 *
 * @param {chrome.runtime.MessageSender | undefined} sender
 */
export function isContentScript(sender) {
  return (
    sender?.id === chrome.runtime.id &&
    sender.tab !== undefined &&
    sender.frameId !== undefined &&
    !chrome.runtime.getURL('').startsWith(`${sender.origin}/`)
  );
}

/** @typedef {{origin: string, topLevelSite?: string} | {error: string}} Caller  topLevelSite only for a frame
 *   that is embedded in another site */

/**
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Caller}
 */
export function callerOf(sender) {
  // Not sender.url: in a sandboxed frame it still looks same-origin.
  const origin = sender.origin;
  if (origin === undefined || sender.tab === undefined || !isContentScript(sender)) {
    return { error: 'only pages in a tab have secrets.' };
  }
  if (!/^https?:/.test(origin)) {
    return {
      error: `a page of origin ${origin} has no storage; serve it from http or https, and give a sandboxed frame allow-same-origin.`,
    };
  }
  if (sender.frameId === 0) {
    return { origin };
  }
  const topLevelSite = siteOf(sender.tab.url ?? '');
  return topLevelSite === siteOf(origin) ? { origin } : { origin, topLevelSite };
}
