// SPDX-License-Identifier: MIT
// One Power-Up in one browser, as Trello and its members see it: the same for every test runner. A
// thin layer over the command line; docs/scenarios.md describes each method.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ABSENT, CommandError } from './command-line.js';
import { scenarios } from './scenarios.js';

/**
 * Drives a runner's page.
 *
 * @typedef {object} Driver
 * @property {(address: string) => Promise<unknown>} goto
 * @property {() => Promise<string[]>} observed  what anybody can see of the page: its text, the plain
 *   values in its localStorage, what it wrote to the console, the addresses that it requested
 * @property {() => string} address  of the current page
 */

/**
 * @typedef {object} TrelloOptions
 * @property {string} [baseURL]  to which paths are relative; its origin is the Power-Up's
 * @property {string | null} [member]  who is signed in, 24 lower-case hex digits; null: nobody
 * @property {Record<string, any>} [context]  added to the default context in the hash of pages
 */

/**
 * @typedef {object} OriginOption
 * @property {string} [origin]  default: the Power-Up's
 */

/**
 * @typedef {OriginOption & {member?: string}} MemberOption  default: who is signed in
 */

/**
 * @typedef {object} Call  a call that a page made, or a problem with one
 * @property {number} at  milliseconds since 1970
 * @property {string} origin
 * @property {string} method  such as 'storeSecret' or 'alert'
 * @property {string | null} problem  the name of a misuse
 * @property {{member?: string, key?: string, outcome?: string, durationMs?: number, arguments?: any,
 *   advice?: string}} detail  advice: what to do about a problem
 */

/**
 * Methods of t that read Trello's data.
 *
 * @typedef {'board' | 'card' | 'cards' | 'list' | 'lists' | 'member' | 'organization'} Read
 */

/**
 * Methods of t for which Trello gives a token.
 *
 * @typedef {'jwt' | 'request-token' | 'authorizationCodeExchange' | 'refreshTokens'} TokenRequest
 */

/**
 * The requests that an answer can be set for. t.request may send others.
 *
 * @typedef {Read | TokenRequest} AnsweredRequest
 */

/**
 * The calls that can fail, wait or never be answered: also AnsweredRequest, and what shows something,
 * such as 'popup'.
 *
 * @typedef {'storeSecret' | 'loadSecret' | 'clearSecret' | 'get' | 'set'} FaultyCall
 */

/** The context of a page that is opened without one; build.mjs puts it into the package. */
const {
  member: DEFAULT_MEMBER,
  organization,
  board,
  card,
} = JSON.parse(readFileSync(new URL('../default-context.json', import.meta.url), 'utf8'));

