// SPDX-License-Identifier: MIT
// What the host asks of this browser, for somebody at the command line.
import { registerScenes } from './scene-scripts.js';

/** @typedef {import('./frames.js').Frames} Frames */
/** @typedef {import('./host-connection.js').HostConnection} HostConnection */

/** One change of scene after the other, so that the last one stays. @type {Promise<unknown>} */
let applied = Promise.resolve();

/**
 * Brings every page up to date with what the host says now.
 *
 * @param {HostConnection} host
 * @param {Frames} frames
 */
export function apply(host, frames) {
  const begun = applied.then(async () => {
    const answer = await host.request('listSettings', {});
    if (!answer.ok) {
      throw new Error(answer.error.message);
    }
    /** @type {import('../messages.js').Scenes} */
    const scenes = answer.result;
    await registerScenes(chrome.scripting, scenes.origins, BROWSER);
    // A page that does not answer keeps this command waiting, and not the next one's scene.
    return { pages: frames.apply(scenes) };
  });
  applied = begun.catch(() => {});
  return begun.then(({ pages }) => pages);
}

/** @type {Record<string, (host: HostConnection, frames: Frames, event: any) => Promise<any>>} */
const EVENTS = {
  apply: (host, frames) => apply(host, frames).then(() => null),
  invoke: (_host, frames, { origin, command, args }) => frames.invoke(origin, { command, args }),
  describe: (_host, frames) => frames.describe(),
};

/**
 * Does what an event asks and confirms it.
 *
 * @param {HostConnection} host
 * @param {Frames} frames
 * @param {{event: string, ticket: number}} event
 */
export async function answerEvent(host, frames, event) {
  let outcome;
  try {
    outcome = { result: (await EVENTS[event.event](host, frames, event)) ?? null };
  } catch (error) {
    outcome = { error: /** @type {Error} */ (error).message };
  }
  await host.request('confirm', { ticket: event.ticket, ...outcome });
}
