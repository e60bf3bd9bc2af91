// SPDX-License-Identifier: MIT
// The background of the extension: the program with the browser's own edges.
import { Background } from './background/background.js';
import { callerOf, isContentScript } from './background/caller.js';
import { isPanel } from './background/panel.js';
import { SettingsScripts } from './background/settings-scripts.js';
import { ownError } from './messages.js';

/** @type {import('./background/frames.js').Tabs} */
const tabs = {
  async withPages() {
    const all = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*'], discarded: false });
    return all.flatMap(({ id }) => (id === undefined ? [] : [id]));
  },
  async isPage(tabId) {
    try {
      await chrome.scripting.executeScript({
        target: { tabId },
        func: () => true,
        injectImmediately: true,
      });
      return true;
    } catch {
      return false;
    }
  },
};

const background = new Background({
  connectHost: () => chrome.runtime.connectNative(NATIVE_HOST_NAME),
  lastError: () => chrome.runtime.lastError?.message,
  tabs,
  settingsAtStart: new SettingsScripts(chrome.scripting, BROWSER),
  extensionVersion: EXTENSION_VERSION,
  browser: navigator.userAgent,
});

chrome.runtime.onConnect.addListener((port) => {
  const { sender } = port;
  if (sender === undefined || !isContentScript(sender)) {
    port.disconnect();
    return;
  }
  port.onDisconnect.addListener(() => void chrome.runtime.lastError); // as of the back/forward cache
  background.addFrame(port, {
    page: port.name,
    caller: callerOf(sender),
    address: (sender.url ?? '').split('#')[0],
    tab: sender.tab?.id,
    isTop: sender.frameId === 0,
  });
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  if (!isPanel(sender)) {
    // Who calls is known of ports alone.
    respond({ ok: false, error: ownError('the extension does not know this request.') });
    return undefined;
  }
  void background.answerPanel(message?.panel).then(respond);
  return true; // respond is called later
});

void background.start();
