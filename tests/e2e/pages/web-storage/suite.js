// SPDX-License-Identifier: MIT
// Says what is stored, and runs every case, each time with nothing stored.
import { describe } from './describe.js';
import { BETWEEN_DOCUMENTS, DOCUMENTS } from './documents.js';
import { ENTRIES } from './entries.js';
import { EVENTS } from './events.js';
import { INTERFACES } from './interfaces.js';
import { QUOTAS } from './quota.js';

const KINDS = ['localStorage', 'sessionStorage'];
const OF_BOTH = { ...INTERFACES, ...ENTRIES, ...BETWEEN_DOCUMENTS };
const OF_ONE = { ...OF_BOTH, ...QUOTAS, ...EVENTS };

/** The cases of one storage. @param {string} kind @param {typeof OF_ONE} cases */
const casesOf = (kind, cases) =>
  Object.entries(cases).map(([name, act]) => ({ name: `${kind}: ${name}`, kind, act }));

const CASES = [
  ...casesOf('localStorage', { ...DOCUMENTS, ...OF_ONE }),
  ...casesOf('sessionStorage', OF_BOTH),
];

/** Nothing is stored, also beside the entries. */
function empty() {
  for (const storage of [window.localStorage, window.sessionStorage]) {
    storage.clear();
    Reflect.ownKeys(storage).forEach((name) => delete storage[name]);
  }
}

const stored = () => KINDS.map((kind) => Object.entries(window[kind]));

/** @param {() => unknown} act */
async function outcomeOf(act) {
  try {
    return describe(await act());
  } catch (error) {
    return `throws ${describe(error)}`;
  }
}

/** @returns {Promise<{name: string, outcome: string}[]>} */
window.runSuite = async () => {
  const outcomes = [{ name: 'what is stored', outcome: await outcomeOf(stored) }];
  for (const { name, kind, act } of CASES) {
    const outcome = await outcomeOf(async () => {
      empty();
      return { returned: await act(window[kind], kind), stored: stored() };
    });
    outcomes.push({ name, outcome });
  }
  await outcomeOf(empty);
  return outcomes;
};
