// SPDX-License-Identifier: MIT
// The scene of each origin, put where a page's first script already meets it: content scripts that
// run at document_start and each tell the page script one word. Content scripts must be files, so a
// port or a member's id is spelled digit by digit; extension/build.mjs makes the files.

/** @typedef {import('../messages.js').SceneRow} SceneRow */

const PREFIX = 'scene of ';

/**
 * @param {string} name
 * @param {string} digits
 * @returns {string[]}
 */
const spelled = (name, digits) => [...digits].map((digit, at) => `scene/${name}${at}-${digit}.js`);

/**
 * @param {SceneRow} row
 * @param {typeof BROWSER} browser
 * @returns {chrome.scripting.RegisteredContentScript}
 */
export function registrationOf({ origin, settings }, browser) {
  const { port = '', protocol = '', hostname = '' } = origin === '' ? {} : new URL(origin);
  const js = spelled('port', port);
  for (const [name, value] of Object.entries(settings)) {
    if (name !== 'member') {
      js.push(`scene/${name}-${value}.js`);
    } else if (value === '') {
      js.push('scene/signed-out.js');
    } else {
      js.push(...spelled('member', value));
    }
  }
  js.push(`scene/end-${origin === '' ? 'all' : 'origin'}.js`);
  // Firefox takes a pattern with a port and matches nothing with it; there the scripts themselves
  // compare the port.
  const pattern = browser === 'firefox' ? `${protocol}//${hostname}/*` : `${origin}/*`;
  return {
    id: `${PREFIX}${origin}`,
    matches: [origin === '' ? '<all_urls>' : pattern],
    js,
    world: 'MAIN',
    runAt: 'document_start',
    allFrames: true,
    matchOriginAsFallback: true,
    persistAcrossSessions: false,
  };
}

/**
 * Registers the scenes of exactly these rows. An origin's change is one step: no page is ever
 * without the old or the new.
 *
 * @param {typeof chrome.scripting} scripting
 * @param {SceneRow[]} rows
 * @param {typeof BROWSER} browser
 */
export async function registerScenes(scripting, rows, browser) {
  const present = (await scripting.getRegisteredContentScripts())
    .map(({ id }) => id)
    .filter((id) => id.startsWith(PREFIX));
  const wanted = rows.map((row) => registrationOf(row, browser));
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
