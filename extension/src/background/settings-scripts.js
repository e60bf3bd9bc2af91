// SPDX-License-Identifier: MIT
// Makes the settings of each origin known to a page's first script: content scripts that run at
// document_start and each pass one setting to the page script. Content scripts must be files, so a
// port or a member's id is spelled digit by digit; extension/build.mjs generates the files.

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
 * @param {string} digits
 * @returns {string[]}
 */
const spelled = (name, digits) =>
  [...digits].map((digit, place) => `settings/${name}${place}-${digit}.js`);

/**
 * @param {OriginSettings} row
 * @param {typeof BROWSER} browser
 * @returns {RegisteredContentScript}
 */
export function registrationOf({ origin, settings }, browser) {
  const { port = '', protocol = '', hostname = '' } = origin === '' ? {} : new URL(origin);
  const js = spelled('port', port);
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'member') {
      js.push(...(value === '' ? ['settings/signed-out.js'] : spelled('member', value)));
    } else if (BEFORE_SCRIPTS.includes(name)) {
      js.push(`settings/${name}-${value}.js`);
    }
  }
  js.push(`settings/end-${origin === '' ? 'all' : 'origin'}.js`);
  // Firefox accepts a pattern with a port but never matches it; there the page script compares the
  // port.
  const pattern = browser === 'firefox' ? `${protocol}//${hostname}/*` : `${origin}/*`;
  return {
    id: `${PREFIX}${origin}`,
    matches: [origin === '' ? '<all_urls>' : pattern],
    js,
    ...IN_PAGES,
  };
}

/**
 * Registers scripts for exactly these settings. An origin's change is one step: every page gets either
 * the old settings or the new ones.
 *
 * @param {typeof chrome.scripting} scripting
 * @param {import('../messages.js').AllSettings} settings
 * @param {typeof BROWSER} browser
 */
export async function registerSettings(scripting, { origins, filled }, browser) {
  const present = (await scripting.getRegisteredContentScripts())
    .map(({ id }) => id)
    .filter((id) => id.startsWith(PREFIX));
  const wanted = origins.map((row) => registrationOf(row, browser));
  if (filled) {
    wanted.push(FILLED);
  }
  const isPresent = (/** @type {{id: string}} */ { id }) => present.includes(id);
  const [update, register] = [wanted.filter(isPresent), wanted.filter((one) => !isPresent(one))];
  const remove = present.filter((id) => wanted.every((one) => one.id !== id));
  if (update.length > 0) {
    await scripting.updateContentScripts(update);
  }
  if (register.length > 0) {
    await scripting.registerContentScripts(register);
  }
  if (remove.length > 0) {
    await scripting.unregisterContentScripts({ ids: remove });
  }
}
