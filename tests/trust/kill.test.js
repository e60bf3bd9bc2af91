// SPDX-License-Identifier: MIT
// SIGKILL before every system call that a host makes: whatever was answered is stored afterwards, and any
// other change is there completely or not at all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  frame,
  greetedHost,
  hostPath,
  identity,
  PLACE,
  stateFolder,
} from '../protocol/host-process.js';
import { query } from '../support/store.js';

const build =
  process.env.POWERUP_SECRETS_BUILD ??
  fileURLToPath(new URL('../../build/release', import.meta.url));
const killAtCall = resolve(build, 'tests/trust/kill_at_call');
const KILLED = 3;

const hello = { op: 'hello', protocol: 1, extension: '0.0.0', browser: 'test' };
const board = { scope: 'board', owner: '5f00000000000000000000b1', visibility: 'shared' };
const where = { origin: PLACE.origin, member: PLACE.member, board: board.owner };
const loads = { op: 'loadSecret', ...PLACE, key: 'token' };
const gets = { op: 'getPluginData', ...where };

/** The text that getPluginData returns for the board. @param {any} result */
const textOf = (result) => result.board?.shared ?? null;
/** @param {any} result */
const itself = (result) => result;

/**
 * @typedef {object} Change
 * @property {object[]} before  requests to a host that is not killed; empty: no store
 * @property {object} request  the request during which the host is killed
 * @property {object} read
 * @property {(result: any) => any} value  of the answer to `read`
 * @property {any} old
 * @property {any} now
 */

/** @type {Record<string, Change>} */
const CHANGES = {
  'the first secret of a new store, with root key and member’s key': {
    before: [],
    request: { op: 'storeSecret', ...PLACE, key: 'token', data: 'new' },
    read: loads,
    value: itself,
    old: null,
    now: 'new',
  },
  'the first secret of a member, with their key': {
    before: [
      { op: 'storeSecret', ...PLACE, member: '5f0000000000000000000002', key: 'token', data: 'x' },
    ],
    request: { op: 'storeSecret', ...PLACE, key: 'token', data: 'new' },
    read: loads,
    value: itself,
    old: null,
    now: 'new',
  },
  'a secret that replaces another': {
    before: [{ op: 'storeSecret', ...PLACE, key: 'token', data: 'old' }],
    request: { op: 'storeSecret', ...PLACE, key: 'token', data: 'new' },
    read: loads,
    value: itself,
    old: 'old',
    now: 'new',
  },
  'a secret that is cleared': {
    before: [{ op: 'storeSecret', ...PLACE, key: 'token', data: 'old' }],
    request: { op: 'clearSecret', ...PLACE, key: 'token' },
    read: loads,
    value: itself,
    old: 'old',
    now: null,
  },
  'plugin data that are replaced': {
    before: [{ op: 'setPluginData', origin: PLACE.origin, ...board, text: '{"a":1}' }],
    request: { op: 'setPluginData', origin: PLACE.origin, ...board, text: '{"a":2}' },
    read: gets,
    value: textOf,
    old: '{"a":1}',
    now: '{"a":2}',
  },
};

/** The complete messages in the output of a host. @param {Buffer} output */
function messages(output) {
  const all = [];
  for (let at = 0; at + 4 <= output.length;) {
    const end = at + 4 + output.readUInt32LE(at);
    if (end > output.length) {
      break;
    }
    all.push(JSON.parse(output.toString('utf8', at + 4, end)));
    at = end;
  }
  return all;
}

/**
 * Runs a host that is killed when it enters its n-th system call.
 *
 * @param {number} n
 * @param {string} state
 * @param {object} request
 */
function runAndKill(n, state, request) {
  const input = [
    { id: 1, ...hello },
    { id: 2, ...request },
  ].map(frame);
  const { status, stdout, stderr } = spawnSync(
    killAtCall,
    [`${n}`, hostPath, `chrome-extension://${identity.chromiumExtensionId}/`],
    {
      input: Buffer.concat(input),
      env: { ...process.env, POWERUP_SECRETS_DIR: state, POWERUP_SECRETS_BROWSER_PROFILE: '' },
    },
  );
  assert.ok(status === KILLED || status === 0, `exit status ${status}: ${stderr}`);
  const answer = messages(stdout).find(({ id }) => id === 2);
  if (answer !== undefined) {
    assert.ok(answer.ok, JSON.stringify(answer));
  }
  return { killed: status === KILLED, acknowledged: answer !== undefined };
}

for (const [what, { before, request, read, value, old, now }] of Object.entries(CHANGES)) {
  test(`${what}: the old or the new value after every kill, the new one if answered`, async (t) => {
    const prepared = stateFolder(t);
    if (before.length > 0) {
      const host = await greetedHost(t, { state: prepared });
      for (const { op, ...members } of /** @type {any[]} */ (before)) {
        assert.ok((await host.request(op, members)).ok);
      }
      host.closeInput();
      await host.exit;
    }
    const state = stateFolder(t);
    const counts = { old: 0, new: 0, acknowledged: 0 };
    for (let n = 1, killed = true; killed; n++) {
      rmSync(state, { recursive: true, force: true });
      if (before.length > 0) {
        cpSync(prepared, state, { recursive: true });
      }
      const run = runAndKill(n, state, request);
      killed = run.killed;

      const host = await greetedHost(t, { state });
      const { op, ...members } = /** @type {any} */ (read);
      const { result, error } = await host.request(op, members);
      assert.equal(error, undefined, `after call ${n}`);
      const found = value(result);
      assert.ok(found === now || (found === old && !run.acknowledged), `${found} after call ${n}`);
      const { op: again, ...same } = /** @type {any} */ (request);
      assert.ok((await host.request(again, same)).ok, `again after call ${n}`);
      assert.equal(value((await host.request(op, members)).result), now);
      host.closeInput();
      assert.equal((await host.exit).code, 0);
      assert.deepEqual(query(state, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
      counts.old += found === now ? 0 : 1;
      counts.new += found === now ? 1 : 0;
      counts.acknowledged += run.acknowledged ? 1 : 0;
    }
    t.diagnostic(
      `killed at ${counts.old + counts.new - 1} system calls: ${counts.old} times as before, ` +
        `${counts.new} times as after, ${counts.acknowledged} times answered`,
    );
    assert.ok(counts.old > 50 && counts.new > counts.acknowledged - 1 && counts.acknowledged > 1);
  });
}
