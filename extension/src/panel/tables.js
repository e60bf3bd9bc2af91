// SPDX-License-Identifier: MIT
// Rows of what the command line prints as JSON.
import { visible } from './visible.js';

/** The last time that a Date can have. */
const TIME_MAX = 8.64e15;

/** @param {any} value  of a page, of any type @returns {string} */
const textOf = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** @param {any} item  of `items --json` @returns {string[]} */
export function itemCells({ slot, profile, topLevelSite, value }) {
  return [`${slot.slice(0, 12)}…`, profile, topLevelSite ?? '', String(value.length)];
}

/** @param {any} call  of `calls --json` @returns {string[]} */
export function callCells({ at, method, problem, detail }) {
  const time = Math.abs(at) <= TIME_MAX ? new Date(at).toISOString().split(/[TZ]/)[1] : `${at}`;
  const outcome = problem ?? detail.error?.message ?? detail.outcome ?? '';
  return [time, method, textOf(detail.key ?? ''), textOf(outcome)];
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
