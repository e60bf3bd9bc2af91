// SPDX-License-Identifier: MIT
// Calls of a page in real browsers: with the real host, with one that answers immediately (an echo
// through the same extension), and hop by hop through an extension that does nothing else.
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostProcess } from '../tests/protocol/host-process.js';
import { identity, launchers } from '../tests/support/browser.js';
import { servePages } from '../tests/support/pages.js';
import { judged, median, summary, timesAtMost } from './figures.js';
import { inTurns, PLACE, program, samplesOf, secretOf, storeWith } from './workshop.js';

/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {import('./bench.js').Run} Run */
/** @typedef {import('puppeteer-core').Page | import('puppeteer-core').Frame} Page */

const SECRET = secretOf(64);
const HOPS = ['bridge', 'port', 'message', 'native', 'native port'];

/** `loadSecret` against there and back in the empty extension, both in a frame of another site and over
 * ports, by browser. @type {Record<string, number>} */
const FRAMED_MOST = { chromium: 1.2, firefox: 1.3 };

/**
 * A program that answers each request of the extension with a recorded reply of the real host.
 *
 * @param {Run} run
 * @returns {Promise<string>}
 */
async function cannedHost({ workshop }) {
  /** @type {(() => Promise<void>)[]} */
  const cleaning = [];
  const test = { after: (/** @type {() => Promise<void>} */ clean) => void cleaning.push(clean) };
  const host = new HostProcess(/** @type {any} */ (test), { state: workshop.state() });
  const place = { ...PLACE, key: 'token' };
  const questions = {
    hello: { protocol: 1, extension: '0.1.0', browser: 'bench' },
    listSettings: {},
    synchronizeItems: { origin: PLACE.origin, items: [] },
    storeSecret: { ...place, data: SECRET },
    loadSecret: place,
    recordCalls: { origin: PLACE.origin, calls: [] },
  };
  const lines = [];
  for (const [op, members] of Object.entries(questions)) {
    const { ok, result, error } = await host.request(op, members);
    if (!ok) {
      throw new Error(`${op}: ${JSON.stringify(error)}`);
    }
    lines.push(`${op} ${JSON.stringify(result)}\n`);
  }
  for (const clean of cleaning) {
    await clean();
  }
  const answers = join(workshop.folder, 'answers');
  const starter = join(workshop.folder, 'canned');
  writeFileSync(answers, lines.join(''));
  writeFileSync(starter, `#!/bin/sh\nexec '${program('canned')}' '${answers}'\n`);
  chmodSync(starter, 0o755);
  return starter;
}

/** The extension that only passes messages on, under our id. @param {Run} run */
function hopsExtension({ workshop }) {
  const folder = join(workshop.folder, 'hops');
  cpSync(join(import.meta.dirname, 'hops'), folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const ids = {
    key: identity.chromiumExtensionKey,
    browser_specific_settings: { gecko: { id: identity.firefoxExtensionId } },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...ids }));
  return folder;
}

/** @param {string} browser */
const titled = (browser) => `${browser[0]?.toUpperCase()}${browser.slice(1)}`;

/**
 * In the page: the duration of each of `count` sequential calls, in milliseconds.
 *
 * @param {Page} page
 * @param {'storeSecret' | 'loadSecret'} method
 * @param {number} count
 * @returns {Promise<number[]>}
 */
const oneByOne = (page, method, count) =>
  page.evaluate(
    async (name, times, secret) => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      const samples = [];
      for (let i = 0; i < times; i++) {
        const begun = performance.now();
        await (name === 'storeSecret' ? t.storeSecret('token', secret) : t.loadSecret('token'));
        samples.push(performance.now() - begun);
      }
      return samples;
    },
    method,
    count,
    SECRET,
  );

/**
 * In the page: the total duration of fifty calls, in milliseconds.
 *
 * @param {Page} page
 * @param {boolean} sequential
 * @param {number} times
 * @returns {Promise<number[]>}
 */
