// SPDX-License-Identifier: MIT
import { writeItem } from './full-entry.js';

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

/** @typedef {{slot: string, base: string | null, local: string | null}} ItemState */

/**
 * @typedef {object} MirrorOptions
 * @property {() => Storage | null} storage  the browser's own localStorage; may throw
 * @property {(items: ItemState[]) =>
 *   Promise<{items: {slot: string, value: string | null}[], itemsRevision: number}>} synchronize  the
 *   host's three-way comparison, and the number of its items then
 * @property {{read: () => Promise<Iterable<[string, string]>>,
 *   write: (slot: string, value: string | null) => Promise<void>}} agreed  keeps the last agreed
 *   state after the document is gone, exactly as long as the localStorage exists
 */

/**
 * Keeps the items in a page's own localStorage and the host's items in sync, whoever changes them: the
 * page (clear, removeItem, a value of its own), or somebody else at the host. The last agreed state
 * shows which side has changed since.
 */
export class Mirror {
  /** @type {Map<string, string>} */
  #agreed = new Map();
  #hasCompared = false;
  /** The number of the host's items that #agreed is. @type {number | undefined} */
  #revision;
  /** Values that the host has and that the page is about to write itself, with the number of such
   * writes. There is no value yet while the request is on its way to the host.
   * @type {Map<string, {value: string | null | undefined, writes: number}>} */
  #announced = new Map();
  /** Slots of this document's secret calls. Any other entry of the page's localStorage is its own, even
   * under such a name, until the host has an item there. @type {Set<string>} */
  #called = new Set();
  /** Slots that the store of the agreed state may lack. @type {Set<string>} */
  #unsaved = new Set();
  /** Fulfilled when all of the agreed state is saved, or has failed to be. */
  #saved = Promise.resolve();
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
      return null; // blocked: the page's own access fails, too, with its own error
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
   * @returns {string | null}  the host's item, as far as this document knows
   */
  kept(slot) {
    const value = this.#announced.get(slot)?.value;
    return value !== undefined ? value : (this.#agreed.get(slot) ?? null);
  }

  /**
   * A request that changes an item is about to be sent. No comparison touches the slot until the page
   * has settled it, or it is settled because the request failed.
   *
   * @param {string} slot
   */
  begin(slot) {
    this.#called.add(slot);
    const announced = this.#announced.get(slot);
    this.#announced.set(slot, { value: announced?.value, writes: (announced?.writes ?? 0) + 1 });
  }

  /**
   * The host has changed an item for the page, which will now write its localStorage and settle.
   *
   * @param {string} slot
   * @param {string | null} value
   */
  announce(slot, value) {
    /** @type {any} */ (this.#announced.get(slot)).value = value;
  }

  /**
   * A request of this document has changed the host's items, in one step.
   *
   * @param {number} revision  their number since
   */
  changed(revision) {
    if (this.#revision === revision - 1) {
      this.#revision = revision;
    }
  }

  /**
   * Whether there is nothing to compare, unless the page has changed its localStorage by itself.
   *
   * @param {number | undefined} revision  the number of the host's items; undefined: not known
   */
  isCurrent(revision) {
    return revision !== undefined && this.#revision === revision;
  }

  /**
   * The page has written a slot, or is about to read it. When this has settled, the next document of
   * the origin knows what was agreed, however soon it is loaded.
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
    await this.#saved;
  }

  /**
   * Makes sure that localStorage and host have the same value in a slot. Keeps the order of calls.
   *
   * @param {string} slot
   * @returns {Promise<void>}
   */
  async reconcile(slot) {
    this.#called.add(slot);
    if (this.#running !== undefined) {
      // It may have started before the slot was changed; its failure is reported to whoever started it.
      await this.#running.catch(() => {});
    }
    if (!this.#agrees(slot)) {
      await this.compare();
    }
  }

  /** Compares everything, because the host may have items that this document does not know. */
  compare() {
    this.#running ??= this.#compare().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #readAgreed() {
    try {
      // Another frame of the origin may have agreed on something since.
      const agreed = new Map(await this.#options.agreed.read());
      for (const slot of this.#unsaved) {
        put(agreed, slot, this.#agreed.get(slot) ?? null);
      }
      this.#agreed = agreed;
    } catch (error) {
      console.warn('powerup-secrets: the state last agreed with the host cannot be read.', error);
    }
  }

  /** All slots with the agreed value and the page's own, except those that the page is about to write:
   * they are settled when it has written them. @param {Storage} storage */
  #items(storage) {
    return [...new Set([...this.#agreed.keys(), ...this.#called])]
      .filter((slot) => !this.#announced.has(slot))
      .map((slot) => ({
        slot,
        base: this.#agreed.get(slot) ?? null,
        local: storage.getItem(slot),
      }));
  }

  /**
   * Has the host keep what the page has changed by itself since the last comparison. The page's
   * localStorage stays as it is.
   *
   * @param {number} [revision]  the number of the host's items, if it is known
   */
  async report(revision) {
    await this.#running?.catch(() => {}); // it reports as well; its failure is told whoever started it
    const storage = this.#storage();
    if (storage === null) {
      return;
    }
    const isChanged = (/** @type {ItemState} */ { base, local }) => base !== local;
    if (this.isCurrent(revision) && !this.#items(storage).some(isChanged)) {
      return; // nor is there anything by what other frames have agreed on
    }
    await this.#readAgreed();
    const items = this.#items(storage);
    const { items: changes, itemsRevision } = await this.#options.synchronize(items);
    const differing = new Set(changes.map(({ slot }) => slot));
    // What differs, the next comparison writes.
    this.#revision = differing.size === 0 ? itemsRevision : undefined;
    for (const { slot, local } of items.filter(isChanged)) {
      if (!differing.has(slot) && !this.#announced.has(slot)) {
        this.#agree(slot, local);
      }
    }
    await this.#saved;
  }

  async #compare() {
    const storage = this.#storage();
    if (storage === null) {
      return;
    }
    await this.#readAgreed();
    const announced = new Set(this.#announced.keys());
    const isAnnounced = (/** @type {string} */ slot) =>
      announced.has(slot) || this.#announced.has(slot);
    const items = this.#items(storage);
    const { items: changes, itemsRevision } = await this.#options.synchronize(items);
    this.#hasCompared = true;
    this.#revision = itemsRevision;
    const ours = new Map(
      changes.filter(({ slot }) => !isAnnounced(slot)).map(({ slot, value }) => [slot, value]),
    );
    for (const { slot, local } of items) {
      if (!ours.has(slot) && !isAnnounced(slot)) {
        this.#agree(slot, local);
      }
    }
    /** What somebody else has written since it was sent to the host. @type {[string, string | null][]} */
    const overtaken = [];
    for (const [slot, value] of ours) {
      const before = items.find((item) => item.slot === slot)?.local ?? null;
      if (storage.getItem(slot) !== before) {
        overtaken.push([slot, value]);
      } else if (this.#write(storage, slot, value)) {
        this.#agree(slot, value);
        continue;
      }
      this.#revision = undefined; // the next comparison decides
    }
    if (overtaken.length > 0) {
      await this.#agreeUnlessShared(storage, overtaken);
    }
    await this.#saved;
  }

  /**
   * Makes the next comparison take what the page has written itself, which is newer than the host's items.
   * What another document has written was the host's when that one compared, which may have been earlier.
   *
   * @param {Storage} storage
   * @param {[string, string | null][]} items  of the host
   */
  async #agreeUnlessShared(storage, items) {
    await this.#readAgreed();
    for (const [slot, value] of items) {
      const isShared = storage.getItem(slot) === (this.#agreed.get(slot) ?? null);
      if (!isShared && !this.#announced.has(slot)) {
        this.#agree(slot, value);
      }
    }
  }

  /**
   * @param {Storage} storage
   * @param {string} slot
   * @param {string | null} value
   * @returns {boolean}  whether it was written; if not, a later comparison tries again
   */
  #write(storage, slot, value) {
    try {
      writeItem(storage, slot, value);
      return true;
    } catch (error) {
      console.warn('powerup-secrets: localStorage has no room for an item of the host.', error);
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
    const written = this.#options.agreed.write(slot, value).then(
      () => void this.#unsaved.delete(slot),
      (error) => {
        console.warn(
          'powerup-secrets: this page cannot save the state agreed with the host.',
          error,
        );
      },
    );
    this.#saved = Promise.all([this.#saved, written]).then(() => {});
  }
}
