// SPDX-License-Identifier: MIT
// What runs inside the page of a case. The functions travel as source, so each stands alone.

/** @typedef {import('puppeteer-core').Frame} Frame */

/**
 * Starts calls of t in one tick, and says what became of each.
 *
 * @param {Frame} frame
 * @param {{method: string, args: string[]}[]} calls
 * @returns {Promise<any[]>}  outcomes in the form of the recorded expectations, long texts shortened
 */
export function callTogether(frame, calls) {
  return frame.evaluate(async (list) => {
    const { TrelloPowerUp } = /** @type {any} */ (window);
    /** @param {any} error */
    const describeError = (error) => ({
      class: error?.constructor?.name,
      isDOMException: error instanceof DOMException,
      name: error?.name,
      message: error?.message,
      operational: error?.isOperational === true,
    });
    /** @param {any} value */
    async function describe(value) {
      if (value === undefined) {
        return { type: 'undefined' };
      }
      if (typeof value !== 'string' || value.length <= 1000) {
        return value;
      }
      const bytes = new TextEncoder().encode(value);
      let sha256;
      if (crypto.subtle !== undefined) {
        const hash = await crypto.subtle.digest('SHA-256', bytes);
        sha256 = [...new Uint8Array(hash)]
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join('');
      }
      return { type: 'string', length: value.length, sha256, start: value.slice(0, 200) };
    }
    /** @param {any} value */
    async function describeValue(value) {
      const isStored =
        value !== null && typeof value === 'object' && Object.keys(value).join() === 'key,value';
      return isStored ? { key: value.key, value: await describe(value.value) } : describe(value);
    }
    const t = TrelloPowerUp.iframe();
    const started = list.map(({ method, args }) => {
      const values = args.map((source) => (0, eval)(`(${source})`));
      try {
        return { value: t[method](...values) };
      } catch (error) {
        return { throw: describeError(error) };
      }
    });
    return Promise.all(
      started.map(async (start) => {
        if ('throw' in start) {
          return start;
        }
        if (typeof start.value?.then !== 'function') {
          return { return: await describe(start.value) };
        }
        const library = start.value instanceof TrelloPowerUp.Promise;
        try {
          return { library, resolve: await describeValue(await start.value) };
        } catch (error) {
          return { library, reject: describeError(error) };
        }
      }),
    );
  }, calls);
}

/**
 * The stored items as the page itself finds them.
 *
 * @param {Frame} frame
 * @returns {Promise<Record<string, any>>}
 */
export function itemsIn(frame) {
  return frame.evaluate(() => {
    try {
      const storage = window.localStorage;
      /** @type {Record<string, string>} */
      const found = {};
      for (let i = 0; i < storage.length; i++) {
        const name = storage.key(i) ?? '';
        if (/^[0-9a-f]{64}$/.test(name)) {
          found[name] = storage.getItem(name) ?? '';
        }
      }
      return found;
    } catch (error) {
      const { constructor, name, message } = /** @type {Error} */ (error);
      return { inaccessible: { class: constructor.name, name, message } };
    }
  });
}
