// SPDX-License-Identifier: MIT
// What runs inside the page of a case. The functions travel as source, so each stands alone; their
// results travel as JSON text, because a lone surrogate survives that and nothing else.

/** @typedef {import('puppeteer-core').Frame} Frame */

/**
 * @typedef {object} ObservedError
 * @property {string} class
 * @property {boolean} isDOMException  or of a class derived from it
 * @property {string} name
 * @property {string} message
 * @property {boolean} operational
 *
 * @typedef {object} Outcome  has one of the first five
 * @property {any} [resolve]
 * @property {ObservedError} [reject]
 * @property {ObservedError} [throw]
 * @property {any} [return]
 * @property {true} [pending]
 * @property {boolean} [library]  whether the promise is one of TrelloPowerUp.Promise
 */

/**
 * Starts calls of t in one tick, and says what became of each.
 *
 * @param {Frame} frame
 * @param {{method: string, args: string[], expect?: {pending?: true}}[]} calls  one that is expected to
 *   stay pending has done so once a later call of the page was answered
 * @returns {Promise<Outcome[]>}
 */
export async function callTogether(frame, calls) {
  const text = await frame.evaluate(
    async (list) => {
      const { TrelloPowerUp } = /** @type {any} */ (window);
      const describeError = (/** @type {any} */ error) => ({
        class: error?.constructor?.name,
        isDOMException: error instanceof DOMException,
        name: error?.name,
        message: error?.message,
        operational: error?.isOperational === true,
      });
      const describe = (/** @type {any} */ value) =>
        value === undefined || typeof value === 'function' ? { type: typeof value } : value;
      const t = TrelloPowerUp.iframe();
      const started = list.map(({ method, args, mayPend }) => {
        const values = args.map((source) => (0, eval)(`(${source})`));
        try {
          return { value: t[method](...values), mayPend };
        } catch (error) {
          return { throw: describeError(error) };
        }
      });
      const outcomes = started.map(async (start) => {
        if ('throw' in start) {
          return start;
        }
        if (typeof start.value?.then !== 'function') {
          return { return: describe(start.value) };
        }
        const library = start.value instanceof TrelloPowerUp.Promise;
        const settled = start.value.then(
          (/** @type {any} */ value) => ({ library, resolve: describe(value) }),
          (/** @type {any} */ error) => ({ library, reject: describeError(error) }),
        );
        const later = start.mayPend
          ? t.getAll().then(() => ({ library, pending: true }))
          : new Promise(() => {});
        return Promise.race([settled, later]);
      });
      return JSON.stringify(await Promise.all(outcomes));
    },
    calls.map(({ method, args, expect }) => ({ method, args, mayPend: expect?.pending === true })),
  );
  return JSON.parse(text);
}

/**
 * The stored items as the page itself finds them, or why it cannot.
 *
 * @param {Frame} frame
 * @returns {Promise<Record<string, any>>}
 */
export async function itemsIn(frame) {
  const text = await frame.evaluate(() => {
    try {
      /** @type {Record<string, string | null>} */
      const found = {};
      for (let i = 0; i < window.localStorage.length; i++) {
        const name = window.localStorage.key(i) ?? '';
        if (/^[0-9a-f]{64}$/.test(name)) {
          found[name] = window.localStorage.getItem(name);
        }
      }
      return JSON.stringify(found);
    } catch (error) {
      const { constructor, name, message } = /** @type {Error} */ (error);
      const isDOMException = error instanceof DOMException;
      return JSON.stringify({
        inaccessible: { class: constructor.name, isDOMException, name, message },
      });
    }
  });
  return JSON.parse(text);
}

/**
 * Writes a page's localStorage as the page itself would.
 *
 * @param {Frame} frame
 * @param {string} slot
 * @param {string | null} value  null removes it
 */
export async function writeItem(frame, slot, value) {
  await frame.evaluate(
    (name, text) =>
      text === null ? localStorage.removeItem(name) : localStorage.setItem(name, text),
    slot,
    value,
  );
}
