// SPDX-License-Identifier: MIT
// Tabs that serve one case after the other: opening one takes longer than all else that opening a
// page takes. Every case has origins of its own, so nothing that a tab keeps reaches the next one.

/** @typedef {import('puppeteer-core').Page} Page */

export class Tabs {
  /** @type {Page[]} */
  #free = [];

  /** @param {import('puppeteer-core').Browser} browser */
  async take(browser) {
    return this.#free.pop() ?? browser.newPage();
  }

  /** @param {Page} tab */
  async giveBack(tab) {
    await tab.goto('about:blank');
    this.#free.push(tab);
  }
}
