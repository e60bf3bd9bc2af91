// SPDX-License-Identifier: MIT
// One Power-Up in one browser, as Trello and its members see it: the same for every test runner. A
// thin layer over the command line; what each method does is in docs/scenarios.md.
import { randomBytes } from 'node:crypto';
import { ABSENT, CommandError } from './command-line.js';
import { scenarios } from './scenarios.js';

/**
 * How a runner's page is driven.
 *
 * @typedef {object} Driver
 * @property {(address: string) => Promise<unknown>} goto
 * @property {() => Promise<string[]>} seen  what anybody sees who looks at the page: its text, the
 *   plain values in its localStorage, what it wrote to the console, the addresses that it asked for
 * @property {() => string} address  of the page now
 */

/**
 * @typedef {object} TrelloOptions
 * @property {string} [baseURL]  where paths begin; its origin is the Power-Up's
 * @property {string | null} [member]  who is signed in, 24 lower-case hex digits; null: nobody
 * @property {Record<string, any>} [context]  beside the default context in the hash of pages
 */

/**
 * @typedef {object} At
 * @property {string} [origin]  default: the Power-Up's
 */

/**
 * @typedef {At & {member?: string}} OfMember  default: who is signed in
 */

/**
 * @typedef {object} Call  what a page called, or showed
 * @property {number} at  milliseconds since 1970
 * @property {string} origin
 * @property {string} method  such as 'storeSecret' or 'alert'
 * @property {string | null} problem  the name of a misuse
 * @property {{member?: string, key?: string, outcome?: string, durationMs?: number, arguments?: any,
 *   advice?: string}} detail  advice: what to do about a problem
 */

/** Who is signed in where nobody said otherwise. */
const DEFAULT_MEMBER = '5f0000000000000000000001';

const DEFAULT_CONTEXT = {
  organization: '5f00000000000000000000a1',
  board: '5f00000000000000000000b1',
  card: '5f00000000000000000000c1',
  permissions: { organization: 'write', board: 'write', card: 'write' },
};

/**
 * @param {string} name  of an option
 * @param {string | number | undefined} value
 */
const option = (name, value) => (value === undefined ? [] : [`--${name}`, `${value}`]);

export class Trello {
  #commandLine;
  #driver;
  #baseURL;
  #context;
  /** @type {string | null} */
  #member = DEFAULT_MEMBER;

  /**
   * @param {import('./command-line.js').CommandLine} commandLine
   * @param {Driver} driver
   * @param {TrelloOptions} [options]
   */
  constructor(commandLine, driver, { baseURL, member = DEFAULT_MEMBER, context = {} } = {}) {
    this.#commandLine = commandLine;
    this.#driver = driver;
    this.#baseURL = baseURL;
    this.#context = context;
    this.#member = member;
  }

  /** The Power-Up's origin: that of baseURL, else of the page that is open. */
  get origin() {
    for (const address of [this.#baseURL, this.#driver.address()]) {
      if (address && /^https?:/.test(address)) {
        return new URL(address).origin;
      }
    }
    throw new Error(
      'powerup-secrets: the origin of the Power-Up is not known yet. Set baseURL, open a page ' +
        'first, or give { origin } to this call.',
    );
  }

  /** @param {At} at */
  #at({ origin }) {
    return ['--origin', origin ?? this.origin];
  }

