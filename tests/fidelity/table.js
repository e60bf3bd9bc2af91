// SPDX-License-Identifier: MIT
import { meta } from './cases.js';

/**
 * What the cases came to, with the names of those that did not pass.
 *
 * @param {{id: string}[]} cases
 * @param {Set<string>} passed
 * @param {Record<string, string>} notApplicable  with the reasons
 */
export function printTable(cases, passed, notApplicable) {
  const ids = cases.map(({ id }) => id);
  const left = ids.filter((id) => Object.hasOwn(notApplicable, id));
  const failed = ids.filter((id) => !passed.has(id) && !left.includes(id));
  const rows = [
    `Fidelity to ${meta.library}: ${cases.length} recorded cases`,
    row('passed', passed.size),
    row('failed', failed.length),
    ...failed.map((id) => `           ${id}`),
    row('not applicable', left.length),
    ...left.map((id) => `           ${id}: ${notApplicable[id]}`),
  ];
  console.log(`\n${rows.join('\n')}\n`);
}

/**
 * @param {string} result
 * @param {number} count
 */
const row = (result, count) => `  ${String(count).padStart(6)}  ${result}`;
