// SPDX-License-Identifier: MIT
// Rows of what the command line prints as JSON.
import { visible } from './visible.js';

/** @param {any} item  of `items --json` @returns {string[]} */
export function itemCells({ slot, profile, topLevelSite, value }) {
  return [`${slot.slice(0, 12)}…`, profile, topLevelSite ?? '', String(value.length)];
}

/** @param {any} call  of `calls --json` @returns {string[]} */
export function callCells({ at, method, problem, detail }) {
  const time = new Date(at).toISOString().slice(11, 23);
  const outcome = problem ?? detail.error?.message ?? detail.outcome ?? '';
  return [time, method, detail.key ?? '', outcome];
}

/**
 * @template T
 * @param {HTMLTableElement} table
 * @param {T[]} rows
 * @param {(row: T) => string[]} cells
 */
export function fill(table, rows, cells) {
  const body = table.tBodies[0];
  body.replaceChildren();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of cells(row)) {
      line.insertCell().textContent = visible(text);
    }
  }
  if (rows.length === 0) {
    body.insertRow().insertCell().textContent = 'none';
  }
}
