// SPDX-License-Identifier: MIT
// What the host asks of this browser on behalf of the command line.
import { registerSettings } from './settings-scripts.js';

/** @typedef {import('./frames.js').Frames} Frames */
/** @typedef {import('./host-connection.js').HostConnection} HostConnection */

/** Changes of the settings are applied one after the other, so that the last one wins.
 * @type {Promise<unknown>} */
let applied = Promise.resolve();

/**
 * Brings every page up to date with the host's settings.
 *
 * @param {HostConnection} host
 * @param {Frames} frames
 */
export function apply(host, frames) {
  const started = applied.then(async () => {
    const answer = await host.request('listSettings', {});
    if (!answer.ok) {
      throw new Error(answer.error.message);
    }
    /** @type {import('../messages.js').AllSettings} */
    const settings = answer.result;
    await registerSettings(chrome.scripting, settings.origins, BROWSER);
    // A page that does not answer holds up this command, but not the next one.
    return { pages: frames.apply(settings) };
  });
  applied = started.catch(() => {});
  return started.then(({ pages }) => pages);
}

/** @type {Record<string, (host: HostConnection, frames: Frames, event: any) => Promise<any>>} */
const EVENTS = {
  apply: (host, frames) => apply(host, frames).then(() => null),
  invoke: (_host, frames, { origin, command, args }) => frames.invoke(origin, { command, args }),
  describe: (_host, frames) => frames.describe(),
};

/**
 * Handles an event of the host and confirms it.
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
