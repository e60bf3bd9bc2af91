// SPDX-License-Identifier: MIT
// Plays one recorded case: opens its pages, goes through its steps, compares what is left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { addFrame } from '../e2e/stage.js';
import { items, joinPowerUp, pluginData, query, setPluginDataText } from '../support/store.js';
import { compareItems, compareOutcome, comparePluginData } from './compare.js';
import { callTogether, itemsIn } from './in-page.js';
import { hashFor, MEMBER } from './openings.js';
import { comparable, scriptFor } from './scripts.js';

/** @typedef {import('./cases.js').Case} Case */
/** @typedef {import('./cases.js').RecordedCall} RecordedCall */
/** @typedef {import('./cases.js').Step} Step */

/** Cases whose steps do not tell the whole story: they are played by a function of their own. */
const SPECIAL = /** @type {Record<string, (player: Player) => Promise<void>>} */ ({
  'race.key_replaced_during_store': replaceKeyDuringStore,
  'pd.concurrent_set_two_frames': setInTwoFrames,
});

export class Player {
  /** @type {Map<string, import('puppeteer-core').Frame>} */
  #frames = new Map();
  /** Pages whose localStorage was written from outside since their last secret call. */
  #written = new Set();
  /** @type {string | undefined} */
  #firstKey;

  /**
   * @param {import('../e2e/stage.js').Stage} stage
   * @param {import('puppeteer-core').Browser} browser
   * @param {Case} recorded
   * @param {number} number  makes the case's origins its own
   */
  constructor(stage, browser, recorded, number) {
    this.stage = stage;
    this.browser = browser;
    this.recorded = recorded;
    this.number = number;
  }

  /** @param {string} name  'A', 'B', 'insecure' */
  origin(name) {
    const host =
      name === 'insecure'
        ? `n${this.number}.test`
        : `${name}${this.number}.localhost`.toLowerCase();
    return this.stage.origin(host);
  }

  /** @param {string} page  'A#0' */
  async frame(page) {
    const open = this.#frames.get(page);
    if (open !== undefined) {
      return open;
    }
    const { id } = this.recorded;
    const tab = await this.browser.newPage();
    const address = `${this.origin(page.split('#')[0])}/page.html`;
    let frame = tab.mainFrame();
    if (id === 'env.sandboxed') {
      await tab.goto(address);
      frame = await addFrame(tab, { src: address + hashFor(id, page), sandbox: 'allow-scripts' });
    } else {
      await tab.goto(address + hashFor(id, page));
    }
    this.#frames.set(page, frame);
    return frame;
  }

