// SPDX-License-Identifier: MIT
// Every frame of every tab, reached through the global that its bridge leaves in the extension's
// isolated world.

/** @typedef {import('../bridge/frame.js').Outcome} Outcome */
/** @typedef {import('../messages.js').Invocation} Invocation */

/** @type {Outcome} */
const GONE = { gone: true };

/**
 * Has one of the bridge's functions run in all frames of a tab, which are told in the order of the
 * calls. A script that waits inside a frame would wait for ever when its document goes away, so it
 * only begins; the end is asked for with a message, whose channel closes with the document.
 *
 * @param {number} tabId
 * @param {import('../bridge/frame.js').FrameMethod} name
 * @param {any[]} args
 * @returns {Promise<Outcome[]>}
 */
async function inFramesOf(tabId, name, args) {
  const ticket = crypto.randomUUID();
  const begun = await chrome.scripting
    .executeScript({
      target: { tabId, allFrames: true },
      injectImmediately: true,
      func: (
        /** @type {string} */ given,
        /** @type {string} */ method,
        /** @type {any[]} */ values,
      ) => {
        const { powerupSecrets } = /** @type {any} */ (globalThis);
        powerupSecrets?.begin(given, method, values);
        return powerupSecrets !== undefined;
      },
      args: [ticket, name, args],
    })
    // A tab without a bridge (an internal page, one that is going away) has nothing to say.
    .catch(() => []);
  return Promise.all(
    begun
      .filter(({ result }) => result)
      .map(({ frameId }) =>
        chrome.tabs.sendMessage(tabId, { end: ticket }, { frameId }).then(
          (outcome) => outcome ?? GONE,
          () => GONE,
        ),
      ),
  );
}

/**
 * @param {chrome.tabs.Tab[]} tabs
 * @param {Parameters<typeof inFramesOf>[1]} name
 * @param {...any} args
 * @returns {Promise<Outcome[]>}
 */
async function inEveryFrame(tabs, name, ...args) {
  return (await Promise.all(tabs.map(({ id = -1 }) => inFramesOf(id, name, args)))).flat();
}

/** @param {Outcome[]} outcomes */
function throwFirstError(outcomes) {
  const failed = outcomes.find(({ error }) => error !== undefined);
  if (failed !== undefined) {
    throw new Error(failed.error);
  }
}

/**
 * @param {chrome.tabs.Tab[]} tabs
 * @param {import('../messages.js').Scenes} scenes
 */
export async function applyScenes(tabs, scenes) {
  throwFirstError(await inEveryFrame(tabs, 'apply', scenes));
}

/**
 * Asks the page of an origin that has a handler for it.
 *
 * @param {string} origin
 * @param {Invocation} invocation
 * @returns {Promise<any>}  null when there is no such page
 */
export async function invokeAt(origin, invocation) {
  const outcomes = await inEveryFrame(await chrome.tabs.query({}), 'invoke', origin, invocation);
  const answer = outcomes.find(({ result }) => result !== undefined && result !== null);
  if (answer !== undefined) {
    return answer.result;
  }
  throwFirstError(outcomes);
  if (outcomes.some(({ gone }) => gone)) {
    throw new Error(`a page went away before it answered "${invocation.command}".`);
  }
  return null;
}

/**
 * The pages with a Power-Up.
 *
 * @param {chrome.tabs.Tab[]} tabs
 * @returns {Promise<{origin: string, url: string}[]>}
 */
export async function describeFrames(tabs) {
  const outcomes = await inEveryFrame(tabs, 'describe');
  return outcomes.map(({ result }) => result).filter(Boolean);
}