const DEFAULT_CONTEXT = {
  organization,
  board,
  card,
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

  /** @param {OriginOption} options */
  #originArguments({ origin }) {
    return ['--origin', origin ?? this.origin];
  }

  /**
   * @param {string} scope
   * @param {string} visibility
   * @param {MemberOption & {owner?: string}} options
   */
  #placeArguments(scope, visibility, options) {
    const owner = options.owner ?? (scope === 'member' ? undefined : this.#context[scope]);
    const place = ['--scope', scope, '--visibility', visibility];
    return [...this.#memberArguments(options), ...option('owner', owner), ...place];
  }

  /** @param {MemberOption} options */
  #memberArguments({ origin, member }) {
    return [...this.#originArguments({ origin }), ...option('member', member)];
  }

  // Given

  /**
   * Stores a secret, as the page would.
   *
   * @param {string} key
   * @param {string | Uint8Array} value
   * @param {MemberOption} [options]
   */
  async seedSecret(key, value, options = {}) {
    await this.#commandLine.run(['seed', ...this.#memberArguments(options), '--key', key], value);
  }

  /**
   * Puts a value where t.set would.
   *
   * @param {'board' | 'card' | 'member' | 'organization'} scope
   * @param {'shared' | 'private'} visibility
   * @param {string} name
   * @param {any} value  any JSON value
   * @param {MemberOption & {owner?: string}} [options]  owner: the id of the board, card …; default: the one of
   *   the pages' context
   */
  async setPluginData(scope, visibility, name, value, options = {}) {
    await this.#commandLine.run(
      ['plugin-data', 'set', ...this.#placeArguments(scope, visibility, options), '--name', name],
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
   * @param {AnsweredRequest | (string & {})} method
   * @param {any} [value]  any JSON value; undefined: removes the answer
   */
  async answer(method, value) {
    const words = value === undefined ? [method] : [method, JSON.stringify(value)];
    await this.#commandLine.run(['answer', ...words]);
  }

  // What happens to users

  /**
   * Applies a scenario.
   *
   * @param {import('./scenarios.js').ScenarioName} name
   */
  async scenario(name) {
    if (!Object.hasOwn(scenarios, name)) {
      const known = Object.keys(scenarios).join(', ');
      throw new Error(`powerup-secrets: there is no scenario "${name}". Use one of: ${known}.`);
    }
    await scenarios[name](this);
  }

  /**
   * The member presses Remove Personal Settings.
   *
   * @param {MemberOption} [options]
   */
  async removePersonalSettings(options = {}) {
    await this.#commandLine.run(['remove-personal-settings', ...this.#memberArguments(options)]);
  }

  /**
   * Replaces the member's key, as a store in a second browser does after Remove Personal Settings.
   *
   * @param {MemberOption} [options]
   */
  async rotateKey(options = {}) {
    await this.#commandLine.run(['rotate-key', ...this.#memberArguments(options)]);
  }

  /**
   * The member continues in another browser: the same plugin data, other items.
   *
   * @param {string} [name]  'default' is the first one
   */
  async switchBrowser(name = 'another') {
    await this.#commandLine.run(['browser-profile', name]);
  }

  /** @param {OriginOption} [options]  default: every origin */
  blockStorage(options) {
    return this.#storage('denied', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  fillStorage(options) {
    return this.#storage('full', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  missingStorage(options) {
    return this.#storage('missing', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  allowStorage(options) {
    return this.#storage('enabled', options);
  }

  /**
   * @param {string} mode
   * @param {OriginOption} [options]
   */
  async #storage(mode, options = {}) {
    await this.#commandLine.run(['storage', mode, ...option('origin', options.origin)]);
  }

  /** @param {boolean} [on]  whether an embedded page's storage is partitioned by the embedding site */
  async partitionStorage(on = true) {
    await this.#commandLine.run(['partition', on ? 'on' : 'off']);
  }

  /**
   * @param {FaultyCall | AnsweredRequest | (string & {})} method
   * @param {string | Error | DOMException} error  a message, or an error by its name and message
   * @param {OriginOption & {times?: number}} [options]
   */
  async fail(method, error, options = {}) {
    const { name, message } = typeof error === 'string' ? new Error(error) : error;
    await this.#fault(method, ['--error', `${name}:${message}`], options);
  }

  /**
   * @param {FaultyCall | AnsweredRequest | (string & {})} method
   * @param {number} milliseconds
   * @param {OriginOption & {times?: number}} [options]
   */
  async delay(method, milliseconds, options = {}) {
    await this.#fault(method, ['--delay', `${milliseconds}`], options);
  }

  /**
   * The call is never answered.
   *
   * @param {FaultyCall | AnsweredRequest | (string & {})} method
   * @param {OriginOption & {times?: number}} [options]
   */
  async hang(method, options = {}) {
    await this.#fault(method, ['--no-reply'], options);
  }

  /**
   * @param {string} method
   * @param {string[]} what
   * @param {OriginOption & {times?: number}} options
   */
  async #fault(method, what, { origin, times }) {
    const where = [...option('origin', origin), ...option('times', times)];
    await this.#commandLine.run(['fault', '--op', method, ...what, ...where]);
  }

  /**
   * The browser deletes what the Power-Up has stored in it; keys stay.
   *
   * @param {OriginOption} [options]
   */
  async clearSiteData(options = {}) {
    await this.#commandLine.run(['clear-site-data', ...this.#originArguments(options)]);
  }

  // Drive

  /**
   * Opens a page of the Power-Up as Trello does: with the context in the URL's hash.
   *
   * @param {string} path  relative to baseURL, or a complete URL
   * @param {object} [options]
   * @param {Record<string, any>} [options.args]  as given to t.signUrl(url, args) or t.popup({args})
   * @param {string | null} [options.member]  who views it; default: who is signed in
   * @param {Record<string, any>} [options.context]  added to the context
   */
  async open(path, { args, member = this.#member, context } = {}) {
    if (this.#baseURL === undefined && !URL.canParse(path)) {
      throw new Error(
        `powerup-secrets: "${path}" is not a complete URL. Set baseURL to where the Power-Up is served.`,
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
      await this.#driver.goto('about:blank'); // changing only the hash would not load the page
    }
    await this.#driver.goto(`${address}#${hash}`);
  }

  /**
   * Calls a handler that an open page registered with TrelloPowerUp.initialize.
   *
   * @param {string} name  such as 'authorization-status', 'show-settings' or 'card-buttons'
   * @param {Record<string, any>} [options]  the handler's second argument
   * @param {OriginOption} [page]  that has the handler
   * @returns {Promise<any>}  the handler's result. A function in it, such as a button's callback, is a
   *   function here: call it to press the button, with options if it takes any
   */
  async capability(name, options, page = {}) {
    const given = options === undefined ? [] : ['--options', JSON.stringify(options)];
    const where = this.#originArguments(page);
    const answer = await this.#commandLine.run(['invoke', name, ...where, ...given]);
    return answer.trim() === '' ? undefined : this.#revive(JSON.parse(answer), page);
  }

  /**
   * @param {any} value
   * @param {OriginOption} page
   * @returns {any}
   */
  #revive(value, page) {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (typeof value._callback === 'string') {
      return (/** @type {any} */ options) =>
        this.capability('callback', { callback: value._callback, action: 'run', options }, page);
    }
    if (Array.isArray(value)) {
      return value.map((one) => this.#revive(one, page));
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.#revive(one, page)]),
    );
  }

  /** Makes the open pages render, as Trello does when something has changed. */
  async render() {
    await this.#commandLine.run(['browsers', '--wait', '1']);
  }

  // Observe

  /**
   * @param {string} key
   * @param {MemberOption} [options]
   * @returns {Promise<string | null>}  null when there is none
   * @throws {CommandError} with status 5 when it does not decrypt
   */
  async secret(key, options = {}) {
    try {
      const { value } = await this.#commandLine.json([
        'reveal',
        ...this.#memberArguments(options),
        '--key',
        key,
      ]);
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
   * @param {OriginOption} [options]
   * @returns {Promise<{profile: string, origin: string, topLevelSite: string | null, slot: string,
   *   value: string}[]>}
   */
  items(options = {}) {
    return this.#commandLine.json(['items', ...this.#originArguments(options)]);
  }

  /**
   * @param {'board' | 'card' | 'member' | 'organization'} scope
   * @param {'shared' | 'private'} visibility
   * @param {MemberOption & {owner?: string}} [options]
   * @returns {Promise<Record<string, any>>}  all names with their values
   */
  async pluginData(scope, visibility, options = {}) {
    try {
      const place = this.#placeArguments(scope, visibility, options);
      return JSON.parse(await this.#commandLine.run(['plugin-data', 'get', ...place]));
    } catch (error) {
      if (error instanceof CommandError && error.status === ABSENT) {
        return {};
      }
      throw error;
    }
  }

  /**
   * The calls that pages made, in order; never a secret.
   *
   * @returns {Promise<Call[]>}
   */
  calls() {
    return this.#commandLine.json(['calls']);
  }

  /**
   * Misuse that was observed, such as an object given to storeSecret.
   *
   * @returns {Promise<Call[]>}
   */
  problems() {
    return this.#commandLine.json(['calls', '--problems']);
  }

  /** @returns {Promise<any[]>}  the arguments of t.alert */
  alerts() {
    return this.#argumentsOf('alert');
  }

  /** @returns {Promise<any[]>}  the arguments of t.popup */
  popups() {
    return this.#argumentsOf('popup');
  }

  /** @param {string} method */
  async #argumentsOf(method) {
    const calls = await this.calls();
    return calls.filter((call) => call.method === method).map(({ detail }) => detail.arguments);
  }

  /**
   * @param {string} value
   * @returns {Promise<string[]>}  the places where anybody can see the value
   */
  async leaks(value) {
    const forms = [value, encodeURIComponent(value)];
    const observed = await this.#driver.observed();
    return observed.filter((text) => forms.some((form) => text.includes(form)));
  }
}
