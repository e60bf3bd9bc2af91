// SPDX-License-Identifier: MIT
// t.get, t.set, t.remove and t.getAll: data that Trello stores for a Power-Up as JSON texts, each read
// and written as a whole.
import has from 'lodash/has.js';

const VISIBILITIES = ['shared', 'private'];

/** The maximum length of a scope's JSON text, in UTF-16 code units. */
const LIMITS = /** @type {Record<string, number>} */ ({
  board: 8192,
  card: 4096,
  member: 4096,
  organization: 8192,
});

/** A card's id or its short link may stand for the scope. */
const CARD = /^([a-f0-9]{24}|[a-zA-Z0-9]{8})$/;

/** @param {unknown} visibility */
function checkVisibility(visibility) {
  if (!VISIBILITIES.includes(/** @type {any} */ (visibility))) {
    throw new Error('Invalid value for visibility.');
  }
}

/** @param {unknown} scope */
function checkScope(scope) {
  if (typeof scope !== 'string' || !Object.hasOwn(LIMITS, scope)) {
    throw new Error('Invalid value for scope.');
  }
}

/**
 * @param {any} scope  as the page gave it
 * @returns {{scope: any, idCard?: string}}
 */
function targetOf(scope) {
  return CARD.test(scope) ? { scope: 'card', idCard: `${scope}` } : { scope };
}

/**
 * @param {unknown} text
 * @returns {any}  {} if it is missing or not JSON
 */
function parse(text) {
  if (typeof text !== 'string') {
    return {};
  }
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Copies a value's own enumerable properties to an object; those of an array or a string are its indices.
 *
 * @param {any} value
 * @param {any} [into]
 */
function spread(value, into = {}) {
  for (const name of Object.keys(value)) {
    into[name] = value[name];
  }
  return into;
}

/**
 * The data of one `t`. Concurrent reads are shared, writes to one place wait for each other; another
 * `t` shares neither.
 */
export class PluginData {
  /** @type {Map<string, any>} */
  #reads = new Map();
  /** @type {Map<string, any>} */
  #writes = new Map();
  /** @type {any} */
  #all;
  #t;
  #write;

  /**
   * @param {object} options
   * @param {any} options.t  sends the requests
   * @param {(params: object, base: string | null) => any} options.write  writes a text; with
   *   `documented` only if it replaces `base`; resolves to whether it was written
   */
  constructor({ t, write }) {
    this.#t = t;
    this.#write = write;
  }

  /** @param {string | undefined} idCard */
  #read(idCard) {
    const target = idCard ?? '';
    let read = this.#reads.get(target);
    if (read === undefined) {
      const forget = () => this.#reads.delete(target);
      read = this.#t.requestWithContext('data', idCard === undefined ? {} : { idCard });
      this.#reads.set(target, read);
      read.then(forget, forget);
    }
    return read;
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {any} key
   * @param {any} fallback
   */
  get(scope, visibility, key, fallback) {
    const target = targetOf(scope);
    checkVisibility(visibility);
    checkScope(target.scope);
    return this.#read(target.idCard).then((/** @type {any} */ answer) => {
      const value = parse(answer?.[target.scope]?.[visibility]);
      if (key === undefined || key === null) {
        return value || fallback;
      }
      return value != null && has(value, key) ? value[key] : fallback;
    });
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {any} names  one name, or an object of names and values
   * @param {any} value
   */
  set(scope, visibility, names, value) {
    checkVisibility(visibility);
    checkScope(targetOf(scope).scope);
    return this.#change(scope, visibility, (data) => {
      if (typeof names === 'object') {
        spread(names, data);
      } else {
        data[names] = value;
      }
    });
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {any} names  one name or several
   */
  remove(scope, visibility, names) {
    const list = Array.isArray(names) ? names : [names];
    if (list.some((name) => typeof name !== 'string')) {
      console.warn('t.remove takes a name as a string, or an array of names.');
      return null;
    }
    checkScope(targetOf(scope).scope);
    checkVisibility(visibility);
    return this.#change(scope, visibility, (data) => {
      for (const name of list) {
        delete data[name];
      }
    });
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {(data: any) => void} change
   */
  #change(scope, visibility, change) {
    const target = targetOf(scope);
    const queue = `${scope}:${visibility}`;
    const attempt = () =>
      this.#read(target.idCard).then((/** @type {any} */ answer) => {
        const text = answer?.[target.scope]?.[visibility];
        const read = parse(text) || {};
        const data = spread(read);
        change(data);
        const changed = JSON.stringify(data);
        if (changed === JSON.stringify(read)) {
          return undefined;
        }
        const limit = LIMITS[target.scope];
        if (changed.length > limit) {
          throw new Error(
            `PluginData length of ${limit} characters exceeded. See: https://developers.trello.com/v1.0/reference#section-size-limit`,
          );
        }
        const params = { ...target, visibility, data: changed };
        return this.#write(params, text ?? null).then((/** @type {{written: boolean}} */ result) =>
          result.written ? null : attempt(),
        );
      });
    const before = this.#writes.get(queue);
    const mine = before === undefined ? attempt() : before.then(attempt, attempt);
    this.#writes.set(queue, mine);
    return mine;
  }

  getAll() {
    const forget = () => (this.#all = undefined);
    this.#all ??= this.#t.requestWithContext('data').then(
      (/** @type {Record<string, Record<string, unknown>>} */ answer) => {
        forget();
        /** @type {Record<string, Record<string, any>>} */
        const all = {};
        for (const scope of Object.keys(answer)) {
          all[scope] = {};
          for (const visibility of Object.keys(answer[scope])) {
            all[scope][visibility] = parse(answer[scope][visibility]);
          }
        }
        return all;
      },
      (/** @type {unknown} */ error) => {
        forget();
        throw error;
      },
    );
    return this.#all;
  }
}
