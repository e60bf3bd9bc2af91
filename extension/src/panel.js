// SPDX-License-Identifier: MIT
// The toolbar button's panel: the settings of the current tab.
import { ask, run } from './panel/ask.js';
import { callCells, fill, itemCells } from './panel/tables.js';

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

/** How many calls are shown. */
const CALLS_SHOWN = 10;

/** @param {string} text */
function showMessage(text) {
  byId('message').textContent = text;
  byId('message').hidden = text === '';
}

/** The origins in the current tab: first those of Power-Ups, which Trello embeds, then its own. */
async function originsOfTab() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  /** @type {{origin: string}[]} */
  const pages = tab?.id === undefined ? [] : await ask({ pagesOf: tab.id });
  const own = URL.canParse(tab?.url ?? '') ? [new URL(tab.url ?? '').origin] : [];
  return [...new Set([...pages.map(({ origin }) => origin), ...own])].filter((origin) =>
    /^https?:/.test(origin),
  );
}

/** @param {string[]} origins */
function showOrigins(origins) {
  const select = byId('origin');
  const chosen = select.value;
  select.replaceChildren(...origins.map((origin) => new Option(origin)));
  if (origins.includes(chosen)) {
    select.value = chosen;
  }
}

/** @param {string} origin */
async function show(origin) {
  const settings = await ask({ settingsOf: origin });
  for (const button of byId('storage').children) {
    button.setAttribute('aria-pressed', String(button.value === settings.storage));
  }
  byId('member').textContent = settings.member ?? 'nobody is signed in';
  byId('remove').disabled = settings.member === null;
  const calls = ['calls', '--origin', origin, '--last', String(CALLS_SHOWN), '--json'];
  fill(byId('items'), JSON.parse(await run('items', '--origin', origin, '--json')), itemCells);
  fill(byId('calls'), JSON.parse(await run(...calls)).reverse(), callCells);
}

async function refresh() {
  byId('host').textContent = `Host: ${(await run('--version')).trim()}`;
  const origins = await originsOfTab();
  showOrigins(origins);
  byId('settings').hidden = origins.length === 0;
  if (origins.length === 0) {
    showMessage('The current tab has no page of http or https.');
    return;
  }
  await show(byId('origin').value);
}

/**
 * Makes a change, if one is given, then shows the current state.
 *
 * @param {(() => Promise<unknown>)} [change]
 */
async function act(change) {
  document.body.ariaBusy = 'true';
  showMessage('');
  try {
    await change?.();
    await refresh();
  } catch (error) {
    showMessage(/** @type {Error} */ (error).message);
  }
  document.body.ariaBusy = 'false';
}

byId('refresh').addEventListener('click', () => act());
byId('origin').addEventListener('change', () => act());
byId('storage').addEventListener('click', (/** @type {any} */ { target: { value } }) => {
  if (value) {
    void act(() => run('storage', value, '--origin', byId('origin').value));
  }
});
byId('remove').addEventListener('click', () =>
  act(() => run('remove-personal-settings', '--origin', byId('origin').value)),
);
void act();
