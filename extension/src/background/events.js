// SPDX-License-Identifier: MIT
// What the host asks of this browser on behalf of the command line.
import { passed, SILENT_MS } from './frames.js';
import { SettingsScripts } from './settings-scripts.js';

/** @typedef {import('./frames.js').Frames} Frames */
/** @typedef {import('./frames.js').Frame} Frame */
/** @typedef {import('./frames.js').Scope} Scope */
/** @typedef {import('./host-connection.js').HostConnection} HostConnection */

const scripts = new SettingsScripts(chrome.scripting, BROWSER);

/** Changes of the settings are applied one after the other, so that the last one wins.
 * @type {Promise<unknown>} */
let applied = Promise.resolve();

/**
 * @param {HostConnection} host
 * @param {string} op
 * @param {Record<string, unknown>} members
 */
async function resultOf(host, op, members) {
  const answer = await host.request(op, members);
  if (!answer.ok) {
    throw new Error(answer.error.message);
  }
  return answer.result;
}

/**
 * @param {Frames} frames
 * @param {Promise<void>} registered  Firefox registers scripts in each process that has pages, and waits
 *   for one that is busy
 * @param {Promise<'late'>} [limit]
 */
async function inTime(frames, registered, limit) {
  if (limit !== undefined && (await Promise.race([registered, limit])) === 'late') {
    const silent = await frames.silent();
    throw new Error(
      `the browser has not registered the settings: it waits for a process that is busy. These pages do not answer: ${silent.join(', ') || 'none'}`,
    );
  }
  await registered;
}

/**
 * Brings pages up to date with the host's settings and data.
 *
 * @param {HostConnection} host
 * @param {Frames} frames
 * @param {Scope & {registrationLimit?: Promise<'late'>,
 *   settings?: import('../messages.js').AllSettings}} scope  settings: the host's, unless they are to be asked
 *   for
 */
export function apply(host, frames, scope) {
  const started = applied.then(async () => {
    /** @type {import('../messages.js').AllSettings} */
    const settings = scope.settings ?? (await resultOf(host, 'listSettings', {}));
    // A page that is loaded meanwhile, with the scripts of before, gets the settings when it opens its port.
    const pages = frames.apply(settings, scope);
    pages.catch(() => {}); // thrown below, unless registering has failed as well
    await inTime(frames, scripts.register(settings), scope.registrationLimit);
    // A page that does not answer holds up this command, but not the next one.
    return { pages };
  });
  applied = started.catch(() => {});
  return started.then(({ pages }) => pages);
}

/**
 * Keeps what a page had not reported yet. Without an origin the host has no place for it.
 *
 * @param {HostConnection} host
 * @param {Frame} frame
 * @param {{calls: object[]}} report
 */
async function keep(host, { caller }, { calls }) {
  if (!('error' in caller) && calls.length > 0) {
    await resultOf(host, 'recordCalls', { origin: caller.origin, calls });
  }
}

/** @param {number} [ms] */
function limitsOf(ms) {
  return ms === undefined
    ? {}
    : {
        limit: passed(ms),
        registrationLimit: passed(Math.max(ms / 2, ms - 2 * SILENT_MS)), // and time to say why
      };
}

/** @type {Record<string, (host: HostConnection, frames: Frames, event: any) => Promise<any>>} */
const EVENTS = {
  apply: (host, frames, scope) => apply(host, frames, scope),
  report: (host, frames, scope) =>
    frames.report(scope, (frame, report) => keep(host, frame, report)),
  render: (_host, frames, scope) => frames.render(scope),
  invoke: (_host, frames, { command, args, ...scope }) =>
    frames.invoke({ ...scope, invocation: { command, args } }),
  describe: (_host, frames, scope) => frames.describe(scope),
};

/**
 * Handles an event of the host; confirms it, if it was asked for by somebody.
 *
 * @param {HostConnection} host
 * @param {Frames} frames
 * @param {any} event
 */
export async function answerEvent(host, frames, event) {
  if (event.event === 'changed') {
    frames.see(event.pluginData);
    return;
  }
  let outcome;
  const scope = {
    ...event,
    ...limitsOf(event.limitMs),
  };
  try {
    outcome = { result: (await EVENTS[event.event](host, frames, scope)) ?? null };
  } catch (error) {
    outcome = { error: /** @type {Error} */ (error).message };
  }
  await host.request('confirm', { ticket: event.ticket, ...outcome });
}
