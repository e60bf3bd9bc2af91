// SPDX-License-Identifier: MIT
// Nonsense is refused before anything happens, in the words of the call that was given it, with the
// nearest right word. No browser is needed for that.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { matchers, scenarios, Trello } from '../src/index.js';
import { Installation } from '../src/installation.js';
import { attachTrello } from '../src/playwright.js';
import { OPTIONS } from '../src/options.js';
import { launch } from '../src/puppeteer.js';
import { build } from '../src/selenium.js';
import { ANSWERED_METHODS, CAPABILITIES, FAULTY_METHODS, RECORDED_METHODS } from '../src/names.js';

const installation = new Installation();
after(() => installation.close());

/** There is no browser that could open a page. @type {import('../src/power-up.js').Driver} */
const driver = {
  goto: () => Promise.reject(new Error('there is no browser')),
  observed: async () => [],
  address: () => 'about:blank',
  currentAddress: async () => 'about:blank',
  frameAddresses: async () => [],
};
const options = { baseURL: 'http://localhost:3000' };
/** As JavaScript sees it, without types. @type {any} */
const trello = new Trello(installation.commandLine, driver, options);
const ORIGIN = { origin: options.baseURL };

/** @param {string} word @param {number} at  a word with one letter missing */
const misspelt = (word, at = Math.floor(word.length / 2)) => word.slice(0, at) + word.slice(at + 1);

/** The methods that take a word of a table. @type {[string, readonly string[], (word: string) => Promise<unknown>][]} */
const WORDS = [
  ['fail', FAULTY_METHODS, (word) => trello.fail(word, 'no')],
  ['delay', FAULTY_METHODS, (word) => trello.delay(word, 1)],
  ['hang', FAULTY_METHODS, (word) => trello.hang(word)],
  ['answer', ANSWERED_METHODS, (word) => trello.answer(word, {})],
  ['capability', CAPABILITIES, (word) => trello.capability(word)],
  ['scenario', Object.keys(scenarios), (word) => trello.scenario(word)],
  [
    'setPluginData',
    ['board', 'card', 'member', 'organization'],
    (word) => trello.setPluginData(word, 'shared', 'x', 1),
  ],
  ['pluginData', ['shared', 'private'], (word) => trello.pluginData('board', word)],
  [
    'toHaveCalled',
    RECORDED_METHODS,
    async (word) => matchers.toHaveCalled.call({}, trello, /** @type {any} */ (word)),
  ],
];

for (const [method, words, use] of WORDS) {
  test(`${method} refuses each misspelt word with the word that was meant`, async () => {
    for (const word of words) {
      const wrong = misspelt(word);
      const meant = words.includes(wrong) ? undefined : word;
      if (meant !== undefined) {
        await assert.rejects(use(wrong), (/** @type {Error} */ { message }) => {
          assert.match(message, new RegExp(`^(expect\\()?trello\\)?\\.${method}\\(`));
          const [, suggested = ''] = /did you mean "(.*)"\?$/.exec(message) ?? [];
          // Another word may be as near as the one that was meant.
          assert.ok(words.includes(suggested) || message.includes(words.join(', ')), message);
          assert.ok(suggested === word || wrong.length < 6, message);
          return true;
        });
      }
    }
  });

  test(`${method} lists all words when none is near`, async () => {
    await assert.rejects(use('qqqqqqqqqq'), (/** @type {Error} */ { message }) =>
      message.endsWith(`Use one of: ${words.join(', ')}.`),
    );
    await assert.rejects(use(/** @type {any} */ (undefined)), /: it needs an? .*: \w/);
  });
}