  /**
   * @param {string} scope
   * @param {string} visibility
   * @param {OfMember & {owner?: string}} of
   */
  #data(scope, visibility, of) {
    const owner = of.owner ?? (scope === 'member' ? undefined : this.#context[scope]);
    const place = ['--scope', scope, '--visibility', visibility];
    return [...this.#of(of), ...option('owner', owner), ...place];
  }

  /** @param {OfMember} of */
  #of({ origin, member }) {
    return [...this.#at({ origin }), ...option('member', member)];
  }

  // Given

  /**
   * Stores a secret, as the page would.
   *
   * @param {string} key
   * @param {string | Uint8Array} value
   * @param {OfMember} [of]
   */
  async seedSecret(key, value, of = {}) {
    await this.#commandLine.run(['seed', ...this.#of(of), '--key', key], value);
  }

  /**
   * Puts a value where t.set would.
   *
   * @param {'board' | 'card' | 'member' | 'organization'} scope
   * @param {'shared' | 'private'} visibility
   * @param {string} name
   * @param {any} value  anything that JSON can say
   * @param {OfMember & {owner?: string}} [of]  owner: the id of the board, card …; default: the one of
   *   the pages' context
   */
  async setPluginData(scope, visibility, name, value, of = {}) {
    await this.#commandLine.run(
      ['plugin-data', 'set', ...this.#data(scope, visibility, of), '--name', name],
      JSON.stringify(value),
    );
  }

  /** @param {string} [member]  24 lower-case hex digits */
  async signIn(member = DEFAULT_MEMBER) {
    await this.#commandLine.run(['sign-in', '--member', member]);
    this.#member = member;
  }

  async signOut() {
    await this.#commandLine.run(['sign-out']);
    this.#member = null;
  }

  /**
   * Sets what t.METHOD() resolves with.
   *
   * @param {string} method  such as 'board', 'card' or 'lists'
   * @param {any} [value]  anything that JSON can say; undefined: takes the answer back
   */
  async answer(method, value) {
    const words = value === undefined ? [method] : [method, JSON.stringify(value)];
    await this.#commandLine.run(['answer', ...words]);
  }

  // What happens to users

  /**
   * Sets the scene of a scenario by its name.
   *
   * @param {import('./scenarios.js').ScenarioName} name
   */
  async scenario(name) {
    if (!Object.hasOwn(scenarios, name)) {
      const known = Object.keys(scenarios).join(', ');
      throw new Error(`powerup-secrets: there is no scenario "${name}". There are: ${known}.`);
    }
    await scenarios[name](this);
  }

  /**
   * The member presses Remove Personal Settings.
   *
   * @param {OfMember} [of]
   */
  async removePersonalSettings(of = {}) {
    await this.#commandLine.run(['remove-personal-settings', ...this.#of(of)]);
  }

  /**
   * The member's key becomes another, as a store in a second browser does after Remove Personal
   * Settings.
   *
   * @param {OfMember} [of]
   */
  async rotateKey(of = {}) {
    await this.#commandLine.run(['rotate-key', ...this.#of(of)]);
  }

  /**
   * The member goes on at another browser: the same plugin data, other items.
   *
   * @param {string} [name]  'default' is the first one
   */
  async switchBrowser(name = 'another') {
    await this.#commandLine.run(['browser-profile', name]);
  }

  /** @param {At} [at]  default: every origin */
  blockStorage(at) {
    return this.#storage('denied', at);
  }

  /** @param {At} [at]  default: every origin */
  fillStorage(at) {
    return this.#storage('full', at);
  }

  /** @param {At} [at]  default: every origin */
  missingStorage(at) {
    return this.#storage('missing', at);
  }

  /** @param {At} [at]  default: every origin */
  allowStorage(at) {
    return this.#storage('enabled', at);
  }

  /**
   * @param {string} mode
   * @param {At} [at]
   */
  async #storage(mode, at = {}) {
    await this.#commandLine.run(['storage', mode, ...option('origin', at.origin)]);
  }

  /** @param {boolean} [on]  whether an embedded page has a storage of its own for each site around it */
  async partitionStorage(on = true) {
    await this.#commandLine.run(['partition', on ? 'on' : 'off']);
  }

  /**
   * @param {string} method  storeSecret, loadSecret, clearSecret, get, set, or such as board
   * @param {string | Error | DOMException} error  a message, or an error by its name and message
   * @param {At & {times?: number}} [options]
   */
  async fail(method, error, options = {}) {
    const { name, message } = typeof error === 'string' ? new Error(error) : error;
    await this.#fault(method, ['--error', `${name}:${message}`], options);
  }

  /**
   * @param {string} method
   * @param {number} milliseconds
   * @param {At & {times?: number}} [options]
   */
  async delay(method, milliseconds, options = {}) {
    await this.#fault(method, ['--delay', `${milliseconds}`], options);
  }

  /**
   * The call is never answered.
   *
   * @param {string} method
   * @param {At & {times?: number}} [options]
   */
  async hang(method, options = {}) {
    await this.#fault(method, ['--no-reply'], options);
  }

