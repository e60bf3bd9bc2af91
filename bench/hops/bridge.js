// SPDX-License-Identifier: MIT
// Sends a page's message back: from the bridge, from the background, or from a native host.
const { port1, port2 } = new MessageChannel();
const background = chrome.runtime.connect();

background.onMessage.addListener((message) => port1.postMessage(message));
port1.onmessage = async ({ data }) => {
  if (data.hop === 'bridge') {
    port1.postMessage(data);
  } else if (data.hop === 'port' || data.hop === 'native port') {
    background.postMessage(data);
  } else {
    port1.postMessage(await chrome.runtime.sendMessage(data));
  }
};
document.addEventListener('DOMContentLoaded', () => {
  window.dispatchEvent(new MessageEvent('hops', { ports: [port2] }));
});
