// SPDX-License-Identifier: MIT
// What the host asks of this browser on behalf of the command line.
import { passed, SILENT_MS } from './frames.js';

/** @typedef {import('./frames.js').Frames} Frames */
/** @typedef {import('./frames.js').Frame} Frame */
/** @typedef {import('./frames.js').Scope} Scope */
/** @typedef {import('./host-connection.js').HostConnection} HostConnection */

/**
 * Makes settings known to a page's first script.
 *
 * @typedef {object} SettingsAtStart
 * @property {(settings: import('../messages.js').AllSettings) => Promise<void>} register  fulfilled when every
 *   page that is opened from now on gets these settings, and no others
 */

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
 * Keeps what a page had not reported yet. Without an origin the host has no place for it.
 *
 * @param {HostConnection} host
 * @param {Frame} frame
 * @param {{calls: object[]}} report
 */
async function keep(host, { who: { caller } }, { calls }) {
  if (!('error' in caller) && calls.length > 0) {
    await resultOf(host, 'recordCalls', { origin: caller.origin, calls });
  }
}

/**
 * @param {number | undefined} ms
 * @param {AbortSignal} signal  by which nobody waits any more
 */
function limitsOf(ms, signal) {
  return ms === undefined
    ? {}
    : {
        limit: passed(ms, signal),
        registrationLimit: passed(Math.max(ms / 2, ms - 2 * SILENT_MS), signal), // and time to say why
      };
}

export class Events {
  #host;
  #frames;
  #settingsAtStart;
  #closed;
  /** Changes of the settings are applied one after the other, so that the last one wins.
   * @type {Promise<unknown>} */
  #applied = Promise.resolve();
  /** @type {Record<string, (event: any) => Promise<any>>} */
  #events = {
    apply: (scope) => this.apply(scope),
    report: (scope) =>
      this.#frames.report(scope, (frame, report) => keep(this.#host, frame, report)),
    render: (scope) => this.#frames.render(scope),
    invoke: ({ command, args, ...scope }) =>
      this.#frames.invoke({ ...scope, invocation: { command, args } }),
    describe: (scope) => this.#frames.describe(scope),
  };

  /**
   * @param {HostConnection} host
   * @param {Frames} frames
   * @param {SettingsAtStart} settingsAtStart
   * @param {AbortSignal} closed  by which the background is closed
   */
  constructor(host, frames, settingsAtStart, closed) {
    this.#host = host;
    this.#frames = frames;
    this.#settingsAtStart = settingsAtStart;
    this.#closed = closed;
  }

  /**
   * Brings pages up to date with the host's settings and data.
   *
   * @param {Scope & {registrationLimit?: Promise<'late'>,
   *   settings?: import('../messages.js').AllSettings}} scope  settings: the host's, unless they are to be
   *   asked for
   */
  apply(scope) {
    const started = this.#applied.then(async () => {
      /** @type {import('../messages.js').AllSettings} */
      const settings = scope.settings ?? (await resultOf(this.#host, 'listSettings', {}));
      // A page that is loaded meanwhile, with the scripts of before, gets the settings when it opens its port.
      const pages = this.#frames.apply(settings, scope);
      pages.catch(() => {}); // thrown below, unless registering has failed as well
      const registered = this.#settingsAtStart.register(settings);
      await inTime(this.#frames, registered, scope.registrationLimit);
      // A page that does not answer holds up this command, but not the next one.
      return { pages };
    });
    this.#applied = started.catch(() => {});
    return started.then(({ pages }) => pages);
  }

  /**
   * Handles an event of the host; confirms it, if it was asked for by somebody.
   *
   * @param {any} event
   */
  async answer(event) {
    if (event.event === 'changed') {
      this.#frames.see(event.pluginData);
      return;
    }
    let outcome;
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.#closed]);
    const scope = { ...event, ...limitsOf(event.limitMs, signal) };
    try {
      outcome = { result: (await this.#events[event.event](scope)) ?? null };
    } catch (error) {
      outcome = { error: /** @type {Error} */ (error).message };
    }
    ended.abort();
    const confirmed = await this.#host.request('confirm', { ticket: event.ticket, ...outcome });
    if (!confirmed.ok && outcome.error === undefined) {
      // A result that the host does not take, such as one that is too large: nobody is to wait for it.
      const { message } = confirmed.error;
      await this.#host.request('confirm', { ticket: event.ticket, error: message });
    }
  }
}
