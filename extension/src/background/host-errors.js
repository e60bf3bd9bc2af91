// SPDX-License-Identifier: MIT
// Browsers report different faults of a native host in the same few words. This says what each can
// mean and what to do about it.

const NOT_INSTALLED =
  'the native host is not installed for this browser: its manifest is missing, is not valid, or ' +
  'names a program that does not exist. Run "powerup-secrets install"; "powerup-secrets doctor" says ' +
  'what is wrong.';

const CAUSES = [
  { words: /host not found|No such native application/, mend: NOT_INSTALLED },
  {
    words: /forbidden/,
    mend: 'the native host\'s manifest does not name this extension. Run the "powerup-secrets install" that was built together with it.',
  },
  {
    words: /has exited/,
    mend: 'the native host ended by itself. Its reason is on the browser\'s standard error, and "powerup-secrets doctor" finds it.',
  },
  {
    words: /Error when communicating|tried to send a message/,
    mend: 'the native host cannot be started, or a wrapper around it prints on its standard output. "powerup-secrets doctor" says which.',
  },
  {
    words: /unexpected error/,
    mend: 'the native host cannot be started: the program that its manifest names is not there, or does not run. "powerup-secrets install" names it anew, "powerup-secrets doctor" says what is wrong.',
  },
];

/**
 * @param {string | undefined} reason  the browser's words, if it has any
 * @returns {string}  a sentence with the mend, the browser's words at its end
 */
export function explainDisconnect(reason) {
  const cause = CAUSES.find(({ words }) => words.test(reason ?? ''));
  const mend = cause?.mend ?? 'the native host is gone. The next call starts it again.';
  return reason ? `${mend} (${reason})` : mend;
}
