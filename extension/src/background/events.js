// SPDX-License-Identifier: MIT
// What the host asks of this browser, for somebody at the command line.
import { applyScenes, describeFrames, invokeAt } from './frames.js';
import { registerScenes } from './scene-scripts.js';

/** One change of scene after the other, so that the last one stays. @type {Promise<unknown>} */
let applied = Promise.resolve();

/**
 * Brings every page up to date with what the host says now.
 *
 * @param {import('./host-connection.js').HostConnection} host
 */
export function apply(host) {
  const begun = applied.then(async () => {
    const answer = await host.request('scenes', {});
    if (!answer.ok) {
      throw new Error(answer.error.message);
    }
    /** @type {import('../messages.js').Scenes} */
    const scenes = answer.result;
    await registerScenes(chrome.scripting, scenes.scenes, BROWSER);
    // A page that does not answer keeps this command waiting, and not the next one's scene.
    return { pages: applyScenes(await chrome.tabs.query({}), scenes) };
  });
  applied = begun.catch(() => {});
  return begun.then(({ pages }) => pages);
}

/** @type {Record<string, (host: import('./host-connection.js').HostConnection, event: any) => Promise<any>>} */
const EVENTS = {
  apply: (host) => apply(host).then(() => null),
  invoke: (_host, { origin, command, args }) => invokeAt(origin, { command, args }),
  describe: async () => describeFrames(await chrome.tabs.query({})),
};

/**
 * Does what an event asks and confirms it.
 *
 * @param {import('./host-connection.js').HostConnection} host
 * @param {{event: string, ticket: number}} event
 */
export async function answerEvent(host, event) {
  let outcome;
  try {
    outcome = { result: (await EVENTS[event.event](host, event)) ?? null };
  } catch (error) {
    outcome = { error: /** @type {Error} */ (error).message };
  }
  await host.request('confirm', { ticket: event.ticket, ...outcome });
}
