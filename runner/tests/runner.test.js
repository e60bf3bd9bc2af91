// SPDX-License-Identifier: MIT
// The npm package as a stranger has it: packed, installed into an empty folder, used as its README says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../tests/support/pages.js';
import { PATIENCE_MS } from '../../tests/support/patience.js';
import { hasGeckodriver, NO_GECKODRIVER } from './geckodriver.js';
import { filesOfReadme, newcomer, run, succeed } from './newcomer.js';

/** Where the README's page is served, instead of the port that the README names. */
const port = await freePort();
const README = Object.fromEntries(
  Object.entries(filesOfReadme()).map(([name, text]) => [
    name,
    text.replaceAll('41780', `${port}`),
  ]),
);

/** @type {Awaited<ReturnType<typeof newcomer>>} */
let here;
before(async () => {
  here = await newcomer();
  for (const [name, content] of Object.entries(README)) {
    here.write(name, content);
  }
  const server = readFileSync(join(here.folder, 'serve.js'), 'utf8');
  here.write('serve.js', server.replace('41780', `${port}`));
  // The README's configurations, waiting as long as it takes on a busy machine.
  for (const name of Object.keys(README).filter((file) => file.endsWith('.config.js'))) {
    here.write(
      `patient-${name}`,
      `import config from './${name}';
      export default { ...config, expect: { timeout: ${PATIENCE_MS} } };`,
    );
  }
});
after(() => here.remove());

/**
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 */
const playwright = (args, environment) =>
  run(
    here.folder,
    'node_modules/.bin/playwright',
    ['test', '--reporter=list', `--timeout=${PATIENCE_MS}`, ...args],
    environment,
  );

const PATIENT = '--config=patient-playwright.config.js';

test('the README’s first test is green', async () => {
  const { status, output } = await playwright([PATIENT, 'settings.spec.js']);
  assert.equal(status, 0, output);
  assert.match(output, /1 passed/);
});

test('the project’s README shows the same test', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, snippet] = README['settings.spec.js'].split('// settings.spec.js\n');
  assert.ok(readme.includes(snippet));
});

test('it is red, and says why, when the page is wrong', async (t) => {
  const page = readFileSync(join(here.folder, 'settings.html'), 'utf8');
  here.write('settings.html', page.replace('Please connect again.', 'Oops.'));
  t.after(() => here.write('settings.html', page));
  const { status, output } = await playwright(['settings.spec.js']);
  assert.equal(status, 1);
  assert.match(output, /getByText\('connect again'\)/);
  assert.match(output, /1 failed/);
});

test('every other spec of the README is green', async () => {
  const specs = Object.keys(README).filter((name) => name.endsWith('.spec.js'));
  assert.ok(specs.length >= 5);
  const { status, output } = await playwright([PATIENT, ...specs]);
  assert.equal(status, 0, output);
  assert.match(output, /\d+ passed/);
});

test('trelloProjects runs each test in both settings', async () => {
  const { status, output } = await playwright(['--config=patient-both.config.js']);
  assert.equal(status, 0, output);
  assert.match(output, /\[documented\] › capability/);
  assert.match(output, /\[library\] › capability/);
});

/** Serves the folder as its own server does. @param {import('node:test').TestContext} t */
async function serve(t) {
  const server = spawn(process.execPath, ['serve.js'], { cwd: here.folder, stdio: 'ignore' });
  t.after(() => server.kill());
  for (let isUp = false; !isUp;) {
    const socket = connect(port, 'localhost');
    isUp = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).then(
      () => socket.readyState === 'open',
      () => false,
    );
    socket.destroy();
    await wait(isUp ? 0 : 20);
  }
}

for (const name of Object.keys(README).filter((file) => file.endsWith('.mjs'))) {
  test(`the README’s ${name} runs`, async (t) => {
    await serve(t);
    await succeed(here.folder, process.execPath, [name]);
  });
}

test(
  'Selenium drives Firefox the same way',
  { skip: !hasGeckodriver && NO_GECKODRIVER },
  async (t) => {
    await serve(t);
    const script = README['with-selenium.mjs'];
    here.write(
      'with-firefox.mjs',
      script.replace("chromedriver: '/usr/bin/chromedriver'", "browser: 'firefox'"),
    );
    await succeed(here.folder, process.execPath, ['with-firefox.mjs']);
  },
);

