// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

/**
 * Stops a process of another program. The signal alone does not: it may go on for some time.
 *
 * @param {number} pid
 */
export async function stop(pid) {
  process.kill(pid, 'SIGSTOP');
  while (!/^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) {
    await new Promise((done) => setImmediate(done));
  }
}
