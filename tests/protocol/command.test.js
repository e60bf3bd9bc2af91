// SPDX-License-Identifier: MIT
// The command line as the panel runs it: inside the host, which keeps serving its browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greetedHost, HostProcess, PLACE, stateFolder } from './host-process.js';

const ID = 900;

/** Runs a command as an extension does that confirms every event. @param {HostProcess} host @param {...string} args */
async function command(host, ...args) {
  host.send({ id: ID, op: 'command', arguments: args });
  for (;;) {
    const message = await host.reply();
    if (message.id === ID) {
      return message;
    }
    assert.match(message.event, /^(report|apply)$/);
    await host.request('confirm', { ticket: message.ticket, result: null });
  }
}

test('a command changes the store, and is answered after this browser has applied the change', async (t) => {
  const host = await greetedHost(t);
  host.send({ id: ID, op: 'command', arguments: ['storage', 'denied', '--json'] });
  const event = await host.reply();
  assert.equal(event.event, 'apply');
  assert.equal(
    (await host.request('getSettings', { origin: PLACE.origin })).result.storage,
    'denied',
  );
  await host.request('confirm', { ticket: event.ticket, result: null });
  const { id: answered, ok, result } = await host.reply();
  assert.deepEqual({ answered, ok, status: result.status }, { answered: ID, ok: true, status: 0 });
  assert.equal(JSON.parse(result.stdout).confirmed, 1);
});

test('a command that fails is answered with its exit status and its message', async (t) => {
  const host = await greetedHost(t);
  const { ok, result } = await command(host, 'storage', 'off');
  assert.equal(ok, true);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /^powerup-secrets: .*\n$/);
});

test('only one command runs at a time', async (t) => {
  const host = await greetedHost(t);
  host.send({ id: ID, op: 'command', arguments: ['storage', 'denied'] });
  const { ticket } = await host.reply();
  const second = await host.request('command', { arguments: ['items'] });
  assert.equal(second.error.code, 'bad_request');
  assert.match(second.error.message, /running already/);
  await host.request('confirm', { ticket, result: null });
  assert.equal((await host.reply()).id, ID);
});

test('invalid arguments are refused', async (t) => {
  const host = await greetedHost(t);
  for (const args of [[], Array(33).fill('x'), ['help', 1], ['help', null], ['he\0lp']]) {
    const answer = await host.request('command', { arguments: args });
    assert.equal(answer.error.code, 'bad_request', JSON.stringify(args));
  }
  assert.equal((await command(host, '--version')).ok, true);
});

test('a long output arrives complete', async (t) => {
  const host = await greetedHost(t);
  const text = 'ä"\\'.repeat(100_000);
  assert.equal((await host.store('token', text)).ok, true);
  const place = ['--origin', PLACE.origin, '--member', PLACE.member];
  const { result } = await command(host, 'reveal', '--key', 'token', ...place);
  assert.equal(result.stdout, text);
});

test('a command in the sandbox waits for a browser that lives, and not for one that has ended', async (t) => {
  const state = stateFolder(t);
  for (const outlived of [false, true]) {
    const lost = await greetedHost(t, { state, outlived });
    lost.kill('SIGKILL');
    await lost.exit;
    const host = await greetedHost(t, { state });
    const { result } = await command(
      host,
      'storage',
      'denied',
      '--timeout',
      outlived ? '0.5' : '60',
    );
    assert.equal(result.status, outlived ? 3 : 0, result.stderr);
    assert.match(
      result.stderr,
      outlived ? /no host of it has answered/ : /^1 browser confirmed\n$/,
    );
    host.closeInput();
    await host.exit;
  }
});

test('the host ends at once even if a command is running', async (t) => {
  const host = await greetedHost(t);
  host.send({ id: ID, op: 'command', arguments: ['storage', 'denied', '--timeout', '1'] });
  assert.equal((await host.reply()).event, 'apply');
  host.closeInput();
  assert.equal((await host.exit).code, 0);
});