const fifty = (page, sequential, times) =>
  page.evaluate(
    async (inOrder, count) => {
      const t = /** @type {any} */ (window).TrelloPowerUp.iframe();
      const samples = [];
      for (let i = 0; i < count; i++) {
        const begun = performance.now();
        if (inOrder) {
          for (let call = 0; call < 50; call++) {
            await t.loadSecret('token');
          }
        } else {
          await Promise.all(Array.from({ length: 50 }, () => t.loadSecret('token')));
        }
        samples.push(performance.now() - begun);
      }
      return samples;
    },
    sequential,
    times,
  );

/**
 * In the page: the round trip of a message to a hop, in milliseconds.
 *
 * @param {Page} page
 * @param {string} hop
 * @param {number} count
 * @returns {Promise<number[]>}
 */
const hopTrips = (page, hop, count) =>
  page.evaluate(
    async (name, times, secret) => {
      const { port } = /** @type {any} */ (window);
      const samples = [];
      for (let id = 1; id <= times; id++) {
        const begun = performance.now();
        await new Promise((done) => {
          port.onmessage = done;
          port.postMessage({ id, hop: name, op: 'loadSecret', data: secret });
        });
        samples.push(performance.now() - begun);
      }
      return samples;
    },
    hop,
    count,
    SECRET,
  );

/**
 * @param {Run} run
 * @returns {Promise<Figure[]>}
 */
export async function browsers(run) {
  const figures = [];
  for (const browser of run.browsers) {
    figures.push(...(await inBrowser(run, browser)));
  }
  return figures;
}

/** @param {Run} run @param {string} name @returns {Promise<Figure[]>} */
async function inBrowser(run, name) {
  const { workshop, quick } = run;
  const rounds = quick ? 4 : 10;
  const calls = quick ? 25 : 50;
  const title = titled(name);
  const site = workshop.make('site');
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><title>bench</title>
     <script>addEventListener('hops', ({ ports }) => (window.port = ports[0]), { once: true })</script>`,
  );
  // Cross-origin isolation gives the page a clock of a few microseconds, instead of a millisecond.
  const server = await servePages(site, {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const url = `http://localhost:${server.port}/index.html`;
  writeFileSync(
    join(site, 'board.html'),
    `<!doctype html><title>board</title><iframe src="${url}" allow="cross-origin-isolated"></iframe>`,
  );
  /** @type {import('puppeteer-core').Browser[]} */
  const running = [];
  /** @param {Partial<import('../tests/support/browser.js').LaunchOptions>} options */
  const open = async (options) => {
    const profile = workshop.make(`${name}-${running.length}`);
    const stateFolder = workshop.state();
    const browser = await launchers[name]?.({
      profile,
      stateFolder,
      firefoxPreferences: { 'privacy.reduceTimerPrecision': false },
      ...options,
    });
    if (browser === undefined) {
      throw new Error(`unknown browser ${name}`);
    }
    running.push(browser);
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  };
  /** @param {import('puppeteer-core').Page} page  @returns {Promise<Page>}  a frame in the same browser */
  const openFramed = async (page) => {
    const board = await page.browser().newPage();
    await board.goto(`http://127.0.0.1:${server.port}/board.html`);
    return board.waitForFrame(url);
  };
  try {
    run.say(`${title} starts`);
    const real = await open({});
    const canned = await open({ host: await cannedHost(run) });
    const hops = await open({ host: program('echo'), extension: hopsExtension(run) });
    const database = await storeWith(workshop, SECRET.length);
    await oneByOne(real, 'storeSecret', 1);
    await hops.waitForFunction('window.port !== undefined');
    const framed = await openFramed(real);
    const framedHops = await openFramed(hops);
    await oneByOne(framed, 'storeSecret', 1);
    await framedHops.waitForFunction('window.port !== undefined');
    run.say('warm-up');
    await inTurns(2, {
      real: () => oneByOne(real, 'loadSecret', 100),
      canned: () => oneByOne(canned, 'loadSecret', 100),
      hops: () => hopTrips(hops, 'native', 100),
      framed: () => oneByOne(framed, 'loadSecret', 100),
      framedHops: () => hopTrips(framedHops, 'native port', 100),
    });
    run.say('in a frame');
    const inFrame = await inTurns(rounds, {
      loadSecret: () => oneByOne(framed, 'loadSecret', calls),
      'C echo host, port': () => hopTrips(framedHops, 'native port', calls),
    });
    run.say('calls');
    const samples = await inTurns(rounds, {
      loadSecret: () => oneByOne(real, 'loadSecret', calls),
      'loadSecret, echo': () => oneByOne(canned, 'loadSecret', calls),
      storeSecret: () => oneByOne(real, 'storeSecret', calls),
      'storeSecret, echo': () => oneByOne(canned, 'storeSecret', calls),
      'SQLite commit': async () => await commits(database, calls),
    });
    run.say('fifty at once');
    const batches = await inTurns(rounds, {
      sequential: () => fifty(real, true, 2),
      'at once': () => fifty(real, false, 4),
    });
    run.say('hops');
    const roundTrips = await inTurns(
      rounds,
      Object.fromEntries(HOPS.map((hop) => [hop, () => hopTrips(hops, hop, calls)])),
    );
    return [...framedFigures(name, inFrame), ...figuresOf(title, samples, batches, roundTrips)];
  } finally {
    await Promise.all(running.map((browser) => browser.close()));
    await server.close();
  }
}

