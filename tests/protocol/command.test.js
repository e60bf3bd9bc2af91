// SPDX-License-Identifier: MIT
// The command line as the panel runs it: in a host of its own, beside the one that serves pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBER, ORIGIN, startBrowser } from '../cli/cli.js';
import { greetedHost, HostProcess, PLACE, stateFolder } from './host-process.js';

const ID = 900;

/** A host that serves pages, and one that runs commands. @param {import('node:test').TestContext} t */
async function bothHosts(t) {
  const state = stateFolder(t);
  return { host: await greetedHost(t, { state }), other: new HostProcess(t, { state }) };
}

/** A host that runs a command, beside a browser that confirms every event. @param {import('node:test').TestContext} t */
async function withBrowser(t) {
  const state = stateFolder(t);
  return { browser: await startBrowser(t, state), other: new HostProcess(t, { state }) };
}

test('a command changes the store, and is answered after the browser has applied the change', async (t) => {
  const { host, other } = await bothHosts(t);
  other.send({ id: ID, op: 'command', arguments: ['storage', 'denied', '--json'] });
  const event = await host.reply();
  assert.equal(event.event, 'apply');
  assert.equal(
    (await host.request('getSettings', { origin: PLACE.origin })).result.storage,
    'denied',
  );
  assert.equal(other.rest.length, 0, 'it waits for the browser');
  await host.request('confirm', { ticket: event.ticket, result: null });
  const { id: answered, ok, result } = await other.reply();
  assert.deepEqual({ answered, ok, status: result.status }, { answered: ID, ok: true, status: 0 });
  assert.equal(JSON.parse(result.stdout).confirmed, 1);
});

test('a host that serves pages starts nothing, and one that runs a command serves no pages', async (t) => {
  const { host, other } = await bothHosts(t);
  const refused = await host.request('command', { arguments: ['--version'] });
  assert.equal(refused.error.code, 'bad_request');
  assert.match(refused.error.message, /serves pages; a command needs a host of its own/);
  other.send({ id: ID, op: 'command', arguments: ['storage', 'denied'] });
  const { ticket } = await host.reply();
  const { error } = await other.hello();
  assert.equal(error.code, 'bad_request');
  assert.match(error.message, /pages need a host of their own/);
  await host.request('confirm', { ticket, result: null });
  assert.equal((await other.reply()).id, ID);
});

test('a command that fails is answered with its exit status and its message', async (t) => {
  const { other } = await withBrowser(t);
  const { ok, result } = await other.request('command', { arguments: ['storage', 'off'] });
  assert.equal(ok, true);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /^powerup-secrets: .*\n$/);
});

test('only one command runs at a time', async (t) => {
  const { host, other } = await bothHosts(t);
  other.send({ id: ID, op: 'command', arguments: ['storage', 'denied'] });
  const { ticket } = await host.reply();
  const second = await other.request('command', { arguments: ['items'] });
  assert.equal(second.error.code, 'bad_request');
  assert.match(second.error.message, /running already/);
  await host.request('confirm', { ticket, result: null });
  assert.equal((await other.reply()).id, ID);
});

test('invalid arguments are refused', async (t) => {
  const { other } = await withBrowser(t);
  for (const args of [[], Array(33).fill('x'), ['help', 1], ['help', null], ['he\0lp']]) {
    const answer = await other.request('command', { arguments: args });
    assert.equal(answer.error.code, 'bad_request', JSON.stringify(args));
  }
  assert.equal((await other.request('command', { arguments: ['--version'] })).ok, true);
});

test('a long output arrives complete', async (t) => {
  const { browser, other } = await withBrowser(t);
  const text = 'ä"\\'.repeat(100_000);
  assert.equal((await browser.store('token', text)).ok, true);
  const place = ['--origin', ORIGIN, '--member', MEMBER];
  const reveal = ['reveal', '--key', 'token', ...place];
  const { result } = await other.request('command', { arguments: reveal });
  assert.equal(result.stdout, text);
});

test('a command waits for a browser that lives, and not for one that has ended', async (t) => {
  const state = stateFolder(t);
  for (const outlived of [false, true]) {
    const lost = await greetedHost(t, { state, outlived });
    lost.kill('SIGKILL');
    await lost.exit;
    const browser = await startBrowser(t, state);
    const other = new HostProcess(t, { state });
    const limit = outlived ? '0.5' : '60';
    const { result } = await other.request('command', {
      arguments: ['storage', 'denied', '--timeout', limit],
    });
    assert.equal(result.status, outlived ? 3 : 0, result.stderr);
    assert.match(
      result.stderr,
      outlived ? /no host of it has answered/ : /^1 browser confirmed\n$/,
    );
    browser.host.closeInput();
    await browser.host.exit;
  }
});

test('the host ends at once even if a command is running', async (t) => {
  const { host, other } = await bothHosts(t);
  other.send({ id: ID, op: 'command', arguments: ['storage', 'denied', '--timeout', '1'] });
  assert.equal((await host.reply()).event, 'apply');
  other.closeInput();
  assert.equal((await other.exit).code, 0);
});
