// SPDX-License-Identifier: MIT
// Browsers and hosts that come and go.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildFolder } from '../support/browser.js';
import { stop } from '../support/stop.js';
import { query } from '../support/store.js';
import { modeOf } from './modes.js';
import { browserName, call, command, oneBrowser, quoted, run, setStage, until } from './stage.js';

/** What is said of a host that ended: Firefox gives no reason. @type {Record<string, RegExp>} */
const GONE = {
  chromium:
    /^powerup-secrets: the native host ended unexpectedly\. .*\(Native host has exited\.\)$/,
  firefox: /^powerup-secrets: the native host is gone\. The next call starts it again\.$/,
};

/** What is said of a program that is not there. @type {Record<string, RegExp>} */
const NO_PROGRAM = {
  chromium: /names a program that does not exist/,
  firefox: /the program that its manifest names is missing/,
};

test('a restarted browser with the same state folder still loads the secret', async (t) => {
  const stage = await setStage(t);
  const first = await stage.launch({ own: true });
  await call(await stage.open(first), 'storeSecret', 'token', 'kept');
  await first.close();

  const page = await stage.open(await stage.launch({ own: true }));
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'kept' });
});

test('two browsers under one profile name share items, at the same time', async (t) => {
  const stage = await setStage(t);
  const [one, two] = await Promise.all([stage.launch(), stage.launch()]);
  const first = await stage.open(one);
  const second = await stage.open(two);

  await call(first, 'storeSecret', 'token', 'from the first');
  assert.deepEqual(await call(second, 'loadSecret', 'token'), { resolved: 'from the first' });
  await call(second, 'storeSecret', 'token', 'from the second');
  assert.deepEqual(await call(first, 'loadSecret', 'token'), { resolved: 'from the second' });
  assert.equal(stage.hosts().length, 2);

  const keys = [...Array(20).keys()].map((number) => `key ${number}`);
  await Promise.all(
    keys.map((key, at) => call(at % 2 === 0 ? first : second, 'storeSecret', key, `of ${key}`)),
  );
  for (const key of keys) {
    assert.deepEqual(await call(first, 'loadSecret', key), { resolved: `of ${key}` });
  }
});

test('two browsers under two profile names have items of their own and one member key', async (t) => {
  const stage = await setStage(t);
  const [one, two] = await Promise.all([
    stage.launch({ browserProfile: 'laptop' }),
    stage.launch({ browserProfile: 'phone' }),
  ]);
  const laptop = await stage.open(one);
  const phone = await stage.open(two);

  await call(laptop, 'storeSecret', 'token', 'on the laptop');
  assert.deepEqual(await call(phone, 'loadSecret', 'token'), { resolved: null });
  await call(phone, 'storeSecret', 'token', 'on the phone');
  await call(phone, 'clearSecret', 'token');
  assert.deepEqual(await call(laptop, 'loadSecret', 'token'), { resolved: 'on the laptop' });
});

test(
  'the pipe by which Firefox learns that its host has ended stays open',
  oneBrowser('firefox', 'Chromium gives its host no such pipe'),
  async (t) => {
    const stage = await setStage(t);
    const page = await stage.open(await stage.launch());
    await call(page, 'storeSecret', 'token', 'abc');
    const [pid] = stage.hosts();
    assert.match(readlinkSync(`/proc/${pid}/fd/3`), /^pipe:/);
    assert.match(readFileSync(`/proc/${pid}/fdinfo/3`, 'utf8'), /^flags:\t0*2000001$/m);
  },
);

test('a host killed between two calls costs no stored secret', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ own: true });
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'token', 'survives');

  const [pid, ...others] = stage.hosts();
  assert.deepEqual(others, []);
  process.kill(pid, 'SIGKILL');
  await until(() => stage.hosts().some((each) => each !== pid)); // it is missed, and started again
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'survives' });
});