test('the types hold for ES modules and CommonJS', async () => {
  const use = `
    export async function play(trello: Trello): Promise<string | null> {
      await trello.fail('loadSecret', new DOMException('no', 'SecurityError'), { times: 2 });
      await trello.open('/x', { args: { a: 1 }, member: null });
      // @ts-expect-error: there is no such scenario
      await trello.scenario('rain');
      // @ts-expect-error: a method needs a delay in milliseconds
      await trello.delay('loadSecret', 'long');
      // @ts-expect-error: loadSecret is misspelt
      await trello.fail('lodSecret', 'no');
      // @ts-expect-error: localStorage is not a call of t
      await trello.hang('localStorage');
      // @ts-expect-error: t.closePopup has that name
      await trello.delay('close-popup', 5);
      await trello.delay('closePopup', 5);
      // @ts-expect-error: card is misspelt
      await trello.answer('cardd', {});
      // @ts-expect-error: secret calls are not answered
      await trello.answer('storeSecret', {});
      // @ts-expect-error: t.requestToken has that name
      await trello.answer('request-token', 'x');
      await trello.answer('requestToken', 'x');
      // @ts-expect-error: card-buttons is misspelt
      await trello.capability('card-butons');
      const [button] = await trello.capability('card-buttons', { a: 1 });
      await button.callback();
      // @ts-expect-error: a secret is a string or bytes
      await trello.seedSecret('token', { a: 1 });
      // @ts-expect-error: a secret has a value
      await trello.seedSecret('token');
      await trello.seedSecret('token', 'x', { topLevelSite: 'https://trello.com' });
      // @ts-expect-error: there is no such scope
      await trello.pluginData('bord', 'shared');
      const [popup] = await trello.popups();
      const title: string | undefined = popup.title;
      await popup.items?.[0].callback?.();
      await popup.callback?.({ date: title });
      // @ts-expect-error: it is onConfirm
      await popup.onconfirm();
      const [modal] = await trello.modals();
      const url: string = modal.url;
      await modal.actions[0].callback?.();
      const [bar] = await trello.boardBars();
      const resizable: boolean = bar.resizable;
      const [call] = await trello.calls();
      const page: string | null = call.page;
      await trello.openPopup();
      await trello.render({ origin: 'http://localhost' });
      await trello.renderWriter(false);
      const address: string = trello.address('/x', { args: { a: 1 } });
      const site: string | null = await trello.topLevelSite();
      const named: [FaultyMethod, AnsweredMethod, RecordedMethod, Capability, ScenarioName] =
        ['get', 'card', 'getAll', 'list-actions', 'signed-out'];
      // @ts-expect-error: remove shares the fault of set
      const wrong: FaultyMethod = 'remove';
      return [address, site, url, page, resizable, named, wrong].join() + (await trello.secret('token'));
    }
    test.use({ trelloFidelity: 'library', trelloMember: null });
    // @ts-expect-error: there is no such setting
    test.use({ trelloFidelity: 'exact' });
    test('typed', async ({ page, trello }) => {
      await expect(trello).toHaveSecret('token', 'x');
      await expect(trello).not.toLeak('x');
      // @ts-expect-error: storeSecret is misspelt
      await expect(trello).toHaveCalled('storeSecrets');
      await expect(trello).not.toHaveCalled('closePopup');
      // @ts-expect-error: toHaveCalled needs a method
      await expect(trello).toHaveCalled();
      await expect(page.getByText('x')).toBeVisible();
    });
  `;
  const imports = `
    import { expect, test } from 'powerup-secrets/playwright';
    import { launch } from 'powerup-secrets/puppeteer';
    import { build } from 'powerup-secrets/selenium';
    import { matchers, Trello } from 'powerup-secrets';
    import type {
      AnsweredMethod, Capability, FaultyMethod, RecordedMethod, ScenarioName,
    } from 'powerup-secrets';
    export { build, launch, matchers };
  `;
  here.write('consumer.mts', imports + use);
  here.write('consumer.cts', imports + use);
  const files = ['consumer.mts', 'consumer.cts'];
  await succeed(here.folder, 'node_modules/.bin/tsc', [
    ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'],
    ...['--target', 'es2023', '--lib', 'es2023,dom', '--types', 'node', ...files],
  ]);
});

