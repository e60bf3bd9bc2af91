// SPDX-License-Identifier: MIT
// What all that happens at once in the soak shares: time, steps, entries, and the first failure.
import { EventEmitter, once } from 'node:events';
import { PATIENCE_MS } from '../../support/patience.js';
import { randomNumbers } from '../../support/random.js';
import { Entry } from './model.js';

/** How many of the last steps are printed after a failure. */
const LAST_STEPS = 100;

/** @typedef {import('./actor.js').Actor} Actor */
/** @typedef {ReturnType<Soak['chances']>} Chances */

export class Soak {
  #begun = performance.now();
  /** @type {string[]} */
  #steps = [];
  /** Those before the failure. @type {string[]} */
  #lastSteps = [];
  #emitter = new EventEmitter().setMaxListeners(0);
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /** How often each kind of step was done. @type {Map<string, number>} */
  counts = new Map();
  /** @type {Error | undefined} */
  failure;

  /**
   * @param {import('../../e2e/stage.js').Stage} stage
   * @param {Actor[]} actors
   * @param {number} seconds
   * @param {number} seed
   */
  constructor(stage, actors, seconds, seed) {
    this.stage = stage;
    this.actors = actors;
    this.seconds = seconds;
    this.seed = seed;
  }

  /** How much of its time is over: from 0 to 1. */
  get progress() {
    return (performance.now() - this.#begun) / 1000 / this.seconds;
  }

  get isOver() {
    return this.failure !== undefined || this.progress >= 1;
  }

  /** How many steps were done. */
  get total() {
    return [...this.counts.values()].reduce((sum, one) => sum + one, 0);
  }

  /** @param {string} kind */
  count(kind) {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** @param {number} number  of one who acts; each has numbers of its own */
  chances(number) {
    const next = randomNumbers(this.seed * 100 + number);
    return {
      /** @param {number} limit @returns {number}  a whole number below it */
      below: (limit) => Math.floor(next() * limit),
      /** @template T @param {T[]} all @returns {T} */
      one: (all) => all[Math.floor(next() * all.length)],
    };
  }

  /** @param {string} name @param {Entry['place']} place */
  entry(name, place) {
    const entry = this.entries.get(name) ?? new Entry(name, place);
    this.entries.set(name, entry);
    return entry;
  }

  /**
   * Does something that must come to an end.
   *
   * @template T
   * @param {string} kind
   * @param {string} what
   * @param {() => Promise<T>} act
   * @returns {Promise<T>}
   */
  async step(kind, what, act) {
    this.count(kind);
    const number = this.total;
    const text = `${number} ${kind} ${what}`;
    this.#note(text);
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const limit = new Promise((_resolve, reject) => {
      timer = setTimeout(reject, PATIENCE_MS, new Error(`${text}: no answer`));
    });
    try {
      const done = await Promise.race([act(), limit]);
      this.#note(`${number} is done: ${JSON.stringify(done)?.slice(0, 160) ?? ''}`);
      return done;
    } catch (error) {
      this.#note(`${number} failed: ${error}`);
      this.#fail(/** @type {Error} */ (error));
      throw error;
    } finally {
      clearTimeout(timer);
      this.#emitter.emit('step');
    }
  }

  /** @param {string} text */
  #note(text) {
    this.#steps.push(`${((performance.now() - this.#begun) / 1000).toFixed(3)} ${text}`);
    this.#steps.splice(0, this.#steps.length - LAST_STEPS);
  }

  /** Waits until something has changed. @param {() => boolean} condition */
  async until(condition) {
    while (!condition() && !this.isOver) {
      await once(this.#emitter, 'step');
    }
  }

  /** Does something whose failure is the soak's. @param {() => Promise<unknown>} act */
  async attempt(act) {
    if (this.failure !== undefined) {
      return;
    }
    try {
      await act();
    } catch (error) {
      this.#fail(/** @type {Error} */ (error));
    }
  }

  /** @param {Error} error */
  #fail(error) {
    if (this.failure === undefined) {
      this.failure = error;
      this.#lastSteps = [...this.#steps];
      this.#emitter.emit('step');
    }
  }

  /** Acts again and again until the time is over, or something has failed. @param {() => Promise<unknown>} act */
  async repeat(act) {
    while (!this.isOver) {
      await this.attempt(act);
    }
  }

  /** Throws what failed first, with the seed and what happened before. */
  check() {
    if (this.failure !== undefined) {
      const { message, stack } = this.failure;
      throw new Error(
        `${message}\nPOWERUP_SECRETS_SEED=${this.seed}; the last steps:\n${this.#lastSteps.join('\n')}\n${stack}`,
        { cause: this.failure },
      );
    }
  }
}
