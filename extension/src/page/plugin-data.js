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

/** @typedef {import('./calls.js').Calls['watchData']} Watch  records a call, of t's own methods only */

/** @type {Watch} */
const unwatched = () => ({ resolved() {}, threw() {}, rejected() {} });

/**
 * What is recorded of a call: where it reads or writes, and the name or names.
 *
 * @param {any} scope
 * @param {any} visibility
 * @param {any} names
 */
function placeOf(scope, visibility, names) {
  const place = { scope: textOf(scope), visibility: textOf(visibility) };
  if (names === undefined || names === null) {
    return place;
  }
  return {
    ...place,
    ...(Array.isArray(names) ? { keys: names.map(textOf) } : { key: textOf(names) }),
  };
}

/** A page may give anything; objects are not converted, as that can run code of the page. @param {any} value */
const textOf = (value) => (value instanceof Object ? typeof value : String(value));

/**
 * @param {ReturnType<Watch>} ended
 * @param {() => void} check  of arguments; throws synchronously
 */
function checked(ended, check) {
  try {
    check();
  } catch (error) {
    ended.threw(error);
    throw error;
  }
}

/** Records a rejection without handling it. @param {(error: unknown) => void} record */
const rethrow = (record) => (/** @type {unknown} */ error) => {
  record(error);
  throw error;
};

/**
 * @param {any} data
 * @param {any} key  null or undefined: all of it
 * @param {any} fallback
 * @returns {{value: any, found: any}}  found: what is stored, undefined when it is the fallback
 */
function valueIn(data, key, fallback) {
  const isAll = key === undefined || key === null;
  const isThere = isAll ? data : data != null && has(data, key);
  const value = isAll ? data : data?.[key];
  return isThere ? { value, found: value } : { value: fallback, found: undefined };
}

/**
 * @param {any} data  parsed from JSON
 * @param {any} names  one name, or several
 */
const valuesOf = (data, names) =>
  Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, data[name]])) : data[names];

/**
 * @param {any} read  the data so far
 * @param {(data: any) => void} change
 * @param {number} limit
 * @returns {string | undefined}  the text to write; undefined when nothing would change
 */
function changedText(read, change, limit) {
  const data = spread(read);
  change(data);
  const changed = JSON.stringify(data);
  if (changed === JSON.stringify(read)) {
    return undefined;
  }
  if (changed.length > limit) {
    throw new Error(
      `PluginData length of ${limit} characters exceeded. See: https://developers.trello.com/v1.0/reference#section-size-limit`,
    );
  }
  return changed;
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
  /** Those that share #all. @type {ReturnType<Watch>[]} */
  #allCalls = [];
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
   * @param {Watch} [watch]
   */
  get(scope, visibility, key, fallback, watch = unwatched) {
    const target = targetOf(scope);
    const ended = watch('get', placeOf(scope, visibility, key));
    checked(ended, () => {
      checkVisibility(visibility);
      checkScope(target.scope);
    });
    return this.#read(target.idCard).then((/** @type {any} */ answer) => {
      const data = parse(answer?.[target.scope]?.[visibility]);
      const { value, found } = valueIn(data, key, fallback);
      ended.resolved(found);
      return value;
    }, rethrow(ended.rejected));
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {any} names  one name, or an object of names and values
   * @param {any} value
   * @param {Watch} [watch]
   */
  set(scope, visibility, names, value, watch = unwatched) {
    const several = typeof names === 'object';
    const written = several ? Object.keys(names ?? {}) : names;
    const ended = watch('set', placeOf(scope, visibility, written));
    checked(ended, () => {
      checkVisibility(visibility);
      checkScope(targetOf(scope).scope);
    });
    const change = (/** @type {any} */ data) => {
      if (several) {
        spread(names, data);
      } else {
        data[names] = value;
      }
    };
    return this.#change(scope, visibility, change, {
      ...ended,
      resolved: (data) => ended.resolved(valuesOf(data, written)),
    });
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {any} names  one name or several
   * @param {Watch} [watch]
   */
  remove(scope, visibility, names, watch = unwatched) {
    const list = Array.isArray(names) ? names : [names];
    if (list.some((name) => typeof name !== 'string')) {
      console.warn('t.remove takes a name as a string, or an array of names.');
      return null;
    }
    const ended = watch('remove', placeOf(scope, visibility, names));
    checked(ended, () => {
      checkScope(targetOf(scope).scope);
      checkVisibility(visibility);
    });
    const change = (/** @type {any} */ data) => {
      for (const name of list) {
        delete data[name];
      }
    };
    return this.#change(scope, visibility, change, { ...ended, resolved: () => ended.resolved() });
  }

  /**
   * @param {any} scope
   * @param {any} visibility
   * @param {(data: any) => void} change
   * @param {ReturnType<Watch>} ended
   */
  #change(scope, visibility, change, ended) {
    const target = targetOf(scope);
    const queue = `${scope}:${visibility}`;
    /** @param {any} answer */
    const write = (answer) => {
      const text = answer?.[target.scope]?.[visibility];
      const read = parse(text) || {};
      const changed = changedText(read, change, LIMITS[target.scope]);
      if (changed === undefined) {
        ended.resolved(read);
        return undefined;
      }
      const params = { ...target, visibility, data: changed };
      return this.#write(params, text ?? null).then((/** @type {{written: boolean}} */ result) => {
        if (!result.written) {
          return attempt();
        }
        ended.resolved(JSON.parse(changed));
        return null;
      }, rethrow(ended.rejected));
    };
    /** @returns {any} */
    const attempt = () =>
      this.#read(target.idCard).then((/** @type {any} */ answer) => {
        try {
          return write(answer);
        } catch (error) {
          ended.rejected(error);
          throw error;
        }
      }, rethrow(ended.rejected));
    const before = this.#writes.get(queue);
    const mine = before === undefined ? attempt() : before.then(attempt, attempt);
    this.#writes.set(queue, mine);
    return mine;
  }

  /** @param {Watch} [watch] */
  getAll(watch = unwatched) {
    this.#allCalls.push(watch('getAll', {}));
    const forget = () => {
      this.#all = undefined;
      return this.#allCalls.splice(0);
    };
    this.#all ??= this.#t.requestWithContext('data').then(
      (/** @type {Record<string, Record<string, unknown>>} */ answer) => {
        forget().forEach((call) => call.resolved());
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
        forget().forEach((call) => call.rejected(error));
        throw error;
      },
    );
    return this.#all;
  }
}
