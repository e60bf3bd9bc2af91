// SPDX-License-Identifier: MIT
// Faults that the tester has set for the next calls: an error, a delay, or no reply.
import { asOperational, resultOf, toError } from './errors.js';
import { ownSetTimeout } from './own-globals.js';

/**
 * @param {import('./channel.js').Channel} channel
 * @param {() => Promise<import('./settings.js').Settings>} confirmedSettings
 */
export function createFaults(channel, confirmedSettings) {
  /**
   * Applies the next fault that is set for a call, if there is one.
   *
   * @param {string} method  a secret call, or a request of the library: 'get', 'set', 'card', …
   * @param {boolean} [operational]  whether the library marks an error of this call as operational
   */
  return async (method, operational = false) => {
    if (!(await confirmedSettings()).faults) {
      return;
    }
    const fault = resultOf(await channel.ask('takeFault', { method }));
    switch (fault?.kind) {
      case 'error': {
        const name = fault.name ?? fault.class;
        const error = toError({ ...fault, name, operational: false });
        throw operational ? asOperational(error) : error;
      }
      case 'delay':
        await new Promise((resolve) => ownSetTimeout(resolve, fault.delayMs));
        break;
      case 'noReply':
        await new Promise(() => {});
        break;
    }
  };
}

/** @typedef {ReturnType<typeof createFaults>} Faults */