  async play() {
    const { id, steps, final } = this.recorded;
    joinPowerUp(
      this.stage.stateFolder,
      id,
      ['A', 'B', 'insecure'].map((name) => this.origin(name)),
    );
    if (Object.hasOwn(SPECIAL, id)) {
      await SPECIAL[id](this);
    } else {
      for (const step of steps) {
        await this.step(step);
      }
      await this.compareState(final);
    }
    await Promise.all([...this.#frames.values()].map((frame) => frame.page().close()));
  }

  /** @param {Step} step */
  async step(step) {
    switch (step.op) {
      case 'call':
        return this.call(step.page, [step]);
      case 'callTogether':
        return this.call(step.page, withTheOthers(step.calls));
      case 'setPluginData':
        return this.setPluginData(step);
      case 'setItem': {
        const frame = await this.frame(step.page);
        this.#written.add(step.page.split('#')[0]);
        return frame.evaluate(
          (slot, value) =>
            value === null ? localStorage.removeItem(slot) : localStorage.setItem(slot, value),
          step.slot,
          step.value,
        );
      }
      case 'script':
        return this.script(step);
      case 'expectState':
        return this.compareState(step);
      default:
        throw new Error(`there is no step "${step.op}"`);
    }
  }

  /**
   * @param {string} page
   * @param {RecordedCall[]} calls
   */
  async call(page, calls) {
    const outcomes = await callTogether(
      await this.frame(page),
      calls.map(({ method, args }) => ({ method, args })),
    );
    outcomes.forEach((outcome, index) => compareOutcome(outcome, calls[index]));
    if (calls.some(({ method }) => method.endsWith('Secret'))) {
      this.#written.delete(page.split('#')[0]);
    }
  }

  /** @param {{scope: string, id: string, visibility: string, text: string | null}} place */
  setPluginData({ scope, id, visibility, text }) {
    const viewer = visibility === 'private' && scope !== 'member' ? MEMBER : '';
    const place = { power_up: this.recorded.id, scope, owner: id, visibility, viewer };
    this.#firstKey ??= /"aescbc":"[0-9a-f]{64}"/.exec(this.pluginData()[0]?.text ?? '')?.[0];
    // Keys are random: the one that is put back is not the recording's but the one made here.
    const replayed = this.recorded.title.includes('put back')
      ? (text?.replace(/"aescbc":"[0-9a-f]{64}"/, this.#firstKey ?? '') ?? null)
      : text;
    setPluginDataText(this.stage.stateFolder, place, replayed);
  }

  /** @param {Step} step */
  async script({ frame, note, result }) {
    const done = await (await this.frame(frame)).evaluate(scriptFor(this.recorded.id, note ?? ''));
    assert.deepEqual(comparable(note ?? '', done), comparable(note ?? '', result));
  }

  pluginData() {
    return pluginData(this.stage.stateFolder).filter(
      ({ power_up: powerUp }) => powerUp === this.recorded.id,
    );
  }

  /** @param {import('./cases.js').State} state */
  async compareState(state) {
    for (const [name, expected] of Object.entries(state.items)) {
      const opened = [...this.#frames].find(([page]) => page.split('#')[0] === name);
      const inPage = opened === undefined ? {} : await itemsIn(opened[1]);
      compareItems(inPage, expected);
      if (!('inaccessible' in inPage) && !this.#written.has(name)) {
        const kept = items(this.stage.stateFolder).filter(
          ({ origin }) => origin === this.origin(name),
        );
        assert.deepEqual(Object.fromEntries(kept.map(({ slot, value }) => [slot, value])), inPage);
      }
    }
    comparePluginData(this.pluginData(), state.pluginData);
  }
}

/**
 * "48 more alike": the recording shortened a row of calls that count up.
 *
 * @param {RecordedCall[]} calls
 */
function withTheOthers(calls) {
  const more = /^(\d+) more alike$/.exec(calls.at(-1)?.note ?? '');
  if (more === null) {
    return calls;
  }
  const shown = calls.slice(0, -1);
  const others = Array.from({ length: Number(more[1]) }, (_, index) => {
    const number = shown.length + index;
    const args = shown[0].args.map((source) => source.replace('0', `${number}`));
    const { length } = shown[0].expect.resolve.stored;
    // Which slot a further key has is not recorded; its form is.
    return { ...shown[0], args, expect: { resolve: { stored: { slot: undefined, length } } } };
  });
  return [...shown, ...others];
}

/** @param {Player} player */
async function replaceKeyDuringStore(player) {
  const [before, replacement, load] = player.recorded.steps;
  const { id } = player.recorded;
  const { stateFolder } = player.stage;
  player.setPluginData(replacement);
  const sql = `SELECT hex(sealed) AS hex FROM plugin_data WHERE power_up = '${id}'`;
  const [{ hex }] = query(stateFolder, sql);
  player.setPluginData(before);
  const frame = await player.frame('A#0');
  // A lock holds up what the store writes; what it reads before that, it reads all the same. The
  // library writes its localStorage entry first, so the store has read the key once that is there.
  const lock = spawn('sqlite3', [join(stateFolder, 'store.sqlite3')]);
  lock.stdin.write('.timeout 10000\nBEGIN IMMEDIATE;\n.print locked\n');
  await once(lock.stdout, 'data');
  const storing = callTogether(frame, [{ method: 'storeSecret', args: ["'k'", "'v'"] }]);
  await frame.waitForFunction(() => localStorage.length > 0);
  lock.stdin.end(`UPDATE plugin_data SET sealed = X'${hex}' WHERE power_up = '${id}';\nCOMMIT;\n`);
  await once(lock, 'exit');
  const [outcome] = await storing;
  assert.ok('resolve' in outcome);
  assert.deepEqual(
    player.pluginData().map(({ text }) => text),
    [before.text],
  );
  await player.step(load);
  await player.compareState(player.recorded.final);
}

/** @param {Player} player */
async function setInTwoFrames(player) {
  const frames = [await player.frame('A#0'), await player.frame('A#1')];
  const outcomes = await Promise.all(
    frames.map((frame, index) =>
      callTogether(frame, [
        { method: 'set', args: ["'member'", "'private'", `'${'ab'[index]}'`, `${index + 1}`] },
      ]),
    ),
  );
  assert.ok(outcomes.every(([outcome]) => 'resolve' in outcome));
  const [{ text }] = player.pluginData();
  const possible = ['{"a":1}', '{"b":2}', '{"a":1,"b":2}', '{"b":2,"a":1}'];
  assert.ok(possible.includes(text), text);
}
