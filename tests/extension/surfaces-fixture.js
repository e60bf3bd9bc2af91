// SPDX-License-Identifier: MIT
import Bluebird from 'bluebird/js/main/bluebird.js';

const window = { location: { href: 'https://a.example/dir/page.html#hash' } };
/** What the page has, by selector. @type {Record<string, any>} */
export const elements = {};
const document = {
  /** @param {string} selector */
  querySelector(selector) {
    if (selector === '!') {
      throw new SyntaxError("'!' is not a valid selector.");
    }
    return elements[selector] ?? null;
  },
};
Object.assign(globalThis, { window, document });
const { surfaces } = await import('../../extension/src/page/surfaces.js');

/** A t that keeps what is sent. */
export function openT() {
  const sent = /** @type {any[]} */ ([]);
  const context = /** @type {any} */ ({ el: 'element' });
  return Object.assign(surfaces(Bluebird), {
    sent,
    context,
    mayWrite: true,
    getContext: () => context,
    /** @this {any} */
    memberCanWriteToModel(/** @type {string} */ model) {
      return model === 'card' && this.mayWrite;
    },
    signUrl: (/** @type {string} */ url, /** @type {any} */ args) =>
      `${url}#${JSON.stringify(args)}`,
    requestWithContext(/** @type {string} */ command, /** @type {any} */ params) {
      sent.push(params === undefined ? [command] : [command, params]);
      return Bluebird.resolve('answered');
    },
  });
}

/** As much of an element as is asked for. @param {number} scrollHeight @param {number} height */
export function elementOf(scrollHeight, height) {
  class HTMLElement {
    nodeType = 1;
    style = { overflow: 'auto' };
    scrollHeight = scrollHeight;
    getBoundingClientRect() {
      return { height, left: 3, top: 4 };
    }
  }
  return new HTMLElement();
}
