// SPDX-License-Identifier: MIT
const native = chrome.runtime.connectNative('dev.powerup_secrets.host');
/** @type {Map<number, (message: unknown) => void>} */
const waiting = new Map();

native.onMessage.addListener((message) => {
  waiting.get(message.id)?.(message);
  waiting.delete(message.id);
});
chrome.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener((message) => {
    if (message.hop === 'native port') {
      waiting.set(message.id, (answer) => port.postMessage(answer));
      native.postMessage(message);
    } else {
      port.postMessage(message);
    }
  });
});
chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (message.hop === 'native') {
    waiting.set(message.id, answer);
    native.postMessage(message);
    return true;
  }
  answer(message);
});