test('CommonJS and ES modules give the same names', async () => {
  for (const entry of ['', '/playwright', '/puppeteer', '/selenium']) {
    const name = `powerup-secrets${entry}`;
    const required = `console.log(Object.keys(require('${name}')).sort().join())`;
    const imported = `console.log(Object.keys(await import('${name}')).sort().join())`;
    const names = await succeed(here.folder, process.execPath, ['-e', required]);
    assert.match(names, /Trello/);
    assert.equal(
      await succeed(here.folder, process.execPath, ['--input-type=module', '-e', imported]),
      names,
    );
  }
});

/** What is wrong, and what the first words of the fix are. @type {[string, () => (() => void), string[], RegExp][]} */
const FAILURES = [
  [
    'a branded browser',
    () => {
      here.write(
        'branded.config.js',
        README['playwright.config.js'].replace('use: {', "use: { channel: 'chrome',"),
      );
      return () => {};
    },
    ['--config=branded.config.js'],
    /"chrome" is a branded browser, .*\n?.*Remove the channel/,
  ],
  [
    'another browser than Chromium',
    () => {
      here.write(
        'webkit.config.js',
        README['playwright.config.js'].replace('use: {', "use: { browserName: 'webkit',"),
      );
      return () => {};
    },
    ['--config=webkit.config.js'],
    /own webkit cannot load extensions\. .*\n?.*powerup-secrets\/puppeteer for Firefox/,
  ],
  [
    'a browser of another machine',
    () => {
      here.write(
        'remote.config.js',
        README['playwright.config.js'].replace(
          'use: {',
          "use: { connectOptions: { wsEndpoint: 'ws://localhost:1/' },",
        ),
      );
      return () => {};
    },
    ['--config=remote.config.js'],
    /connectOptions is started elsewhere .*\n?.*Remove connectOptions/,
  ],
  [
    'a package without its host',
    () => {
      const folder = join(here.folder, 'node_modules/powerup-secrets');
      renameSync(join(folder, 'host'), join(folder, 'elsewhere'));
      return () => renameSync(join(folder, 'elsewhere'), join(folder, 'host'));
    },
    [],
    /powerup-secrets-host does not exist\. Install the npm package with its host, or build/,
  ],
];

for (const [what, prepare, args, message] of FAILURES) {
  test(`${what} is told with what to do`, async (t) => {
    t.after(prepare());
    const { status, output } = await playwright([...args, 'settings.spec.js']);
    assert.equal(status, 1);
    assert.match(output, message);
  });
}

test('a host that does not start is told with what to do', async () => {
  const folder = join(here.folder, 'broken host');
  mkdirSync(folder);
  symlinkSync(
    join(here.folder, 'node_modules/powerup-secrets/host/powerup-secrets'),
    join(folder, 'powerup-secrets'),
  );
  writeFileSync(join(folder, 'powerup-secrets-host'), '#!/bin/sh\nexit 1\n', { mode: 0o700 });
  const { status, output } = await playwright(['settings.spec.js'], {
    POWERUP_SECRETS_HOST_FOLDER: folder,
  });
  assert.equal(status, 1);
  assert.match(output, /the host does not start: .*start-host, .*ended with status 1\. Reinstall/);
});

test('a command line that does not run is told with what to do', async () => {
  const folder = join(here.folder, 'foreign host');
  mkdirSync(folder);
  for (const name of ['powerup-secrets', 'powerup-secrets-host']) {
    writeFileSync(join(folder, name), 'for another machine', { mode: 0o700 });
  }
  const { status, output } = await playwright(['settings.spec.js'], {
    POWERUP_SECRETS_HOST_FOLDER: folder,
  });
  assert.equal(status, 1);
  assert.match(output, /does not run on this machine/);
  assert.match(output, /glibc 2\.36 or later/);
  assert.match(output, /POWERUP_SECRETS_HOST_FOLDER/);
});