/** @type {[string, () => unknown, RegExp][]} */
const REFUSED = [
  [
    'a failing localStorage',
    () => trello.fail('localStorage', 'no'),
    /^trello\.fail\('localStorage', …\): .*Use trello\.blockStorage\(\)/,
  ],
  [
    'a fault of another name',
    () => trello.hang('remove'),
    /^trello\.hang\('remove'\): .*use 'set'/,
  ],
  ['a former name', () => trello.answer('request-token', {}), /did you mean "requestToken"\?/],
  [
    'an answer to a secret call',
    () => trello.answer('storeSecret', {}),
    /Secret calls are answered from what is stored.*trello\.seedSecret\(\)/,
  ],
  [
    'an answer that is not JSON',
    () => trello.answer('card', () => 1),
    /^trello\.answer\('card', …\): the answer must be a JSON value, not a function\.$/,
  ],
  ['an answer in a circle', () => trello.answer('card', circle()), /the answer is not JSON: /],
  [
    'a call that is not recorded',
    () => called('getContext'),
    /"getContext" is not a call of t that/,
  ],
  ['no error', () => trello.fail('card'), /the error must be a message or an Error/],
  [
    'an unknown class of errors',
    () => trello.fail('card', Object.assign(new Error('x'), { name: 'Rain' })),
    /^trello\.fail\('card', …\): error: Unknown class "Rain"/,
  ],
  [
    'no value',
    () => trello.seedSecret('token'),
    /^trello\.seedSecret\('token'\): .*not undefined\.$/,
  ],
  [
    'an object as value',
    () => trello.seedSecret('token', { a: 1 }),
    /^trello\.seedSecret\('token', …\): the value must be a string or a Uint8Array, not an object; JSON\.stringify/,
  ],
  ['no key', () => trello.seedSecret(undefined, 'x'), /the key must be a string/],
  ['an empty key', () => trello.secret(''), /^trello\.secret\(''\): the key must be/],
  [
    'no path',
    () => trello.open(undefined),
    /^trello\.open\(undefined\): the path must be a string/,
  ],
  [
    'no path for an address',
    () => trello.address(),
    /^trello\.address\(undefined\): the path must/,
  ],
  [
    'a path without a place',
    () => new Trello(installation.commandLine, driver).open('/x.html'),
    /^trello\.open\('\/x\.html'\): .*Set baseURL/,
  ],
  [
    'a short member',
    () => trello.signIn('x'),
    /^trello\.signIn\('x'\): .*24 lower-case hex digits/,
  ],
  ['a viewer', () => trello.open('/', { member: 'X'.repeat(24) }), /24 lower-case hex digits/],
  ['a member', () => trello.secret('token', { member: 5 }), /24 lower-case hex digits, not 5\./],
  [
    'a negative delay',
    () => trello.delay('card', -1),
    /delay in milliseconds must be .*, not -1\./,
  ],
  ['a long delay', () => trello.delay('card', 86_400_001), /from 0 to 86400000/],
  ['no delay', () => trello.delay('card'), /not undefined/],
  ['a delay in words', () => trello.delay('card', '5'), /not '5'/],
  [
    'zero times',
    () => trello.hang('card', { times: 0 }),
    /\{ times \} must be .*from 1 to .*not 0/,
  ],
  ['a part of a time', () => trello.hang('card', { times: 1.5 }), /not 1\.5/],
  [
    'options of a capability that are not JSON',
    () => trello.capability('card-buttons', circle()),
    /the options is not JSON|the options are not JSON/,
  ],
  ['an unnamed browser', () => trello.switchBrowser(''), /the name must be a string/],
  [
    'a baseURL without a scheme',
    async () => new Trello(installation.commandLine, driver, { baseURL: 'localhost:3000' }),
    /baseURL must be .*did you mean 'http:\/\/localhost:3000'\?/,
  ],
  [
    'a storage of an address',
    () => trello.blockStorage('http://x.test/y'),
    /give \{ origin: 'http:\/\/x\.test' \}\.$/,
  ],
  [
    'options that are a word',
    () => trello.open('/', 'x'),
    /^trello\.open\('\/'\): the options must be an object such as \{ args \}, not a string\.$/,
  ],
  ['options that are null', () => trello.secret('token', null), /must be an object .*not null\.$/],
  ['options that are a list', () => trello.items([]), /must be an object/],
  [
    'an option that no name is near',
    () => trello.hang('card', { qqqqqqqq: 1 }),
    /there is no option "qqqqqqqq"\. Use: origin, times\.$/,
  ],
  [
    'partitions of a word',
    () => trello.partitionStorage('off'),
    /^trello\.partitionStorage\('off'\): it needs true or false, not 'off'\.$/,
  ],
  ['partitions of nothing', () => trello.partitionStorage(null), /true or false, not null/],
  [
    'options as the first argument',
    () => trello.renderWriter({}),
    /^trello\.renderWriter\(\{…\}\): it needs true or false/,
  ],
  [
    'a misnamed option of attachTrello',
    () => attachTrello(any({}), any({ baseUrl: 'x' })),
    /^attachTrello: there is no option "baseUrl"; did you mean "baseURL"\?$/,
  ],
  [
    'a misnamed option of launch',
    () => launch(any({ launchOption: {} })),
    /^launch: .*did you mean "launchOptions"\?$/,
  ],
  [
    'a misnamed option of build',
    () => build(any({ fidelty: 'library' })),
    /^build: .*did you mean "fidelity"\?$/,
  ],
  [
    'no secret to look for',
    () => matchers.toHaveSecret.call({}, trello, any()),
    /^expect\(trello\)\.toHaveSecret\(undefined\): the key must be/,
  ],
  [
    'a secret that is an object',
    () => matchers.toHaveSecret.call({}, trello, 'token', any({})),
    /the value must be a string .*not an object/,
  ],
  [
    'a limit that is no number',
    () => matchers.toHaveSecret.call({}, trello, 'token', any({ timeout: '5s' })),
    /^expect\(trello\)\.toHaveSecret\('token'\): \{ timeout \} must be a number of milliseconds, not '5s'/,
  ],
  [
    'a misnamed option of a matcher',
    () => matchers.toHaveAlerted.call({}, trello, 'text', any({ timout: 5 })),
    /there is no option "timout"; did you mean "timeout"\?/,
  ],
  [
    'a beginning of a word',
    () => trello.hang('load'),
    /"load" is not a call of t that can fail; did you mean "loadSecret"\?/,
  ],
  [
    'no argument of seedSecret',
    () => trello.seedSecret(),
    /^trello\.seedSecret\(undefined\): the key must be/,
  ],
  [
    'an empty key of a call',
    () => matchers.toHaveCalled.call({}, trello, 'get', ''),
    /the key must be a string/,
  ],
];

