// SPDX-License-Identifier: MIT
// Plays every recorded case of Trello's library in a real browser, with the real extension and host.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setStage } from '../e2e/stage.js';
import { createStore, setScenario } from '../support/store.js';
import { cases, NOT_APPLICABLE } from './cases.js';
import { preferencesIn } from './openings.js';
import { Player } from './play.js';

test('recorded cases of power-up.js 1.25.1', async (t) => {
  const stage = await setStage(t);
  await createStore(stage.stateFolder);
  setScenario(stage.stateFolder, '', 'fidelity', 'library');
  const shared = await stage.launch();

  /**
   * A browser with preferences of its own.
   *
   * @param {object} preferences  Chromium's, below "profile"
   * @param {number} number
   */
  function launchWith(preferences, number) {
    const profile = join(stage.folder, `preferences-${number}`);
    mkdirSync(join(profile, 'Default'), { recursive: true });
    writeFileSync(
      join(profile, 'Default', 'Preferences'),
      JSON.stringify({ profile: preferences }),
    );
    return stage.launch({ profile });
  }

  /** @type {Record<string, string[]>} */
  const table = { passed: [], failed: [], 'not applicable': [] };
  for (const [number, recorded] of cases.entries()) {
    const { id, title } = recorded;
    const reason = NOT_APPLICABLE[id];
    if (reason !== undefined) {
      table['not applicable'].push(`${id}: ${reason}`);
      await t.test(`${id}: ${title}`, { skip: reason }, () => {});
      continue;
    }
    await t.test(`${id}: ${title}`, async () => {
      const preferences = preferencesIn(title);
      const browser = preferences === undefined ? shared : await launchWith(preferences, number);
      try {
        await new Player(stage, browser, recorded, number).play();
        table.passed.push(id);
      } catch (error) {
        table.failed.push(id);
        throw error;
      }
    });
  }
  console.log(`\nFidelity to power-up.js 1.25.1, ${cases.length} recorded cases:`);
  for (const [result, names] of Object.entries(table)) {
    console.log(`${String(names.length).padStart(5)} ${result}`);
  }
  for (const line of [...table.failed, ...table['not applicable']]) {
    console.log(`      ${line}`);
  }
});
