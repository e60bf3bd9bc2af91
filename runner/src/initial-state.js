// SPDX-License-Identifier: MIT
// The state that every test starts from.
import { checkMember, checkText, jsonOf } from './checks.js';
import { PowerUp } from './power-up.js';
import { shown, TestCall } from './test-call.js';

/** @typedef {import('./command-line.js').BatchCommand} BatchCommand */

/**
 * @typedef {object} InitialState
 * @property {'documented' | 'library'} [fidelity]  what secret calls follow: Trello's
 *   documentation or its library; default: documented
 * @property {string | null} [member]  who is signed in; null: nobody
 * @property {Partial<Record<import('./power-up.js').Scope,
 *   Partial<Record<import('./power-up.js').Visibility, Record<string, any>>>>>} [data]  plugin data at
 *   the start
 */

/** For as long as no page is open. */
const NOWHERE = { address: () => '' };

/**
 * The command that puts a value where t.set would.
 *
 * @param {PowerUp} powerUp
 * @param {import('./power-up.js').Scope} scope
 * @param {import('./power-up.js').Visibility} visibility
 * @param {string} name
 * @param {any} value
 * @param {import('./power-up.js').OwnerOption} options
 * @returns {{call: TestCall, args: string[], input: string}}
 */
export function dataCommand(powerUp, scope, visibility, name, value, options) {
  const call = powerUp.callWith(options, 'setPluginData', [scope, visibility, name], value);
  checkText(call, 'name', name);
  const place = powerUp.dataArguments(call, scope, visibility, options);
  const input = jsonOf(call, 'value', value);
  return { call, args: ['plugin-data', 'set', ...place, '--name', name], input };
}

/**
 * @param {PowerUp} powerUp
 * @param {NonNullable<InitialState['data']>} data
 * @returns {BatchCommand[]}
 */
const dataCommands = (powerUp, data) =>
  Object.entries(data).flatMap(([scope, byVisibility]) =>
    Object.entries(byVisibility).flatMap(([visibility, values]) =>
      Object.entries(values).map(([name, value]) => {
        const [where, who] = /** @type {['board', 'shared']} */ ([scope, visibility]);
        const { call, args, input } = dataCommand(powerUp, where, who, name, value, {});
        return { args, input, caller: call.caller };
      }),
    ),
  );

/** @param {unknown} value */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param {TestCall} call
 * @param {unknown} data
 */
function checkData(call, data) {
  const form = 'an object such as { member: { private: { name: value } } }';
  if (!isObject(data)) {
    call.refuse(`the data that a test starts with must be ${form}, not ${shown(data)}.`);
  }
  for (const [scope, byVisibility] of Object.entries(/** @type {object} */ (data))) {
    const rows = isObject(byVisibility) ? Object.entries(byVisibility) : [['', byVisibility]];
    for (const [visibility, values] of rows) {
      if (!isObject(values)) {
        const place = visibility === '' ? scope : `${scope}.${visibility}`;
        call.refuse(
          `the data that a test starts with must be ${form}, and ${place} is ${shown(values)}.`,
        );
      }
    }
  }
}

/**
 * Removes all data and settings, and applies the given ones, in one step.
 *
 * @param {import('./command-line.js').CommandLine} commandLine
 * @param {import('./power-up.js').TrelloOptions & InitialState} state
 * @param {Pick<import('./power-up.js').Driver, 'address'>} [driver]  of the page that is open
 */
export async function resetTo(commandLine, state, driver = NOWHERE) {
  const { fidelity = 'documented', member, data = {} } = state;
  const call = new TestCall(commandLine, 'powerup-secrets');
  checkMember(call, member ?? undefined);
  checkData(call, data);
  const signing = member === null ? ['sign-out'] : ['sign-in', '--member', `${member}`];
  await commandLine.batch([
    ...[['reset'], ['fidelity', fidelity], ...(member === undefined ? [] : [signing])].map(
      (args) => ({ args, caller: call.caller }),
    ),
    ...(Object.keys(data).length > 0
      ? dataCommands(new PowerUp(commandLine, driver, state), data)
      : []),
  ]);
}