/** @param {any} [value] @returns {any}  as JavaScript sees it, without types */
const any = (value) => value;

/** @returns {any} */
function circle() {
  /** @type {any} */
  const object = {};
  object.itself = object;
  return object;
}

/** @param {any} method */
const called = async (method) => matchers.toHaveCalled.call({}, trello, method);

for (const [what, use, message] of REFUSED) {
  test(`${what} is refused`, async () => {
    await assert.rejects(async () => use(), { message });
  });
}

/** How each matcher is given a limit. @type {[string, (trello: any, limits: any) => Promise<any>][]} */
const LIMITED = [
  ['toHaveSecret', (given, limits) => matchers.toHaveSecret.call({}, given, 'none', limits)],
  ['toHaveSecret', (given, limits) => matchers.toHaveSecret.call({}, given, 'none', 'x', limits)],
  ['toHaveCalled', (given, limits) => matchers.toHaveCalled.call({}, given, any('get'), limits)],
  [
    'toHaveCalled',
    (given, limits) => matchers.toHaveCalled.call({}, given, any('get'), 'x', limits),
  ],
  ['toHaveAlerted', (given, limits) => matchers.toHaveAlerted.call({}, given, 'x', limits)],
  ['toLeak', (given, limits) => matchers.toLeak.call({}, given, 'x', limits)],
];
for (const [i, [name, match]] of LIMITED.entries()) {
  test(`${name} waits no longer than it is told, ${i + 1}`, async () => {
    let looks = 0;
    const counting = new Proxy(trello, {
      get(target, method) {
        looks += ['topLevelSite', 'calls', 'alerts', 'leaks'].includes(String(method)) ? 1 : 0;
        const value = target[method];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { pass, message } = await match(counting, { timeout: 0 });
    assert.deepEqual([pass, looks], [false, 1]);
    assert.match(message(), /^expected the Power-Up to .*, but /);
  });
}

for (const value of [undefined, '', {}, 5, null, /x/]) {
  test(`a leak of ${String(value) || 'nothing'} is refused, whether wanted or not`, async () => {
    const message = /: the value must be a string that is not empty/;
    for (const isNot of [false, true]) {
      await assert.rejects(matchers.toLeak.call({ isNot }, trello, any(value)), { message });
    }
    await assert.rejects(trello.leaks(value), { message });
  });
}

for (const text of [undefined, '', {}, 5, null]) {
  test(`an alert of ${String(text) || 'nothing'} is refused`, async () => {
    await assert.rejects(matchers.toHaveAlerted.call({}, trello, any(text)), {
      message: /^expect\(trello\)\.toHaveAlerted\(.*\): the text must be a string that is not/,
    });
  });
}

test('every matcher refuses what is not trello', async () => {
  class Page {}
  for (const [name, matcher] of Object.entries(matchers)) {
    for (const [given, shown] of [
      [new Page(), 'Page'],
      [undefined, 'undefined'],
      [null, 'null'],
    ]) {
      await assert.rejects(
        /** @type {any} */ (matcher).call({}, given, 'get', 'x'),
        (/** @type {Error} */ { message }) => {
          assert.ok(message.startsWith(`expect(trello).${name}(`), message);
          assert.ok(
            message.endsWith(`expect was given something else than trello (${shown}).`),
            message,
          );
          return true;
        },
      );
    }
  }
});

for (const address of [
  'file:///etc/hostname',
  'about:blank',
  'javascript:alert(1)',
  'data:text/html,x',
]) {
  test(`${address} is not opened`, async () => {
    const message = `trello.open('${address}'): ${address} is not an http or https address: Trello opens no other.`;
    await assert.rejects(trello.open(address), { message });
    assert.throws(() => trello.address(address), { message: message.replace('open(', 'address(') });
  });
}

/** Each method that takes an origin. @type {Record<string, (options: {origin: any}) => Promise<unknown>>} */
const WITH_ORIGIN = {
  seedSecret: (place) => trello.seedSecret('token', 'x', place),
  setPluginData: (place) => trello.setPluginData('board', 'shared', 'x', 1, place),
  removePersonalSettings: (place) => trello.removePersonalSettings(place),
  rotateKey: (place) => trello.rotateKey(place),
  blockStorage: (place) => trello.blockStorage(place),
  fillStorage: (place) => trello.fillStorage(place),
  missingStorage: (place) => trello.missingStorage(place),
  allowStorage: (place) => trello.allowStorage(place),
  renderWriter: (place) => trello.renderWriter(true, place),
  render: (place) => trello.render(place),
  fail: (place) => trello.fail('card', 'no', place),
  delay: (place) => trello.delay('card', 1, place),
  hang: (place) => trello.hang('card', place),
  clearSiteData: (place) => trello.clearSiteData(place),
  capability: (place) => trello.capability('card-buttons', {}, place),
  secret: (place) => trello.secret('token', place),
  items: (place) => trello.items(place),
  pluginData: (place) => trello.pluginData('board', 'shared', place),
};

/** Each method that takes options. @type {Record<string, (options: any) => unknown>} */
const WITH_OPTIONS = {
  ...WITH_ORIGIN,
  open: (given) => trello.open('/', given),
  address: (given) => trello.address('/', given),
};

test('a misnamed option is refused with the nearest one, by every method', async () => {
  assert.deepEqual(Object.keys(WITH_OPTIONS).sort(), Object.keys(OPTIONS).sort());
  for (const [method, names] of Object.entries(OPTIONS)) {
    for (const name of names) {
      const wrong = name.slice(0, -1);
      await assert.rejects(
        async () => WITH_OPTIONS[method]({ [wrong]: undefined }),
        (/** @type {Error} */ { message }) => {
          assert.ok(message.startsWith(`trello.${method}(`), message);
          assert.ok(
            message.endsWith(`): there is no option "${wrong}"; did you mean "${name}"?`),
            message,
          );
          return true;
        },
      );
    }
  }
});

test('what is no origin is refused with the one that was meant, by every method', async () => {
  for (const [method, use] of Object.entries(WITH_ORIGIN)) {
    for (const [origin, meant] of [
      ['http://localhost:3000/settings.html', 'http://localhost:3000'],
      ['http://localhost:3000/', 'http://localhost:3000'],
      ['HTTP://LOCALHOST:3000', 'http://localhost:3000'],
      ['http://localhost:80', 'http://localhost'],
      ['https://user@example.test', 'https://example.test'],
      ['localhost:3000', 'http://localhost:3000'],
      ['http://*.localhost:3000', null],
      ['*', null],
      ['http://localhost:0', null],
      ['null', null],
      ['file:///x', null],
      [7, null],
      [null, null],
    ]) {
      await assert.rejects(use({ origin }), (/** @type {Error} */ { message }) => {
        assert.ok(message.startsWith(`trello.${method}(`), message);
        assert.match(message, /\{ origin \} must be one origin, such as/);
        assert.equal(/did you mean '(.*)'\?$/.exec(message)?.[1] ?? null, meant);
        return true;
      });
    }
  }
});

test('what is no site is refused with the one that was meant', async () => {
  for (const [topLevelSite, meant] of [
    ['https://trello.com:8080', 'https://trello.com'],
    ['https://app.trello.com/b/1', 'https://trello.com'],
    ['http://board.localhost:3000', 'http://board.localhost'],
    ['trello', null],
  ]) {
    for (const use of [
      () => trello.seedSecret('token', 'x', { topLevelSite }),
      () => trello.secret('token', { topLevelSite }),
      () => trello.items({ topLevelSite }),
    ]) {
      await assert.rejects(use, (/** @type {Error} */ { message }) => {
        assert.match(message, /^trello\.\w+\(.*\): \{ topLevelSite \} must be a site/);
        assert.equal(/did you mean '(.*)'\?$/.exec(message)?.[1] ?? null, meant);
        return true;
      });
    }
  }
});

test('nothing that was refused has changed anything', async () => {
  assert.deepEqual(await trello.items(), []);
  assert.deepEqual(await trello.calls(), []);
  assert.deepEqual(JSON.parse(await installation.commandLine.run(['fault', '--json'])), []);
});

test('plugin data beyond Trello’s limit are refused, and nothing is lost', async () => {
  await trello.setPluginData('member', 'private', 'kept', 'x');
  await assert.rejects(trello.setPluginData('member', 'private', 'long', 'x'.repeat(4096)), {
    message: /^trello\.setPluginData\('member', 'private', 'long', …\): .*4096/,
  });
  assert.deepEqual(await trello.pluginData('member', 'private'), { kept: 'x' });
});

test('a message never advises a command, and names options as a test writes them', async () => {
  const place = { ...ORIGIN, member: 'a'.repeat(24) };
  await trello.seedSecret('token', 'x', place);
  await trello.rotateKey(place);
  await assert.rejects(trello.secret('token', place), {
    name: 'CommandError',
    status: 5,
    message: /^trello\.secret\('token'\): .*decrypt/i,
  });
  await trello.signOut();
  await assert.rejects(trello.secret('token'), {
    status: 2,
    message: /^trello\.secret\('token'\): [^-]*\{ member \}/,
  });
});
