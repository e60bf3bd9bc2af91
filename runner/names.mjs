// SPDX-License-Identifier: MIT
// Writes src/names.js, the names that tests use, from the tables of the extension.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** The file that is written; it is kept in the repository, so that sources can be checked without a build. */
export const NAMES_FILE = fileURLToPath(new URL('src/names.js', import.meta.url));

/** @param {string} name */
const table = (name) =>
  JSON.parse(readFileSync(new URL(`../extension/${name}.json`, import.meta.url), 'utf8'));

/** @typedef {{name: string, kind: string, fault?: string}} Method  a row of methods.json */

/** @returns {Promise<string>}  the text of src/names.js */
export async function namesSource() {
  /** @type {Method[]} */
  const methods = table('methods');
  /** @param {string[]} kinds */
  const namesOf = (...kinds) =>
    JSON.stringify(methods.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name));
  const faults = methods.flatMap(({ name, fault }) => (fault === undefined ? [] : [[name, fault]]));
  const shared = faults.filter(([name, fault]) => name !== fault);
  const source = `// SPDX-License-Identifier: MIT
// The names of t's calls and of capabilities. Written by runner/build.mjs from extension/methods.json and
// extension/capabilities.json.

export const SECRET_METHODS = /** @type {const} */ (${namesOf('secret')});
const DATA_METHODS = /** @type {const} */ (${namesOf('data')});
const DATA_FAULTS = /** @type {const} */ (${JSON.stringify([...new Set(faults.map(([, fault]) => fault))])});
const SHOWN_METHODS = /** @type {const} */ (${namesOf('shown')});

/** Calls of t that an answer can be set for. */
export const ANSWERED_METHODS = /** @type {const} */ (${namesOf('read', 'answered')});

/** Calls of t that can fail, wait or never be answered. */
export const FAULTY_METHODS = /** @type {const} */ ([
  ...SECRET_METHODS,
  ...DATA_FAULTS,
  ...SHOWN_METHODS,
  ...ANSWERED_METHODS,
]);

/** Calls of t that have no fault of their own, and the one that they share. @type {Record<string, string>} */
export const SHARED_FAULTS = ${JSON.stringify(Object.fromEntries(shared))};

/** Calls of t that are recorded. */
export const RECORDED_METHODS = /** @type {const} */ ([
  ...SECRET_METHODS,
  ...DATA_METHODS,
  ...SHOWN_METHODS,
  ...ANSWERED_METHODS,
]);

/** What Trello asks a Power-Up for: names given to TrelloPowerUp.initialize. */
export const CAPABILITIES = /** @type {const} */ (${JSON.stringify(table('capabilities'))});

/** @typedef {typeof ANSWERED_METHODS[number]} AnsweredMethod */
/** @typedef {typeof FAULTY_METHODS[number]} FaultyMethod */
/** @typedef {typeof RECORDED_METHODS[number]} RecordedMethod */
/** @typedef {typeof CAPABILITIES[number]} Capability */
`;
  return format(source, { ...(await resolveConfig(NAMES_FILE)), filepath: NAMES_FILE });
}