  /**
   * @param {string} method
   * @param {string[]} what
   * @param {At & {times?: number}} options
   */
  async #fault(method, what, { origin, times }) {
    const where = [...option('origin', origin), ...option('times', times)];
    await this.#commandLine.run(['fault', '--op', method, ...what, ...where]);
  }

  /**
   * The browser forgets what the Power-Up has stored in it; keys stay.
   *
   * @param {At} [at]
   */
  async clearSiteData(at = {}) {
    await this.#commandLine.run(['clear-site-data', ...this.#at(at)]);
  }

  // Drive

  /**
   * Opens a page of the Power-Up as Trello does: with the context in the URL's hash.
   *
   * @param {string} path  or a whole address
   * @param {object} [options]
   * @param {Record<string, any>} [options.args]  what t.signUrl(url, args) or t.popup({args}) gave
   * @param {string | null} [options.member]  who looks at it; default: who is signed in
   * @param {Record<string, any>} [options.context]  more of the context
   */
  async open(path, { args, member = this.#member, context } = {}) {
    if (this.#baseURL === undefined && !URL.canParse(path)) {
      throw new Error(
        `powerup-secrets: "${path}" is no whole address. Set baseURL, where the Power-Up is served.`,
      );
    }
    const opening = {
      secret: randomBytes(16).toString('hex'),
      context: {
        ...DEFAULT_CONTEXT,
        member: member ?? 'notLoggedIn',
        ...this.#context,
        ...context,
      },
      locale: 'en',
      args,
    };
    const hash = encodeURIComponent(JSON.stringify(opening));
    const [address] = new URL(path, this.#baseURL).href.split('#');
    if (this.#driver.address().split('#')[0] === address) {
      await this.#driver.goto('about:blank'); // another hash alone would load nothing
    }
    await this.#driver.goto(`${address}#${hash}`);
  }

  /**
   * Calls a handler that an open page registered with TrelloPowerUp.initialize.
   *
   * @param {string} name  such as 'authorization-status', 'show-settings' or 'card-buttons'
   * @param {Record<string, any>} [options]  the handler's second argument
   * @param {At} [at]
   * @returns {Promise<any>}  what it gave. A function in it, such as a button's callback, is a function
   *   here: press it by calling it, with options if it takes some
   */
  async capability(name, options, at = {}) {
    const given = options === undefined ? [] : ['--options', JSON.stringify(options)];
    const answer = await this.#commandLine.run(['invoke', name, ...this.#at(at), ...given]);
    return answer.trim() === '' ? undefined : this.#revive(JSON.parse(answer), at);
  }

  /**
   * @param {any} value
   * @param {At} at
   * @returns {any}
   */
  #revive(value, at) {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (typeof value._callback === 'string') {
      return (/** @type {any} */ options) =>
        this.capability('callback', { callback: value._callback, action: 'run', options }, at);
    }
    if (Array.isArray(value)) {
      return value.map((one) => this.#revive(one, at));
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.#revive(one, at)]),
    );
  }

  /** Has the open pages render, as Trello does when something changed. */
  async render() {
    await this.#commandLine.run(['browsers', '--wait', '1']);
  }

  // See

  /**
   * @param {string} key
   * @param {OfMember} [of]
   * @returns {Promise<string | null>}  null when there is none
   * @throws {CommandError} with status 5 when it does not decrypt
   */
  async secret(key, of = {}) {
    try {
      const { value } = await this.#commandLine.json(['reveal', ...this.#of(of), '--key', key]);
      return value;
    } catch (error) {
      if (error instanceof CommandError && error.status === ABSENT) {
        return null;
      }
      throw error;
    }
  }

  /**
   * The stored items of all browsers, encrypted.
   *
   * @param {At} [at]
   * @returns {Promise<{profile: string, origin: string, topLevelSite: string | null, slot: string,
   *   value: string}[]>}
   */
  items(at = {}) {
    return this.#commandLine.json(['items', ...this.#at(at)]);
  }

  /**
   * @param {'board' | 'card' | 'member' | 'organization'} scope
   * @param {'shared' | 'private'} visibility
   * @param {OfMember & {owner?: string}} [of]
   * @returns {Promise<Record<string, any>>}  all names with their values
   */
  async pluginData(scope, visibility, of = {}) {
    try {
      const place = this.#data(scope, visibility, of);
      return JSON.parse(await this.#commandLine.run(['plugin-data', 'get', ...place]));
    } catch (error) {
      if (error instanceof CommandError && error.status === ABSENT) {
        return {};
      }
      throw error;
    }
  }

  /**
   * What pages called and showed, in their order; never a secret.
   *
   * @returns {Promise<Call[]>}
   */
  calls() {
    return this.#commandLine.json(['calls']);
  }

  /**
   * Misuse that was seen, such as an object given to storeSecret.
   *
   * @returns {Promise<Call[]>}
   */
  problems() {
    return this.#commandLine.json(['calls', '--problems']);
  }

  /** @returns {Promise<any[]>}  what t.alert was called with */
  alerts() {
    return this.#shown('alert');
  }

  /** @returns {Promise<any[]>}  what t.popup was called with */
  popups() {
    return this.#shown('popup');
  }

  /** @param {string} method */
  async #shown(method) {
    const calls = await this.calls();
    return calls.filter((call) => call.method === method).map(({ detail }) => detail.arguments);
  }

  /**
   * @param {string} value
   * @returns {Promise<string[]>}  where a value can be seen that nobody should see
   */
  async leaks(value) {
    const forms = [value, encodeURIComponent(value)];
    const seen = await this.#driver.seen();
    return seen.filter((text) => forms.some((form) => text.includes(form)));
  }
}
