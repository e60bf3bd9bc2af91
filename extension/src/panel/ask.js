// SPDX-License-Identifier: MIT

/**
 * Asks the background (src/background/panel.js).
 *
 * @param {{settingsOf: string} | {command: string[]} | {pagesOf: number}} panel
 * @returns {Promise<any>}  rejects with a message for people
 */
export async function ask(panel) {
  const answer = await chrome.runtime.sendMessage({ panel });
  if (!answer.ok) {
    throw new Error(answer.error.message);
  }
  return answer.result;
}

/**
 * Runs the command line.
 *
 * @param {...string} command  its arguments
 * @returns {Promise<string>}  its standard output; rejects with what it wrote on standard error
 */
export async function run(...command) {
  const { status, stdout, stderr } = await ask({ command });
  if (status !== 0) {
    throw new Error(stderr.trim());
  }
  return stdout;
}
