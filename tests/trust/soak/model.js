// SPDX-License-Identifier: MIT
// What must be read, told by what was answered. An entry has one writer, so that its values have an order,
// and any number of readers, who may read while it is written.
import assert from 'node:assert/strict';

/** @typedef {string | null} Value  null: there is none */

export class Entry {
  /** What may be read now: more than one while a write is under way, and when nobody was told what became
   * of one. @type {Set<Value>} */
  #possible = new Set([null]);
  /** The same for each read under way. @type {Set<Set<Value>>} */
  #reads = new Set();
  /** The values that there were. @type {Set<Value>} */
  #history = new Set([null]);
  #writes = 0;
  #isWriting = false;
  /** Whether every value that there was may be read. */
  #isShaken = false;

  /**
   * @param {string} name
   * @param {{profile?: string, host?: string, key: string}} place  without a profile: plugin data, which all
   *   browsers share
   */
  constructor(name, place) {
    this.name = name;
    this.place = place;
  }

  /** @param {Value} value */
  #allow(value) {
    [this.#possible, ...this.#reads].forEach((values) => values.add(value));
  }

  /**
   * A write is about to be asked for.
   *
   * @param {Value} value
   * @returns {(outcome: 'done' | 'refused' | 'unknown') => void}  what was answered, if anything
   */
  write(value) {
    const before = new Set(this.#possible);
    this.#writes++;
    this.#isWriting = true;
    this.#allow(value);
    this.#history.add(value);
    return (outcome) => {
      this.#isWriting = false;
      if (this.#isShaken) {
        return;
      }
      if (outcome === 'done') {
        this.#possible = new Set([value]);
      } else if (outcome === 'refused') {
        this.#possible = before;
      }
    };
  }

  /**
   * A browser that shares the entry was killed. Its localStorage is an older one when it comes again, and
   * counts as changed by the page (docs/fidelity.md): from now on only values that never were are wrong.
   */
  shake() {
    this.#isShaken = true;
    this.#history.forEach((value) => this.#allow(value));
  }

  /** A read begins. @returns {(value: Value | undefined) => void}  what was read; undefined: nobody knows */
  read() {
    const allowed = new Set(this.#possible);
    const writes = this.#writes;
    const isSettled = !this.#isWriting;
    this.#reads.add(allowed);
    return (value) => {
      this.#reads.delete(allowed);
      if (value === undefined) {
        return;
      }
      const expected = [...allowed].slice(0, 9).map((one) => JSON.stringify(one));
      assert.ok(
        allowed.has(value),
        `${this.name} is ${JSON.stringify(value)}, and not ${expected.join(' or ')}`,
      );
      if (isSettled && writes === this.#writes && !this.#isShaken) {
        this.#possible = new Set([value]);
      }
    };
  }
}