/** Milliseconds that bare commits of such an item took. @param {string} state @param {number} count */
async function commits(state, count) {
  const lines = await samplesOf('commit', [count, join(state, 'store.sqlite3'), 353]);
  return lines.map(([time]) => (time ?? NaN) / 1e6);
}

/**
 * @param {string} title
 * @param {Record<string, number[]>} samples
 * @param {Record<string, number[]>} batches
 * @param {Record<string, number[]>} roundTrips
 * @returns {Figure[]}
 */
function figuresOf(title, samples, batches, roundTrips) {
  /** @param {Record<string, number[]>} of @param {string} subject */
  const middle = (of, subject) => median(of[subject] ?? []);
  const echo = middle(samples, 'loadSecret, echo');
  const storeMost = middle(samples, 'storeSecret, echo') + 1.3 * middle(samples, 'SQLite commit');
  /** @type {Record<string, {against: string, ratio: number, target: import('./figures.js').Target}>} */
  const compared = {
    loadSecret: {
      against: 'its echo',
      ratio: middle(samples, 'loadSecret') / echo,
      target: timesAtMost(1.15),
    },
    storeSecret: {
      against: 'its echo + 1.3 commits',
      ratio: middle(samples, 'storeSecret') / storeMost,
      target: timesAtMost(1),
    },
  };
  const part = `${title}, page to page`;
  return [
    ...Object.entries(samples).map(([subject, all]) =>
      judged({ part, subject, unit: 'ms', ...summary(all), ...compared[subject] }),
    ),
    ...Object.entries(batches).map(([subject, all]) =>
      judged({
        part: `${title}, 50 loadSecret`,
        subject,
        unit: 'ms',
        ...summary(all),
        ...(subject === 'at once' && {
          against: 'sequential',
          ratio: middle(batches, subject) / middle(batches, 'sequential'),
          target: timesAtMost(0.5),
        }),
      }),
    ),
    ...Object.entries(roundTrips).map(([subject, all]) => ({
      part: `${title}, round trip in an empty extension`,
      subject: HOP_NAMES[subject] ?? subject,
      unit: 'ms',
      ...summary(all),
    })),
  ];
}

/**
 * @param {string} name
 * @param {Record<string, number[]>} samples
 * @returns {Figure[]}
 */
function framedFigures(name, samples) {
  const [, echo] = Object.keys(samples);
  const [own, others] = Object.values(samples).map(median);
  return Object.entries(samples).map(([subject, all]) =>
    judged({
      part: `${titled(name)}, in a frame of another site`,
      subject,
      unit: 'ms',
      ...summary(all),
      ...(subject !== echo && {
        against: echo,
        ratio: (own ?? NaN) / (others ?? NaN),
        target: timesAtMost(FRAMED_MOST[name] ?? NaN),
      }),
    }),
  );
}

/** @type {Record<string, string>} */
const HOP_NAMES = {
  bridge: 'page to bridge',
  port: 'page to background, port',
  message: 'page to background, message',
  native: 'page to C echo host, message',
  'native port': 'page to C echo host, port',
};
