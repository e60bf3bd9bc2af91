// SPDX-License-Identifier: MIT
// What each command asks of browsers, and about whose pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliOf, ORIGIN, startBrowser } from './cli.js';

const OTHER = 'http://localhost:4000';
const THIRD = 'https://third.example';

/** The name, and the origins where it is not about all. @param {any} event */
const asked = ({ event, origins }) => (origins === undefined ? event : [event, ...origins]);

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const cli = cliOf(t);
  const { events } = await startBrowser(t, cli.state);
  /** Runs a command. @param {string[]} args @param {string} [input] */
  const eventsOf = async (args, input) => {
    events.length = 0;
    await cli.run(args, { input });
    return events.map(asked);
  };
  return { cli, eventsOf };
}

const origin = ['--origin', ORIGIN];
const board = [...origin, '--scope', 'board', '--visibility', 'shared'];

/** Arguments, events, and input where it is not "1". @type {[string[], any[], string?][]} */
const COMMANDS = [
  [['storage', 'denied'], ['apply']],
  [['storage', 'denied', ...origin], [['apply', ORIGIN]]],
  [['sign-out', ...origin], [['apply', ORIGIN]]],
  [['sign-in'], ['apply']],
  [['fidelity', 'library', ...origin], [['apply', ORIGIN]]],
  [['render-writer', 'off', ...origin], [['apply', ORIGIN]]],
  [['answer', 'board', '{}', ...origin], [['apply', ORIGIN]]],
  [['fault', '--op', 'get', '--no-reply', ...origin], [['apply', ORIGIN]]],
  [['fault', '--clear'], ['apply']],
  [['fault'], []],
  [['render'], ['render']],
  [['render', ...origin], [['render', ORIGIN]]],
  [['items'], ['report']],
  [['items', ...origin], [['report', ORIGIN]]],
  [['calls', ...origin], [['report', ORIGIN]]],
  [['calls', '--problems'], ['report']],
  [['calls', '--clear', ...origin], [['report', ORIGIN]]],
  [['reveal', ...origin, '--key', 'k'], [['report', ORIGIN]]],
  [['item', 'get', ...origin, '--key', 'k'], [['report', ORIGIN]]],
  [['item', 'set', ...origin, '--key', 'k'], [['apply', ORIGIN]]],
  [['item', 'remove', ...origin, '--key', 'k'], [['apply', ORIGIN]]],
  [['plugin-data', 'get', ...board], [['report', ORIGIN]]],
  [['plugin-data', 'set', ...board], [['apply', ORIGIN]]],
  [['plugin-data', 'remove', ...board], [['apply', ORIGIN]]],
  [['seed', ...origin, '--key', 'k'], [['apply', ORIGIN]]],
  [['rotate-key', ...origin], [['apply', ORIGIN]]],
  [
    ['remove-personal-settings', ...origin],
    ['invoke', ['apply', ORIGIN]],
  ],
  [
    ['clear-site-data', ...origin],
    [
      ['report', ORIGIN],
      ['apply', ORIGIN],
    ],
  ],
  [
    ['partition', 'off'],
    ['report', 'apply'],
  ],
  [
    ['browser-profile', 'phone'],
    ['report', 'apply'],
  ],
  [['browser-profile'], []],
  [['reset'], ['report', 'apply']],
  [['batch'], ['report', 'apply'], '[{"arguments":["reset"]}]'],
  [['power-up', 'planner', ORIGIN, OTHER], [['apply', ORIGIN, OTHER]]],
  [['invoke', 'c', ...origin], ['invoke']],
  [['browsers'], ['describe']],
  [
    ['browsers', '--wait', '1'],
    ['apply', 'describe'],
  ],
];

test('reading commands only report, and each command is about its origin alone', async (t) => {
  const { eventsOf } = await start(t);
  for (const [args, events, input = '1'] of COMMANDS) {
    assert.deepEqual(await eventsOf(args, input), events, args.join(' '));
  }
});

test('the table has every command that asks browsers', async (t) => {
  const { cli } = await start(t);
  const table = await cli.json(['help', '--table']);
  const asking = table.filter((/** @type {any} */ { options }) =>
    options.some((/** @type {any} */ { name }) => name === 'wait'),
  );
  for (const { name } of asking) {
    assert.ok(
      COMMANDS.some(([args]) => args.slice(0, name.split(' ').length).join(' ') === name),
      name,
    );
  }
});

test('a change of plugin data is about every origin of the Power-Up, and nothing else is', async (t) => {
  const { cli, eventsOf } = await start(t);
  await cli.do(['power-up', 'planner', ORIGIN, OTHER]);
  await cli.do(['seed', '--origin', THIRD, '--key', 'k'], { input: 'x' });
  const both = [['apply', ORIGIN, OTHER]];
  const one = [['apply', ORIGIN]];
  assert.deepEqual(await eventsOf(['storage', 'denied', ...origin]), one);
  assert.deepEqual(await eventsOf(['plugin-data', 'set', ...board], '1'), both);
  assert.deepEqual(await eventsOf(['plugin-data', 'set', ...board], '1'), one);
  assert.deepEqual(await eventsOf(['plugin-data', 'remove', ...board]), both);
  assert.deepEqual(await eventsOf(['plugin-data', 'remove', ...board]), one);
  assert.deepEqual(await eventsOf(['seed', ...origin, '--key', 'k'], 'x'), both);
  assert.deepEqual(await eventsOf(['seed', ...origin, '--key', 'k'], 'y'), one);
  assert.deepEqual(await eventsOf(['rotate-key', ...origin]), both);
  assert.deepEqual(await eventsOf(['remove-personal-settings', ...origin]), ['invoke', ...both]);
  assert.deepEqual(await eventsOf(['item', 'set', ...origin, '--key', 'k'], 'x'), one);
});

test('power-up is about its origins and those of the Power-Ups that they leave', async (t) => {
  const { cli, eventsOf } = await start(t);
  await cli.do(['power-up', 'planner', ORIGIN, OTHER]);
  assert.deepEqual(await eventsOf(['power-up', 'planner', ORIGIN]), [['apply', ORIGIN]]);
  assert.deepEqual(await eventsOf(['power-up', 'timer', ORIGIN]), [['apply', ORIGIN, OTHER]]);
  assert.deepEqual(await eventsOf(['power-up', 'timer', THIRD]), [['apply', THIRD, ORIGIN]]);
});

test('a change of plugin data by the command line comes as an event, too', async (t) => {
  const { cli } = await start(t);
  /** @type {any[]} */
  const told = [];
  const browser = await startBrowser(t, cli.state);
  browser.onChanged = (event) => told.push(event.pluginData);
  const { pluginData } = (await browser.request('listSettings')).result;
  assert.deepEqual(pluginData, {});
  await cli.do(['storage', 'denied', ...origin]);
  await cli.do(['plugin-data', 'set', ...board], { input: '1' });
  await cli.do(['plugin-data', 'set', ...board], { input: '1' });
  await browser.request('getSettings', { origin: ORIGIN });
  assert.deepEqual(told, [{ [ORIGIN]: 1 }]);
});
