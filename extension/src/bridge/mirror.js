// SPDX-License-Identifier: MIT

/** The form of a slot's name, so that nothing else in a page's localStorage is ever looked at. */
const SLOT = /^[0-9a-f]{64}$/;

/**
 * @param {Map<string, string>} values
 * @param {string} slot
 * @param {string | null} value
 */
function put(values, slot, value) {
  if (value === null) {
    values.delete(slot);
  } else {
    values.set(slot, value);
  }
}

/**
 * @typedef {object} MirrorOptions
 * @property {() => Storage | null} storage  the browser's own localStorage; may throw
 * @property {(items: {slot: string, base: string | null, local: string | null}[]) =>
 *   Promise<{slot: string, value: string | null}[]>} synchronize  the host's three-way comparison
 * @property {{read: () => Promise<Iterable<[string, string]>>,
 *   write: (slot: string, value: string | null) => Promise<void>}} agreed  where the last agreed
 *   state outlives the document; it lives and dies with the localStorage
 */

/**
 * Keeps the items in a page's own localStorage and those that the host keeps the same, whoever
 * changes them: the page (clear, removeItem, a value of its own), or somebody else at the host.
 * What both agreed on last tells which side changed since.
 */
export class Mirror {
  /** @type {Map<string, string>} */
  #agreed = new Map();
  #hasCompared = false;
  /** What the host has already and the page is about to write itself, from the call's way to the host
   * on (then there is no value yet), with the number of such writes.
   * @type {Map<string, {value: string | null | undefined, writes: number}>} */
  #announced = new Map();
  /** What the store of the agreed state may not have. @type {Set<string>} */
  #unsaved = new Set();
  /** @type {Promise<void> | undefined} */
  #running;
  #options;

  /** @param {MirrorOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @returns {Storage | null} */
  #storage() {
    try {
      return this.#options.storage();
    } catch {
      return null; // blocked: the page's own access fails too, and says so
    }
  }

  /** @param {string} slot */
  #agrees(slot) {
    if (this.#announced.has(slot)) {
      return true;
    }
    const storage = this.#storage();
    return (
      storage === null ||
      (this.#hasCompared && storage.getItem(slot) === (this.#agreed.get(slot) ?? null))
    );
  }

  /**
   * @param {string} slot
   * @returns {string | null}  what the host keeps there, as far as this document knows
   */
  kept(slot) {
    const value = this.#announced.get(slot)?.value;
    return value !== undefined ? value : (this.#agreed.get(slot) ?? null);
  }

  /**
   * A call that changes an item goes to the host. Until the page has settled it, or it is settled
   * because it failed, no comparison touches the slot.
   *
   * @param {string} slot
   */
  begin(slot) {
    const announced = this.#announced.get(slot);
    this.#announced.set(slot, { value: announced?.value, writes: (announced?.writes ?? 0) + 1 });
  }

  /**
   * The host has changed an item for the page, which now writes its localStorage and settles.
   *
   * @param {string} slot
   * @param {string | null} value
   */
  announce(slot, value) {
    /** @type {any} */ (this.#announced.get(slot)).value = value;
  }

  /**
   * The page has written a slot, or is about to read it.
   *
   * @param {string} slot
   * @returns {Promise<void>}
   */
  async settle(slot) {
    const announced = this.#announced.get(slot);
    if (announced !== undefined) {
      announced.writes--;
      if (announced.writes > 0) {
        return; // a later write is still to come
      }
      this.#announced.delete(slot);
      if (announced.value !== undefined) {
        this.#agree(slot, announced.value);
      }
    }
    await this.reconcile(slot);
  }

  /**
   * Sees to it that localStorage and host hold the same under a slot. Calls go on in their order.
   *
   * @param {string} slot
   * @returns {Promise<void>}
   */
  async reconcile(slot) {
    if (this.#running !== undefined) {
      // It may have begun before the slot was changed; whoever started it hears of its failure.
      await this.#running.catch(() => {});
    }
    if (!this.#agrees(slot)) {
      await this.compare();
    }
  }

  /** Compares everything, for the host holds what this document does not know of. */
  compare() {
    this.#running ??= this.#compare().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #compare() {
    const storage = this.#storage();
    if (storage === null) {
      return;
    }
    try {
      // Another frame of the origin may have agreed on something since.
      const agreed = new Map(await this.#options.agreed.read());
      for (const slot of this.#unsaved) {
        put(agreed, slot, this.#agreed.get(slot) ?? null);
      }
      this.#agreed = agreed;
    } catch (error) {
      console.warn('powerup-secrets: what was agreed with the host cannot be read.', error);
    }
    const slots = new Set(this.#agreed.keys());
    for (let i = 0; i < storage.length; i++) {
      const name = /** @type {string} */ (storage.key(i));
      if (SLOT.test(name)) {
        slots.add(name);
      }
    }
    // What the page is about to write is settled when it has.
    const announced = new Set(this.#announced.keys());
    const isAnnounced = (/** @type {string} */ slot) =>
      announced.has(slot) || this.#announced.has(slot);
    const compared = [...slots].filter((slot) => !announced.has(slot));
    const items = compared.map((slot) => ({
      slot,
      base: this.#agreed.get(slot) ?? null,
      local: storage.getItem(slot),
    }));
    const changes = await this.#options.synchronize(items);
    this.#hasCompared = true;
    const ours = new Map(
      changes.filter(({ slot }) => !isAnnounced(slot)).map(({ slot, value }) => [slot, value]),
    );
    for (const { slot, local } of items) {
      if (!ours.has(slot) && !isAnnounced(slot)) {
        this.#agree(slot, local);
      }
    }
    for (const [slot, value] of ours) {
      // The page may have written meanwhile; then the next comparison decides.
      const before = items.find((item) => item.slot === slot)?.local ?? null;
      if (storage.getItem(slot) !== before || this.#write(storage, slot, value)) {
        this.#agree(slot, value);
      }
    }
  }

  /**
   * @param {Storage} storage
   * @param {string} slot
   * @param {string | null} value
   * @returns {boolean}  whether it is there now; if not, it comes when there is room
   */
  #write(storage, slot, value) {
    if (value === null) {
      storage.removeItem(slot);
      return true;
    }
    try {
      storage.setItem(slot, value);
      return true;
    } catch (error) {
      console.warn('powerup-secrets: localStorage is too full for what the host keeps.', error);
      return false;
    }
  }

  /**
   * @param {string} slot
   * @param {string | null} value
   */
  #agree(slot, value) {
    if ((this.#agreed.get(slot) ?? null) === value) {
      return;
    }
    put(this.#agreed, slot, value);
    this.#unsaved.add(slot);
    this.#options.agreed.write(slot, value).then(
      () => this.#unsaved.delete(slot),
      (error) => {
        console.warn(
          'powerup-secrets: this page cannot keep what was agreed with the host.',
          error,
        );
      },
    );
  }
}
