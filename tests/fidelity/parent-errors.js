// SPDX-License-Identifier: MIT
// Recorded errors that came from the parent frame: the next requests are made to fail so.
import { command } from '../e2e/stage.js';

/** The fault of each request of the library. @type {Record<string, string>} */
const OPS = { data: 'get', set: 'set' };

/**
 * @param {import('./playback.js').Playback} playback
 * @param {string} origin
 * @param {import('./cases.js').RecordedCall[]} calls  that are about to be made, in one tick
 */
export async function failParent(playback, origin, calls) {
  /** How often, by request and error. @type {Map<string, number>} */
  const times = new Map();
  for (const { expect } of calls) {
    const { class: errorClass = '', message = '' } = expect.reject ?? {};
    const request = /\(Command: (data|set)\)$/.exec(message)?.[1];
    if (request !== undefined) {
      const fault = `${OPS[request]} ${errorClass}:${message}`;
      // Reads of one tick are one request.
      times.set(fault, request === 'data' ? 1 : (times.get(fault) ?? 0) + 1);
    }
  }
  for (const [fault, count] of times) {
    const [op, ...error] = fault.split(' ');
    const met = ['--op', op, '--error', error.join(' '), '--times', `${count}`];
    await command(playback.stage, 'fault', '--origin', origin, ...met);
  }
}