test('calls under way when the host dies reject, and the next call works', async (t) => {
  const stage = await setStage(t);
  const requests = join(stage.folder, 'requests');
  const host = join(stage.folder, 'recorded');
  writeFileSync(
    host,
    `#!/bin/bash\nexec -a ${quoted(stage.stateFolder)} ${quoted(join(buildFolder, 'powerup-secrets-host'))} "$@" < <(tee ${quoted(requests)})\n`,
    { mode: 0o700 },
  );
  const page = await stage.open(await stage.launch({ host }));
  await call(page, 'storeSecret', 'token', 'survives');

  const [pid] = stage.hosts();
  await stop(pid); // so that it cannot answer before it dies
  const calls = ['a', 'b', 'c'].map((key) => call(page, 'storeSecret', key, 'never'));
  await until(() => readFileSync(requests, 'utf8').split('never').length === 1 + calls.length);
  process.kill(pid, 'SIGKILL');
  for (const { rejected } of await Promise.all(calls)) {
    assert.match(rejected.message, GONE[browserName]);
  }
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'survives' });
});

test('the host ends with its browser', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ own: true });
  await call(await stage.open(browser), 'loadSecret', 'token');
  const [pid] = stage.hosts();

  await browser.close();
  await until(() => !stage.hosts().includes(pid));
});

test('the host ends with a browser that is killed', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ own: true });
  assert.equal(stage.hosts().length, 1);
  browser.process()?.kill('SIGKILL');
  await until(() => stage.hosts().length === 0);
});

test('a browser killed while a command waits for it leaves nothing, and nothing is lost', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ own: true });
  const page = await stage.open(browser);
  await call(page, 'storeSecret', 'token', 'survives');
  page.evaluate('setTimeout(() => { while (!window.never); })').catch(() => {}); // it is killed
  const change = run(stage, ['storage', 'denied', '--timeout', '300']);
  await until(() => query(stage.stateFolder, 'SELECT * FROM setting').length > 0);
  browser.process()?.kill('SIGKILL');
  const { status, stderr } = await change;
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /^no browser is running on this state folder; the change is in force for every page/,
  );
  await until(() => stage.hosts().length === 0);
  assert.deepEqual(JSON.parse(await command(stage, 'browsers', '--json')), []);

  const next = await stage.open(await stage.launch({ own: true }));
  assert.equal(await modeOf(next), 'denied');
  await command(stage, 'storage', 'enabled');
  assert.deepEqual(await call(next, 'loadSecret', 'token'), { resolved: 'survives' });
});

test('however many pages call first, one host is started', async (t) => {
  const stage = await setStage(t);
  const browser = await stage.launch({ ready: false });
  const pages = await Promise.all(Array.from({ length: 5 }, () => stage.open(browser)));
  const answers = pages.flatMap((page, i) =>
    Array.from({ length: 10 }, (_, j) => call(page, 'storeSecret', `token ${i} ${j}`, 'x')),
  );
  for (const { rejected } of await Promise.all(answers)) {
    assert.equal(rejected, undefined);
  }
  assert.equal(stage.hosts().length, 1);
});

test('a host that ends at once is not started for every call, and is back once it is fixed', async (t) => {
  const stage = await setStage(t);
  const starts = join(stage.folder, 'starts');
  const broken = join(stage.folder, 'broken');
  const host = join(stage.folder, 'changing');
  const calls = 200;
  writeFileSync(broken, '');
  writeFileSync(
    host,
    `#!/bin/sh\necho start >>${quoted(starts)}\n[ ! -e ${quoted(broken)} ] || exit 1\n` +
      `exec ${quoted(join(stage.folder, 'host'))} "$@"\n`,
    { mode: 0o700 },
  );
  const page = await stage.open(await stage.launch({ host, ready: false }));

  const begun = performance.now();
  for (let i = 0; i < calls; i++) {
    assert.match((await call(page, 'loadSecret', 'token')).rejected.message, /^powerup-secrets: /);
  }
  const started = readFileSync(starts, 'utf8').split('\n').length - 1;
  // It waits twice as long after each start, up to two seconds: half of what is allowed here.
  const allowed = 10 + (performance.now() - begun) / 1000;
  t.diagnostic(`${started} starts for ${calls} calls`);
  assert.ok(started <= allowed, `${started} starts, and not ${allowed}`);
  assert.deepEqual(stage.hosts(), []);

  rmSync(broken);
  /** @type {Awaited<ReturnType<typeof call>>} */
  let outcome;
  do {
    outcome = await call(page, 'storeSecret', 'token', 'x'); // the extension backs off for a moment
  } while (outcome.rejected !== undefined);
  assert.equal(stage.hosts().length, 1);
});

