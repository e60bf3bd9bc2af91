// SPDX-License-Identifier: MIT
// What surrounds one case: its origins, its pages and frames, its Power-Up's data in the store. All
// are the case's own, so that cases share one browser and one store.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { addFrame } from '../e2e/stage.js';
import { PATIENCE_MS } from '../support/patience.js';
import { items, joinPowerUp, pluginData, setPluginDataText } from '../support/store.js';
import { compareItems, comparePluginData } from './compare-state.js';
import { itemsIn, writeItem } from './in-page.js';
import { hashFor, MEMBER, sandboxOf } from './openings.js';

/** @param {string} page  'A#0' is frame 0 of origin A */
const originName = (page) => page.split('#')[0];

export class Playback {
  /** @type {Map<string, import('puppeteer-core').Frame>} */
  #frames = new Map();
  /** Origins whose localStorage was written by the page itself since their last secret call. */
  #written = new Set();

  /**
   * @param {import('../e2e/stage.js').Stage} stage
   * @param {import('puppeteer-core').Browser} browser
   * @param {import('./tabs.js').Tabs} tabs
   * @param {import('./cases.js').Case} recorded
   * @param {number} number  of the case
   */
  constructor(stage, browser, tabs, recorded, number) {
    this.stage = stage;
    this.stateFolder = stage.stateFolder;
    this.recorded = recorded;
    this.origin = (/** @type {string} */ name) => originOf(stage, number, name);
    this.browser = browser;
    this.tabs = tabs;
    const origins = ['A', 'B', 'insecure'].map(this.origin);
    joinPowerUp(this.stateFolder, recorded.id, origins);
  }

  /** @param {string} page */
  async frame(page) {
    const open = this.#frames.get(page);
    if (open !== undefined) {
      return open;
    }
    const tab = await this.tabs.take(this.browser);
    const address = `${this.origin(originName(page))}/page.html`;
    const sandbox = sandboxOf(this.recorded);
    let frame = tab.mainFrame();
    if (sandbox === undefined) {
      await tab.goto(address + hashFor(this.recorded, page));
    } else {
      await tab.goto(address);
      frame = await addFrame(tab, { src: address + hashFor(this.recorded, page), sandbox });
    }
    this.#frames.set(page, frame);
    return frame;
  }

  async close() {
    const tabs = new Set([...this.#frames.values()].map((frame) => frame.page()));
    await Promise.all([...tabs].map((tab) => this.tabs.giveBack(tab)));
  }

  /**
   * @param {string} page
   * @param {string} slot
   * @param {string | null} value
   */
  async writeItem(page, slot, value) {
    await writeItem(await this.frame(page), slot, value);
    this.#written.add(originName(page));
  }

  /** A secret call of a page makes the store follow what the page wrote. @param {string} page */
  secretCalled(page) {
    this.#written.delete(originName(page));
  }

  pluginData() {
    return pluginData(this.stateFolder).filter(
      ({ power_up: powerUp }) => powerUp === this.recorded.id,
    );
  }

  /** @param {import('./cases.js').PluginDataText} place */
  setPluginData({ scope, id, visibility, text }) {
    const viewer = visibility === 'private' && scope !== 'member' ? MEMBER : '';
    const place = { power_up: this.recorded.id, scope, owner: id, visibility, viewer };
    setPluginDataText(this.stateFolder, place, text);
  }

  /** @param {import('./cases.js').State} state */
  async compare(state) {
    for (const [name, expected] of Object.entries(state.items)) {
      const opened = [...this.#frames].find(([page]) => originName(page) === name);
      const found = opened === undefined ? {} : await itemsIn(opened[1]);
      compareItems(found, expected);
      if (!this.#written.has(name)) {
        // What a page cannot reach it has not stored.
        await this.#compareStore(name, 'inaccessible' in expected ? {} : found);
      }
    }
    comparePluginData(this.pluginData(), state.pluginData);
  }

  /**
   * @param {string} name
   * @param {Record<string, any>} expected
   */
  async #compareStore(name, expected) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const kept = items(this.stateFolder).filter(({ origin }) => origin === this.origin(name));
      try {
        assert.deepEqual(
          Object.fromEntries(kept.map(({ slot, value }) => [slot, value])),
          expected,
          `what the store keeps of ${name} is not what the page has`,
        );
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await setTimeout(50);
      }
    }
  }
}

/**
 * @param {import('../e2e/stage.js').Stage} stage
 * @param {number} number  of the case
 * @param {string} name  'A', 'B', or 'insecure': then it is no secure context
 */
export function originOf(stage, number, name) {
  const domain = name === 'insecure' ? 'test' : 'localhost';
  return stage.origin(`${name.toLowerCase()}${number}.${domain}`);
}
