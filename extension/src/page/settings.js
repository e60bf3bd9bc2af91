// SPDX-License-Identifier: MIT
// The settings in force for a page: storage mode, fidelity, who is signed in. Those needed before the
// page's first script come from scripts that the background registers for the page's origin
// (extension/build.mjs generates them); changes, and everything else, come from the host.
import defaults from '../../default-context.json' with { type: 'json' };
import { resultOf } from './errors.js';
import { keepFull } from './full-storage.js';
import { setStorageMode } from './storage-mode.js';

/**
 * @typedef {object} Settings
 * @property {'documented' | 'library'} fidelity
 * @property {import('./storage-mode.js').StorageMode} storage
 * @property {boolean} faults  whether a fault may be set for the page's calls
 * @property {boolean} [filled]  whether the storage mode `full` was set at some time
 * @property {string | null} member  who is signed in, unless the URL hash says otherwise
 */

const { apply } = Reflect;
const { dispatchEvent } = EventTarget.prototype;
const readDetail = /** @type {() => any} */ (
  Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get
);

/** The event by which a registered script passes on one setting. */
const SETTINGS_EVENT = 'powerup-secrets-settings';

/** The event by which a document without an address asks the document that created it. The answer is
 * synchronous, through the function in `detail`. */
const INHERIT_EVENT = 'powerup-secrets-inherit';

/** The port of this document's origin, which about:blank and the like inherit from their creator; 0: that
 * of its protocol. */
const PORT = Number(/:(\d+)$/.exec(window.origin)?.[1] ?? 0);

/** Whether this document's host ends with a dot, which makes it another origin. */
const HAS_DOT = /\.(:\d+)?$/.test(window.origin);

/** Hex digits of a member's id. */
const MEMBER_DIGITS = 24;

/** Collects the settings from the registered scripts, which run before the page's own. */
class RegisteredSettings {
  /** The port to which the settings apply. */
  #port = 0;
  /** The digits of the member, the last one first. @type {number[] | undefined} */
  #member;
  /** Read so far, and not ended yet. @type {Partial<Settings>} */
  #reading = {};
  /** For all origins, and for this one. @type {Partial<Settings>[]} */
  #scopes = [{}, {}];
  #filled = false;

  /** @param {string} setting  such as 'storage=denied' */
  read(setting) {
    const [name, value] = setting.split('=');
    if (name === 'port') {
      this.#port += 2 ** Number(value);
    } else if (name === 'member') {
      const bit = Number(value);
      this.#digits()[bit >> 2] += 2 ** (bit & 3);
    } else if (name === 'end') {
      this.#end(value);
    } else if (name === 'filled') {
      this.#filled = true;
    } else if (setting === 'signed=in') {
      this.#digits();
    } else if (setting === 'signed=out') {
      this.#reading.member = null;
    } else {
      Object.assign(this.#reading, { [name]: value });
    }
  }

  #digits() {
    return (this.#member ??= Array.from({ length: MEMBER_DIGITS }, () => 0));
  }

  /** @param {string} scope  'all', 'origin' or 'dot': an origin whose host ends with a dot */
  #end(scope) {
    if (this.#member !== undefined) {
      this.#reading.member = this.#member.reduce((id, digit) => digit.toString(16) + id, '');
    }
    // Firefox runs the scripts of a host name for all of its ports, Chromium with and without the dot.
    if (scope === 'all' || (this.#port === PORT && (scope === 'dot') === HAS_DOT)) {
      this.#scopes[scope === 'all' ? 0 : 1] = this.#reading;
    }
    this.#reading = {};
    this.#port = 0;
    this.#member = undefined;
  }

  /** @returns {Settings} */
  merged() {
    const [all, own] = this.#scopes;
    return {
      fidelity: 'documented',
      storage: 'enabled',
      faults: false,
      filled: this.#filled,
      member: defaults.member,
      ...all,
      ...own,
    };
  }
}

/**
 * The settings of the page that created this about:blank or srcdoc document. Firefox runs a registered
 * script too late in the first such document of a page.
 *
 * @returns {Settings | undefined}  undefined for any other document
 */
function inherited() {
  if (window.location.protocol !== 'about:') {
    return undefined;
  }
  const creator = window.parent === window ? window.opener : window.parent;
  /** @type {Settings | undefined} */
  let settings;
  try {
    // Not the creator's own functions, which its page may have replaced.
    apply(dispatchEvent, creator, [
      new CustomEvent(INHERIT_EVENT, {
        detail: (/** @type {Settings} */ given) => (settings = given),
      }),
    ]);
  } catch {
    // Of another origin: there is nothing to inherit.
  }
  return settings;
}

/**
 * @param {import('./channel.js').Channel} channel
 */
export function openSettings(channel) {
  const registered = new RegisteredSettings();
  /** @type {Settings} */
  let settings = registered.merged();
  /** @type {Promise<Settings> | undefined} */
  let asked;
  /** @type {((settings: Settings) => void)[]} */
  const listeners = [];
  /** Whether scripts of the background may still give settings. */
  let reading = true;

  /** @param {Settings} next */
  function set(next) {
    const hasOtherMember = next.member !== settings.member;
    settings = next;
    if (hasOtherMember) {
      for (const listener of listeners) {
        listener(settings);
      }
    }
  }

  /** Makes the storage mode that is set the one that the page meets. Throws where the page prevents it. */
  function enforce() {
    setStorageMode(settings.storage);
    if (!reading) {
      keepFull(settings);
    }
  }

  /** For when nobody waits for the mode; the background asks for it again. */
  function tryToEnforce() {
    try {
      enforce();
    } catch (error) {
      console.warn(`powerup-secrets: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** @param {Event} event */
  function read(event) {
    event.stopImmediatePropagation();
    registered.read(apply(readDetail, event, []));
    set(registered.merged());
    tryToEnforce();
  }
  window.addEventListener(SETTINGS_EVENT, read, { capture: true });
  window.addEventListener(
    INHERIT_EVENT,
    (event) => {
      event.stopImmediatePropagation();
      apply(readDetail, event, [])({ ...settings });
    },
    { capture: true },
  );
  set(inherited() ?? settings);
  tryToEnforce();
  // The parser's first node comes after all registered scripts and before the page's first one.
  const parsed = new MutationObserver(() => {
    reading = false;
    tryToEnforce();
    window.removeEventListener(SETTINGS_EVENT, read, { capture: true });
    parsed.disconnect();
  });
  parsed.observe(document, { childList: true, subtree: true });

  return {
    current: () => settings,
    /** The host's settings, requested when they are first needed. */
    confirmed() {
      if (asked === undefined) {
        asked = channel.ask('getSettings').then((served) => {
          set(resultOf(served));
          tryToEnforce();
          return settings;
        });
        // If the host could not be reached, the next call tries again.
        asked.catch(() => (asked = undefined));
      }
      return asked;
    },
    /** @param {Settings} next @throws an Error when the page prevents it */
    change(next) {
      asked = Promise.resolve(next);
      reading = false;
      set(next);
      enforce();
    },
    /** @param {(settings: Settings) => void} listener */
    onMemberChange: (listener) => listeners.push(listener),
  };
}

/** @typedef {ReturnType<typeof openSettings>} SettingsHolder */
