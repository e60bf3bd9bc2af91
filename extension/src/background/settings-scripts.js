// SPDX-License-Identifier: MIT
// Makes the settings of each origin known to a page's first script: content scripts that run at
// document_start and each pass one setting to the page script. Content scripts must be files, so there is
// one for each bit that a port or a member's id may have; extension/build.mjs generates the files.

/** @typedef {import('../messages.js').OriginSettings} OriginSettings */
/** @typedef {chrome.scripting.RegisteredContentScript} RegisteredContentScript */

const PREFIX = 'settings of ';

/** The settings that a page's first script may meet, beside the member. */
const BEFORE_SCRIPTS = ['storage', 'fidelity'];

const IN_PAGES = /** @type {const} */ ({
  world: 'MAIN',
  runAt: 'document_start',
  allFrames: true,
  matchOriginAsFallback: true,
  persistAcrossSessions: false,
});

/** Makes pages remove what the storage mode `full` may have left in their localStorage.
 * @type {RegisteredContentScript} */
const FILLED = {
  id: `${PREFIX}filled storages`,
  matches: ['<all_urls>'],
  js: ['settings/filled.js'],
  ...IN_PAGES,
};

/**
 * @param {string} name
 * @param {bigint} number
 * @returns {string[]}  a script for each bit that is set
 */
const bitsOf = (name, number) =>
  [...number.toString(2)].reverse().flatMap((bit, at) => (bit === '1' ? [`${name}-${at}`] : []));

/**
 * Chromium runs a file once in a document, whichever registrations have it. So those that may meet in one
 * document are in different folders: its patterns match a host with and without a dot at its end.
 *
 * @param {string} hostname  '' for all origins
 */
const scopeOf = (hostname) => (hostname === '' ? 'all' : hostname.endsWith('.') ? 'dot' : 'origin');

/**
 * @param {OriginSettings} row
 * @param {typeof BROWSER} browser
 * @returns {RegisteredContentScript}
 */
export function registrationOf({ origin, settings }, browser) {
  const { port = '', protocol = '', hostname = '' } = origin === '' ? {} : new URL(origin);
  const names = bitsOf('port', BigInt(port));
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'member') {
      names.push(
        ...(value === ''
          ? ['signed-out']
          : ['signed-in', ...bitsOf('member', BigInt(`0x${value}`))]),
      );
    } else if (BEFORE_SCRIPTS.includes(name)) {
      names.push(`${name}-${value}`);
    }
  }
  names.push('end');
  // Firefox accepts a pattern with a port but never matches it; there the page script compares the
  // port.
  const pattern = browser === 'firefox' ? `${protocol}//${hostname}/*` : `${origin}/*`;
  return {
    id: `${PREFIX}${origin}`,
    matches: [origin === '' ? '<all_urls>' : pattern],
    js: names.map((name) => `settings/${scopeOf(hostname)}/${name}.js`),
    ...IN_PAGES,
  };
}

/** Gives each page's first script the settings of its origin. */
export class SettingsScripts {
  #scripting;
  #browser;
  /** What is registered, as text by id; undefined: not known. @type {Map<string, string> | undefined} */
  #registered;

  /**
   * @param {typeof chrome.scripting} scripting
   * @param {typeof BROWSER} browser
   */
  constructor(scripting, browser) {
    this.#scripting = scripting;
    this.#browser = browser;
  }

  /** @returns {Promise<Map<string, string>>}  what an earlier background has registered */
  async #present() {
    const ids = (await this.#scripting.getRegisteredContentScripts()).map(({ id }) => id);
    return new Map(ids.filter((id) => id.startsWith(PREFIX)).map((id) => [id, '']));
  }

  /**
   * Registers scripts for exactly these settings. An origin's change is one step: every page gets either
   * the old settings or the new ones.
   *
   * @param {import('../messages.js').AllSettings} settings
   */
  async register({ origins, filled }) {
    const registered = this.#registered ?? (await this.#present());
    this.#registered = undefined; // until all is done
    const wanted = origins.map((row) => registrationOf(row, this.#browser));
    if (filled) {
      wanted.push(FILLED);
    }
    const texts = new Map(wanted.map((one) => [one.id, JSON.stringify(one)]));
    const added = wanted.filter(({ id }) => !registered.has(id));
    const changed = wanted.filter(
      ({ id }) => registered.has(id) && registered.get(id) !== texts.get(id),
    );
    const removed = [...registered.keys()].filter((id) => !texts.has(id));
    const done = await Promise.allSettled([
      changed.length > 0 && this.#scripting.updateContentScripts(changed),
      added.length > 0 && this.#scripting.registerContentScripts(added),
      removed.length > 0 && this.#scripting.unregisterContentScripts({ ids: removed }),
    ]);
    // Only now, so that nothing is under way when the next settings come.
    for (const one of done) {
      if (one.status === 'rejected') {
        throw one.reason;
      }
    }
    this.#registered = texts;
  }
}