/** A host of the next protocol; what it says to a hello is all that an extension may rely on. */
function newerHost() {
  /** @type {Buffer[]} */
  const chunks = [];
  process.stdin.on('data', (chunk) => {
    chunks.push(chunk);
    const input = Buffer.concat(chunks);
    if (input.length < 4 || input.length < 4 + input.readUInt32LE()) {
      return;
    }
    const { id } = JSON.parse(input.subarray(4, 4 + input.readUInt32LE()).toString());
    const reply = Buffer.from(JSON.stringify({ id, ok: true, result: { protocol: 2 } }));
    const header = Buffer.alloc(4);
    header.writeUInt32LE(reply.length);
    process.stdout.write(Buffer.concat([header, reply]));
  });
}

test('a host of another protocol is told, and which of the two to update', async (t) => {
  const stage = await setStage(t);
  const host = join(stage.folder, 'newer');
  writeFileSync(host, `#!${process.execPath}\n(${newerHost})();\n`, { mode: 0o700 });
  const page = await stage.open(await stage.launch({ host, ready: false }));
  const { rejected } = await call(page, 'loadSecret', 'token');
  assert.equal(
    rejected.message,
    'powerup-secrets: the host speaks protocol 2 and the extension 1; update the extension.',
  );
});

test('without an installed host a call says so and what to do', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(await stage.launch({ installHost: false, ready: false }));

  for (const method of ['storeSecret', 'loadSecret', 'clearSecret']) {
    const { rejected } = await call(page, method, 'token', 'x');
    assert.equal(rejected.class, 'Error');
    assert.match(
      rejected.message,
      /^powerup-secrets: the native host is not installed .*powerup-secrets install/,
    );
  }
});

test('a manifest that names a program which is not there is told', async (t) => {
  const stage = await setStage(t);
  const page = await stage.open(
    await stage.launch({ host: join(stage.folder, 'nowhere'), ready: false }),
  );

  const { rejected } = await call(page, 'loadSecret', 'token');
  assert.match(rejected.message, NO_PROGRAM[browserName]);
});

test('a host that prints before it speaks is reported', async (t) => {
  const stage = await setStage(t);
  const host = join(stage.folder, 'noisy');
  writeFileSync(host, '#!/bin/sh\necho DEBUG: starting\ncat\n', { mode: 0o700 });
  const page = await stage.open(await stage.launch({ host, ready: false }));

  const { rejected } = await call(page, 'loadSecret', 'token');
  assert.match(rejected.message, /writes to standard output/);
});

test('a store that cannot be opened is reported, and works again once it is fixed', async (t) => {
  const stage = await setStage(t);
  mkdirSync(stage.stateFolder, { mode: 0o700 });
  writeFileSync(join(stage.stateFolder, 'root.key'), 'short', { mode: 0o600 });
  const page = await stage.open(await stage.launch({ ready: false }));

  const { rejected } = await call(page, 'storeSecret', 'token', 'x');
  assert.match(rejected.message, /^powerup-secrets: root\.key .* must have 32 bytes/);
  assert.ok(!rejected.message.includes(stage.folder), 'a page learns no path of the machine');

  rmSync(join(stage.stateFolder, 'root.key'));
  /** @type {Awaited<ReturnType<typeof call>>} */
  let outcome;
  do {
    outcome = await call(page, 'storeSecret', 'token', 'x'); // the extension backs off for a moment
  } while (outcome.rejected !== undefined);
  assert.deepEqual(await call(page, 'loadSecret', 'token'), { resolved: 'x' });
});
