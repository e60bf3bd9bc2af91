// SPDX-License-Identifier: MIT
// What must hold of an origin's localStorage and the host's items, whatever happens in which order.
import assert from 'node:assert/strict';
import { OriginFixture, slotOf } from './origin-fixture.js';

/** @typedef {{name: string, frame?: number, slot?: number, on?: boolean}} Action */

const SLOTS = [0, 1, 2, 3].map(slotOf);

/** What happened to a slot since the last check. */
function noChanges() {
  return {
    /** What the page's last change made of it. @type {{value: string | null} | undefined} */
    byPage: undefined,
    /** What somebody else made of it at the host. @type {{value: string | null} | undefined} */
    atHost: undefined,
    /** A frame went away in the middle of a change: that one may count or not. */
    uncertain: false,
    count: 0,
  };
}

export class OriginModel {
  fixture = new OriginFixture();
  /** @type {Map<string, ReturnType<typeof noChanges>>} */
  #changes = new Map();
  /** What both sides held at the last check. @type {Map<string, string | null>} */
  #agreed = new Map();
  /** Secret calls under way. @type {{frame: any, slot: string}[]} */
  #calls = [];
  #databaseIsStale = false;
  #databaseFailed = false;
  #reloaded = false;
  /** @type {Error | undefined} */
  #failure;

