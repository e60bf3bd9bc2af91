// SPDX-License-Identifier: MIT
// Browsers report different problems with a native host in the same few messages. This explains what
// each can mean and how to fix it.

const NOT_INSTALLED =
  'the native host is not installed for this browser: its manifest is missing, is not valid, or ' +
  'names a program that does not exist. Run "powerup-secrets install"; "powerup-secrets doctor" says ' +
  'what is wrong.';

const CAUSES = [
  { message: /host not found|No such native application/, fix: NOT_INSTALLED },
  {
    message: /forbidden/,
    fix: 'the native host\'s manifest does not name this extension. Run "powerup-secrets install" of the same build as the extension.',
  },
  {
    message: /has exited/,
    fix: 'the native host ended unexpectedly. The reason is on the browser\'s standard error; "powerup-secrets doctor" finds it, too.',
  },
  {
    message: /Error when communicating|tried to send a message/,
    fix: 'the native host cannot be started, or a wrapper around it writes to standard output. "powerup-secrets doctor" says which.',
  },
  {
    message: /unexpected error/,
    fix: 'the native host cannot be started: the program that its manifest names is missing, or does not run. "powerup-secrets doctor" says what is wrong; "powerup-secrets install" writes the manifest again.',
  },
];

/**
 * @param {string | undefined} reason  the browser's message, if there is one
 * @returns {string}  what happened and how to fix it, followed by the browser's message
 */
export function explainDisconnect(reason) {
  const cause = CAUSES.find(({ message }) => message.test(reason ?? ''));
  const explanation = cause?.fix ?? 'the native host is gone. The next call starts it again.';
  return reason ? `${explanation} (${reason})` : explanation;
}
