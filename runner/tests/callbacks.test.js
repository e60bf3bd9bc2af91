// SPDX-License-Identifier: MIT
// A function in a handler's result is called in the page that returned it, which the command line names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, Trello } from '../src/index.js';

const ORIGIN = 'http://localhost:3000';
const GONE = `No open page of ${ORIGIN} with the id "7" has a handler for "callback".`;

/** @type {any} */
const driver = { address: () => '' };

/**
 * Answers commands in turn.
 *
 * @param {(object | Error)[]} outcomes
 */
function answering(outcomes) {
  /** @type {string[][]} */
  const commands = [];
  const commandLine = {
    /** @param {string[]} args */
    async run(args) {
      commands.push(args);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) {
        throw outcome;
      }
      return JSON.stringify(outcome);
    },
  };
  const trello = new Trello(/** @type {any} */ (commandLine), driver, {
    baseURL: ORIGIN,
  });
  return { trello, commands };
}

/** @param {string} _callback */
const button = (_callback) => [{ callback: { _callback } }];

test('the callbacks of a result are called in its page, and theirs too', async () => {
  const { trello, commands } = answering([
    { success: true, response: button('a'), page: '7' },
    { success: true, response: button('b'), page: '7' },
    { success: true, response: null, page: '7' },
  ]);
  const [first] = await trello.capability('card-buttons');
  const [second] = await first.callback();
  await second.callback({ date: 1 });
  const place = ['--origin', ORIGIN];
  const inPage = ['invoke', 'callback', ...place, '--page', '7', '--options'];
  assert.deepEqual(commands, [
    ['invoke', 'card-buttons', ...place, '--json'],
    [...inPage, JSON.stringify({ callback: 'a', action: 'run' }), '--json'],
    [...inPage, JSON.stringify({ callback: 'b', action: 'run', options: { date: 1 } }), '--json'],
  ]);
});

test('a page that is gone is told, and another error stays as it is', async () => {
  const other = new CommandError('x', 3, 'not confirmed');
  const { trello } = answering([
    { success: true, response: button('a'), page: '7' },
    new CommandError('x', 4, GONE),
    other,
  ]);
  const [{ callback }] = await trello.capability('card-buttons');
  await assert.rejects(callback(), {
    message: /: the page that this function came from has been closed or reloaded\.$/,
  });
  await assert.rejects(callback(), other);
});

test('a command line that names no page is asked for the origin alone', async () => {
  const { trello, commands } = answering([
    { success: true, response: button('a') },
    { success: true, response: null },
  ]);
  const [{ callback }] = await trello.capability('card-buttons');
  await callback();
  assert.ok(!commands[1].includes('--page'));
});
