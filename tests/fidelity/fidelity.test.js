// SPDX-License-Identifier: MIT
// Plays every recorded case of Trello's library in a real browser, with the real extension and host.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setStage } from '../e2e/stage.js';
import { PATIENCE_MS } from '../support/patience.js';
import { createStore, setScenario } from '../support/store.js';
import { cases, meta } from './cases.js';
import { NOT_APPLICABLE } from './not-applicable.js';
import { firefoxPreferencesOf, preferencesOf } from './openings.js';
import { play } from './play.js';
import { originOf, Playback } from './playback.js';
import { printTable } from './table.js';
import { Tabs } from './tabs.js';

/** @typedef {import('puppeteer-core').Browser} Browser */

/** Halts all writing for a moment; a host that serves other pages as well would halt with it. */
const STOPS_THE_STORE = 'race.key_replaced_during_store';

describe(`recorded cases of ${meta.library}`, () => {
  /** @type {import('../e2e/stage.js').Stage} */
  let stage;
  /** What a stage does when its test ends; this one serves all tests. @type {() => Promise<void>} */
  let takeDown;
  /** @type {Browser} */
  let shared;
  const tabs = new Tabs();
  /** @type {Set<string>} */
  const passed = new Set();

  before(async () => {
    const whole = { after: (/** @type {() => Promise<void>} */ end) => (takeDown = end) };
    stage = await setStage(/** @type {any} */ (whole));
    createStore(stage.stateFolder);
    setScenario(stage.stateFolder, '', 'fidelity', 'library');
    shared = await stage.launch();
  });

  after(async () => {
    printTable(cases, passed, NOT_APPLICABLE);
    await takeDown();
  });

  /**
   * @param {number} number  of the case
   * @returns {Promise<Browser>}  the shared one, unless the case needs its own
   */
  async function browserFor(number) {
    const recorded = cases[number];
    const preferences = preferencesOf(recorded, originOf(stage, number, 'A'));
    if (preferences === undefined && recorded.id !== STOPS_THE_STORE) {
      return shared;
    }
    const profile = join(stage.folder, `profile-of-case-${number}`);
    const folder = join(profile, 'Default');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Preferences'), JSON.stringify({ profile: preferences ?? {} }));
    return stage.launch({ profile, firefoxPreferences: firefoxPreferencesOf(recorded) });
  }

  for (const [number, recorded] of cases.entries()) {
    const { id, title } = recorded;
    test(`${id}: ${title}`, { timeout: PATIENCE_MS }, async (t) => {
      if (Object.hasOwn(NOT_APPLICABLE, id)) {
        t.skip(NOT_APPLICABLE[id]);
        return;
      }
      const browser = await browserFor(number);
      const playback = new Playback(
        stage,
        browser,
        browser === shared ? tabs : new Tabs(),
        recorded,
        number,
      );
      try {
        await play(playback);
        passed.add(id);
      } finally {
        await (browser === shared ? playback.close() : browser.close());
      }
    });
  }
});
