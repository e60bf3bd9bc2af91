// SPDX-License-Identifier: MIT
// Messages of the command line, for readers who have called a method of the runner and know no command.

/** Such as "see "powerup-secrets help fault"". */
const COMMAND = /\bpowerup-secrets [a-z]/;

/** What methods take in their last argument; other options of a command are arguments of their own. */
const OPTIONS = new Set(['origin', 'member', 'owner', 'times', 'topLevelSite']);

/** @param {string} name  of an option of a command, such as 'top-level-site' */
function optionOfTheRunner(name) {
  const inCamelCase = name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return OPTIONS.has(inCamelCase) ? `{ ${inCamelCase} }` : inCamelCase;
}

/** @param {string} sentence  which may advise to run a command */
function withoutCommands(sentence) {
  const parts = sentence.split('; ');
  const kept = parts.filter((part) => !COMMAND.test(part));
  return kept.length === parts.length ? sentence : kept.join('; ').replace(/([^.])$/, '$1.');
}

/**
 * @param {string} stderr  of a command that failed
 * @returns {string}
 */
export function inWordsOfTheRunner(stderr) {
  const lines = stderr.split('\n').map((line) =>
    line
      .replace(/^powerup-secrets: /, '')
      .split(/(?<=\.) /)
      .map(withoutCommands)
      .filter((sentence) => sentence !== '')
      .join(' '),
  );
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .replaceAll(/(?<![\w-])--([a-z][a-z-]*)/g, (_, name) => optionOfTheRunner(name));
}
