// SPDX-License-Identifier: MIT
// The scene that a page plays in: storage mode, fidelity, who is signed in. What must be known before
// the page's first script comes from scripts that the background registers for the page's origin
// (extension/build.mjs makes them); changes, and what those scripts did not know yet, from the host.
import { resultOf } from './errors.js';
import { setStorageMode } from './storage-mode.js';

/**
 * @typedef {object} Scene
 * @property {'documented' | 'library'} fidelity
 * @property {import('./storage-mode.js').StorageMode} storage
 * @property {boolean} faults  whether calls may meet a fault
 * @property {string | null} member  who is signed in where the URL hash does not say it
 */

/** The event by which a registered script tells one thing. */
export const SCENE_EVENT = 'powerup-secrets-scene';

/** The event by which a document without an address asks the one that made it; it is answered at
 * once, through the function in `detail`. */
const INHERIT_EVENT = 'powerup-secrets-inherit';

const DEFAULT_MEMBER = '5f0000000000000000000001';

/** Of this document's origin, which about:blank and its like have from the page that made them. */
const PORT = /:(\d+)$/.exec(window.origin)?.[1] ?? '';

/** Hears the registered scripts, which run before the page's own. */
class Prologue {
  /** Digits of the port for which the scene is meant, and of the member. @type {string[]} */
  #port = [];
  /** @type {string[]} */
  #member = [];
  /** @type {Partial<Scene>} */
  #told = {};
  /** What was told for all origins, and for this one. @type {Partial<Scene>[]} */
  #scenes = [{}, {}];

  /** @param {string} word  such as 'storage=denied' */
  hear(word) {
    const [name, value] = word.split('=');
    if (name.startsWith('port')) {
      this.#port[Number(name.slice('port'.length))] = value;
    } else if (name.startsWith('member')) {
      this.#member[Number(name.slice('member'.length))] = value;
    } else if (name === 'end') {
      this.#end(value);
    } else if (name === 'signed') {
      this.#told.member = null;
    } else {
      Object.assign(this.#told, { [name]: value });
    }
  }

  /** @param {string} scope  'all' or 'origin' */
  #end(scope) {
    if (this.#member.length > 0) {
      this.#told.member = this.#member.join('');
    }
    // Firefox runs the scripts of a host for all of its ports.
    if (scope === 'all' || this.#port.join('') === PORT) {
      this.#scenes[scope === 'all' ? 0 : 1] = this.#told;
    }
    this.#told = {};
    this.#port = [];
    this.#member = [];
  }

  /** @returns {Scene} */
  scene() {
    const [all, own] = this.#scenes;
    return {
      fidelity: 'documented',
      storage: 'enabled',
      faults: false,
      member: DEFAULT_MEMBER,
      ...all,
      ...own,
    };
  }
}

/**
 * The scene of the page that made this about:blank or srcdoc document. Firefox runs a registered
 * script too late in the first such document of a page.
 *
 * @returns {Scene | undefined}  undefined for any other document
 */
function inherited() {
  if (window.location.protocol !== 'about:') {
    return undefined;
  }
  const maker = window.parent === window ? window.opener : window.parent;
  /** @type {Scene | undefined} */
  let scene;
  try {
    maker?.dispatchEvent(
      new maker.CustomEvent(INHERIT_EVENT, {
        detail: (/** @type {Scene} */ given) => (scene = given),
      }),
    );
  } catch {
    // Of another origin: this document has no scene of its maker's.
  }
  return scene;
}

/**
 * @param {import('./channel.js').Channel} channel
 */
export function openScene(channel) {
  const prologue = new Prologue();
  /** @type {Scene} */
  let scene = prologue.scene();
  /** @type {Promise<Scene> | undefined} */
  let asked;
  /** @type {((scene: Scene) => void)[]} */
  const listeners = [];

  /** @param {Scene} next */
  function set(next) {
    const hasOtherMember = next.member !== scene.member;
    scene = next;
    setStorageMode(scene.storage);
    if (hasOtherMember) {
      for (const listener of listeners) {
        listener(scene);
      }
    }
  }

  /** @param {Event} event */
  function hear(event) {
    event.stopImmediatePropagation();
    prologue.hear(/** @type {CustomEvent} */ (event).detail);
    set(prologue.scene());
  }
  window.addEventListener(SCENE_EVENT, hear, { capture: true });
  window.addEventListener(
    INHERIT_EVENT,
    (event) => {
      event.stopImmediatePropagation();
      /** @type {CustomEvent} */ (event).detail({ ...scene });
    },
    { capture: true },
  );
  set(inherited() ?? scene);
  // The parser's first node comes after all registered scripts and before the page's first one.
  const parsed = new MutationObserver(() => {
    window.removeEventListener(SCENE_EVENT, hear, { capture: true });
    parsed.disconnect();
  });
  parsed.observe(document, { childList: true, subtree: true });

  return {
    now: () => scene,
    /** What the host says, asked for when it is first needed. */
    confirmed() {
      if (asked === undefined) {
        asked = channel.ask('getSettings').then((served) => {
          set(resultOf(served));
          return scene;
        });
        // A host that could not be reached is asked again by the next call.
        asked.catch(() => (asked = undefined));
      }
      return asked;
    },
    /** @param {Scene} next */
    change(next) {
      asked = Promise.resolve(next);
      set(next);
    },
    /** @param {(scene: Scene) => void} listener */
    onMemberChange: (listener) => listeners.push(listener),
  };
}

/** @typedef {ReturnType<typeof openScene>} SceneHolder */
