// SPDX-License-Identifier: MIT
// Every frame of every tab, reached through the global that its bridge leaves in the extension's
// isolated world.

/** @typedef {import('../messages.js').Invocation} Invocation */

/**
 * Runs one of the bridge's functions in all frames.
 *
 * @param {keyof import('../bridge/frame.js').Frame} name
 * @param {any[]} args
 * @param {chrome.tabs.Tab[]} [given]  default: all tabs
 * @returns {Promise<any[]>}  what each frame gave; null where there was nothing to say
 */
async function inEveryFrame(name, args, given) {
  const tabs = given ?? (await chrome.tabs.query({}));
  const results = await Promise.all(
    tabs.map(({ id = -1 }) =>
      chrome.scripting
        .executeScript({
          target: { tabId: id, allFrames: true },
          injectImmediately: true,
          func: (/** @type {string} */ method, /** @type {any[]} */ values) =>
            /** @type {any} */ (globalThis).powerupSecrets?.[method](...values) ?? null,
          args: [name, args],
        })
        // A tab without a bridge (an internal page, one that is going away) has nothing to say.
        .catch(() => []),
    ),
  );
  return results.flat().map(({ result }) => result);
}

/** @param {import('../messages.js').Scenes} scenes */
export async function applyScenes(scenes) {
  await inEveryFrame('apply', [scenes]);
}

/**
 * Asks the page of an origin that has a handler for it.
 *
 * @param {string} origin
 * @param {Invocation} invocation
 * @returns {Promise<any>}  null when there is no such page
 */
export async function invokeAt(origin, invocation) {
  const answers = await inEveryFrame('invoke', [origin, invocation]);
  return answers.find((answer) => answer !== null) ?? null;
}

/**
 * The open pages with a Power-Up.
 *
 * @param {chrome.tabs.Tab[]} [tabs]  default: all tabs
 * @returns {Promise<{origin: string, url: string}[]>}
 */
export async function describeFrames(tabs) {
  return (await inEveryFrame('describe', [], tabs)).filter((page) => page !== null);
}