  async #addFrame() {
    const frame = await this.fixture.addFrame();
    frame.listen({ handlers: [] });
  }

  async start() {
    this.fixture.storage.changed = (name) => {
      if (this.fixture.pageIsAtWork) {
        this.#changed(name);
      }
    };
    await this.#addFrame();
    return this;
  }

  /** @param {Action} action */
  async act(action) {
    const { fixture } = this;
    const { name, slot: digit = 0, on = false } = action;
    const frame = fixture.frames[(action.frame ?? 0) % fixture.frames.length];
    const slot = slotOf(digit);
    switch (name) {
      case 'to bridge':
        await fixture.deliverToBridge(frame);
        break;
      case 'host':
        fixture.hostServes();
        break;
      case 'from host':
        await fixture.deliverAnswer();
        break;
      case 'to page':
        await fixture.deliverToPage(frame);
        break;
      case 'store':
      case 'load':
      case 'clear':
        await fixture.pageDoes(() => this.#call(frame, name, slot, digit < 2));
        break;
      case 'page sets':
        await this.#pageChanges((storage) => storage.setItem(slot, fixture.fresh()));
        break;
      case 'page removes':
        await this.#pageChanges((storage) => storage.removeItem(slot));
        break;
      case 'page clears':
        await this.#pageChanges((storage) => storage.clear());
        break;
      case 'host sets':
        fixture.hostChanges(slot, fixture.fresh());
        this.#of(slot).atHost = { value: fixture.host.get(slot) ?? null };
        break;
      case 'host removes':
        fixture.hostChanges(slot, null);
        this.#of(slot).atHost = { value: null };
        break;
      case 'reload':
        await this.#reload(frame);
        break;
      case 'add frame':
        await this.#addFrame();
        break;
      case 'block storage':
        fixture.storageIsBlocked = on;
        SLOTS.forEach((each) => this.#of(each).count++);
        break;
      case 'fill storage':
        fixture.storage.full = on;
        break;
      case 'fail host':
        fixture.hostFails = on;
        break;
      case 'fail database':
        fixture.database.failsWriting = on;
        this.#databaseFailed ||= on;
        this.#databaseIsStale ||= on;
        break;
      case 'read':
        await this.#read();
        break;
      default:
        assert.equal(name, 'check');
        await this.check();
    }
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  /** Lets everything end and be compared once; then both sides hold what they should. */
  async check() {
    const { fixture } = this;
    fixture.storageIsBlocked = fixture.storage.full = false;
    fixture.hostFails = fixture.database.failsWriting = false;
    await fixture.settle();
    await this.#read();
    await fixture.apply();
    await fixture.apply(); // of what pages had of their own, too
    this.#sameOnBothSides(SLOTS.filter((slot) => fixture.host.has(slot)));
    await fixture.compareAll();
    this.#sameOnBothSides(SLOTS);
    for (const slot of SLOTS) {
      const local = fixture.storage.getItem(slot);
      const { byPage, atHost, uncertain } = this.#of(slot);
      const known = [byPage, atHost].flatMap((change) => (change ? [change.value] : []));
      const allowed = known.length > 0 ? known : [this.#agreed.get(slot) ?? null];
      assert.ok(
        uncertain || allowed.includes(local),
        `slot ${slot[0]} is ${local}, not ${allowed.join(' or ')}`,
      );
      this.#agreed.set(slot, local);
    }
    this.#changes.clear();
    this.#databaseIsStale &&= this.#databaseFailed || !this.#reloaded;
    this.#databaseFailed = this.#reloaded = false;
  }

  /** @param {string[]} slots */
  #sameOnBothSides(slots) {
    for (const slot of slots) {
      const local = this.fixture.storage.getItem(slot);
      assert.equal(this.fixture.host.get(slot) ?? null, local, `slot ${slot[0]} at the host`);
    }
  }

  /** The command line reads: then the host has what the page alone has made of an item. */
  async #read() {
    const { fixture } = this;
    await fixture.settle();
    const known = SLOTS.filter((slot) => fixture.host.has(slot));
    await fixture.report();
    for (const slot of known) {
      const { byPage, atHost, uncertain } = this.#of(slot);
      const isCertain = !atHost && !uncertain && !this.#databaseIsStale;
      if (byPage && isCertain && !fixture.storageIsBlocked && !fixture.hostFails) {
        assert.equal(fixture.host.get(slot) ?? null, byPage.value, `slot ${slot[0]}, when read`);
      }
    }
  }

  /** @param {string} slot */
  #of(slot) {
    const changes = this.#changes.get(slot) ?? noChanges();
    this.#changes.set(slot, changes);
    return changes;
  }

  /** The page has made a slot what it is. @param {string} slot */
  #changed(slot) {
    const changes = this.#of(slot);
    changes.byPage = { value: this.fixture.storage.getItem(slot) };
    changes.count++;
  }

  /** @param {(storage: import('./browser-storage.js').MemoryStorage) => void} change */
  #pageChanges(change) {
    return this.fixture.pageDoes(() => {
      try {
        change(this.fixture.localStorage());
      } catch {
        // blocked or full: nothing changes
      }
    });
  }

  /**
   * @param {import('./origin-fixture.js').Frame} frame
   * @param {'store' | 'load' | 'clear'} method
   * @param {string} slot
   * @param {boolean} documented
   */
  #call(frame, method, slot, documented) {
    const under = { frame, slot };
    this.#calls.push(under);
    const changes = this.#of(slot);
    const count = changes.count + (method === 'load' ? 0 : 1);
    const ended = () => {
      this.#calls = this.#calls.filter((each) => each !== under);
      return this.#calls.every((each) => each.slot !== slot) && changes === this.#of(slot);
    };
    frame.call(documented ? 'documented' : 'library', method, slot).then(
      (result) => {
        const counts = ended() && this.fixture.frames.length === 1; // other frames’ changes arrive later
        const alone = counts && changes.count === count && !changes.atHost && !changes.uncertain;
        const local = this.fixture.storage.getItem(slot);
        if (alone && (this.fixture.host.get(slot) ?? null) !== local) {
          this.#failure ??= new Error(`${method} is done, but the host has no ${local}`);
        }
        if (alone && method === 'load' && result !== (local && `secret in ${local}`)) {
          this.#failure ??= new Error(`the secret in ${local} was loaded as ${result}`);
        }
      },
      () => {
        ended();
        if (documented && method !== 'load') {
          this.#changed(slot); // to what it was: the host takes its own change back
        }
      },
    );
  }

  /** @param {import('./origin-fixture.js').Frame} frame */
  async #reload(frame) {
    const { fixture } = this;
    const settling = frame.bridge.inbox.map((/** @type {any} */ { settle }) => settle);
    const called = this.#calls.filter((each) => each.frame === frame).map(({ slot }) => slot);
    const compared = [...fixture.toHost, ...fixture.answers]
      .filter((request) => request.frame === frame)
      .flatMap(({ ask }) => ask.request.members.items ?? [])
      .filter(({ base, local }) => base !== local)
      .map(({ slot }) => slot);
    const uncertain = this.#databaseIsStale ? SLOTS : [...settling, ...called, ...compared];
    uncertain.forEach((slot) => slot && (this.#of(slot).uncertain = true));
    this.#calls = this.#calls.filter((each) => each.frame !== frame);
    this.#reloaded = true;
    fixture.removeFrame(frame);
    await this.#addFrame();
  }
}
