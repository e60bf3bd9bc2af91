// SPDX-License-Identifier: MIT
// One Power-Up in one browser, as Trello and its members see it: the same for every test runner. A
// thin layer over the command line; docs/scenarios.md names the command of each method.
import {
  checkAnswered,
  checkBoolean,
  checkDelay,
  checkFaulty,
  checkMember,
  checkOrigin,
  checkSecret,
  checkSite,
  checkText,
  checkTimes,
  checkWebAddress,
  checkWord,
  jsonOf,
} from './checks.js';
import { ABSENT, CommandError } from './command-line.js';
import { dataCommand } from './initial-state.js';
import { CAPABILITIES } from './names.js';
import { DEFAULT_MEMBER } from './opening.js';
import { option, PowerUp } from './power-up.js';
import { scenarios } from './scenarios.js';

/** @typedef {import('./names.js').AnsweredMethod} AnsweredMethod */
/** @typedef {import('./names.js').Capability} Capability */
/** @typedef {import('./names.js').FaultyMethod} FaultyMethod */
/** @typedef {import('./power-up.js').MemberOption} MemberOption */
/** @typedef {import('./power-up.js').OpenOptions} OpenOptions */
/** @typedef {import('./power-up.js').OriginOption} OriginOption */
/** @typedef {import('./power-up.js').OwnerOption} OwnerOption */
/** @typedef {import('./power-up.js').Scope} Scope */
/** @typedef {import('./power-up.js').SiteOption} SiteOption */
/** @typedef {import('./power-up.js').TrelloOptions} TrelloOptions */
/** @typedef {import('./power-up.js').Visibility} Visibility */
/** @typedef {import('./test-call.js').TestCall} TestCall */

/**
 * @template Value
 * @param {Promise<Value>} found
 * @param {Value} otherwise  when it does not exist
 */
const orAbsent = (found, otherwise) =>
  found.catch((error) => {
    if (error instanceof CommandError && error.status === ABSENT) {
      return otherwise;
    }
    throw error;
  });

export class Trello {
  #powerUp;

  /**
   * @param {import('./command-line.js').CommandLine} commandLine
   * @param {import('./power-up.js').Driver} driver
   * @param {TrelloOptions} [options]
   */
  constructor(commandLine, driver, options = {}) {
    this.#powerUp = new PowerUp(commandLine, driver, options);
  }

  /** The Power-Up's origin: that of baseURL, else of the page that is open. */
  get origin() {
    return this.#powerUp.origin;
  }

  // Given

  /**
   * Stores a secret, as the page would.
   *
   * @param {string} key
   * @param {string | Uint8Array} value
   * @param {MemberOption & SiteOption} [options]
   */
  async seedSecret(key, value, options = {}) {
    const call = this.#powerUp.callWith(options, 'seedSecret', [key], value);
    const where = this.#powerUp.secretArguments(call, key, options);
    checkSecret(call, value);
    await call.run(['seed', ...where], value);
  }

  /**
   * Puts a value where t.set would.
   *
   * @param {Scope} scope
   * @param {Visibility} visibility
   * @param {string} name
   * @param {any} value  any JSON value
   * @param {OwnerOption} [options]
   */
  async setPluginData(scope, visibility, name, value, options = {}) {
    const { call, args, input } = dataCommand(
      this.#powerUp,
      scope,
      visibility,
      name,
      value,
      options,
    );
    await call.run(args, input);
  }

  /** @param {string} [member]  24 lower-case hex digits */
  async signIn(member = DEFAULT_MEMBER) {
    const call = this.#powerUp.call('signIn', [member]);
    checkMember(call, member);
    await call.run(['sign-in', '--member', member]);
    this.#powerUp.member = member;
  }

  async signOut() {
    await this.#powerUp.call('signOut', []).run(['sign-out']);
    this.#powerUp.member = null;
  }

  /**
   * Sets what t.METHOD() resolves with.
   *
   * @param {AnsweredMethod} method
   * @param {any} [value]  any JSON value; undefined: removes the answer
   */
  async answer(method, value) {
    const call = this.#powerUp.call('answer', [method], value);
    checkAnswered(call, method);
    const text = value === undefined ? [] : [jsonOf(call, 'answer', value)];
    await call.run(['answer', method, ...text]);
  }

  // What happens to users

  /**
   * Applies a scenario.
   *
   * @param {import('./scenarios.js').ScenarioName} name
   */
  async scenario(name) {
    checkWord(this.#powerUp.call('scenario', [name]), 'a scenario', name, Object.keys(scenarios));
    await scenarios[name](this);
  }

  /**
   * The member presses Remove Personal Settings.
   *
   * @param {MemberOption} [options]
   */
  async removePersonalSettings(options = {}) {
    const call = this.#powerUp.callWith(options, 'removePersonalSettings', []);
    await call.run(['remove-personal-settings', ...this.#powerUp.memberArguments(call, options)]);
  }

  /**
   * Replaces the member's key, as a store in a second browser does after Remove Personal Settings. A member
   * who has none gets one.
   *
   * @param {MemberOption} [options]
   */
  async rotateKey(options = {}) {
    const call = this.#powerUp.callWith(options, 'rotateKey', []);
    await call.run(['rotate-key', ...this.#powerUp.memberArguments(call, options)]);
  }

  /**
   * The member continues in another browser: the same plugin data, other items.
   *
   * @param {string} [name]  'default' is the first one
   */
  async switchBrowser(name = 'another') {
    const call = this.#powerUp.call('switchBrowser', [name]);
    checkText(call, 'name', name);
    await call.run(['browser-profile', name]);
  }

  /** @param {OriginOption} [options]  default: every origin */
  async blockStorage(options) {
    await this.#setStorage('blockStorage', 'denied', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  async fillStorage(options) {
    await this.#setStorage('fillStorage', 'full', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  async missingStorage(options) {
    await this.#setStorage('missingStorage', 'missing', options);
  }

  /** @param {OriginOption} [options]  default: every origin */
  async allowStorage(options) {
    await this.#setStorage('allowStorage', 'enabled', options);
  }

  /**
   * @param {'blockStorage' | 'fillStorage' | 'missingStorage' | 'allowStorage'} method
   * @param {string} mode
   * @param {OriginOption} [options]
   */
  async #setStorage(method, mode, options) {
    await this.#set(this.#powerUp.callWith(options, method, []), ['storage', mode], options);
  }

  /**
   * @param {boolean} [on]  whether a page that changes plugin data renders, too, as the other open ones do
   * @param {OriginOption} [options]  default: every origin
   */
  async renderWriter(on = true, options = {}) {
    const call = this.#powerUp.callWith(options, 'renderWriter', [on]);
    checkBoolean(call, on);
    await this.#set(call, ['render-writer', on ? 'on' : 'off'], options);
  }

  /**
   * @param {TestCall} call
   * @param {string[]} setting
   * @param {OriginOption} [options]
   */
  async #set(call, setting, { origin } = {}) {
    checkOrigin(call, origin);
    await call.run([...setting, ...option('origin', origin)]);
  }

  /** @param {boolean} [on]  whether an embedded page's storage is partitioned by the embedding site */
  async partitionStorage(on = true) {
    const call = this.#powerUp.call('partitionStorage', [on]);
    checkBoolean(call, on);
    await call.run(['partition', on ? 'on' : 'off']);
    this.#powerUp.isPartitioned = on;
  }

  /**
   * @param {FaultyMethod} method
   * @param {string | Error | DOMException} error  a message, or an error by its name and message
   * @param {OriginOption & {times?: number}} [options]
   */
  async fail(method, error, options = {}) {
    const call = this.#powerUp.callWith(options, 'fail', [method], error);
    const { name, message } = typeof error === 'string' ? new Error(error) : (error ?? {});
    if (typeof name !== 'string' || typeof message !== 'string') {
      call.refuse('the error must be a message or an Error.');
    }
    await this.#fault(call, method, ['--error', `${name}:${message}`], options);
  }

  /**
   * @param {FaultyMethod} method
   * @param {number} milliseconds
   * @param {OriginOption & {times?: number}} [options]
   */
  async delay(method, milliseconds, options = {}) {
    const call = this.#powerUp.callWith(options, 'delay', [method, milliseconds]);
    checkDelay(call, milliseconds);
    await this.#fault(call, method, ['--delay', `${milliseconds}`], options);
  }

  /**
   * The call is never answered.
   *
   * @param {FaultyMethod} method
   * @param {OriginOption & {times?: number}} [options]
   */
  async hang(method, options = {}) {
    await this.#fault(
      this.#powerUp.callWith(options, 'hang', [method]),
      method,
      ['--no-reply'],
      options,
    );
  }

  /**
   * @param {TestCall} call
   * @param {FaultyMethod} method
   * @param {string[]} what
   * @param {OriginOption & {times?: number}} options
   */
  async #fault(call, method, what, { origin, times }) {
    checkFaulty(call, method);
    checkOrigin(call, origin);
    checkTimes(call, times);
    const where = [...option('origin', origin), ...option('times', times)];
    await call.run(['fault', '--op', method, ...what, ...where]);
  }

  /**
   * The browser deletes what the Power-Up has stored in it, embedded in any site and not; keys stay.
   *
   * @param {OriginOption} [options]
   */
  async clearSiteData(options = {}) {
    const call = this.#powerUp.callWith(options, 'clearSiteData', []);
    await call.run(['clear-site-data', ...this.#powerUp.originArguments(call, options)]);
  }

  // Drive

  /**
   * The address at which Trello would open a page: with the context in its hash. For a page that embeds
   * the Power-Up.
   *
   * @param {string} path  relative to baseURL, or a complete URL
   * @param {OpenOptions} [options]
   * @returns {string}
   */
  address(path, options = {}) {
    return this.#powerUp.address(this.#powerUp.callWith(options, 'address', [path]), path, options);
  }

  /**
   * Opens a page of the Power-Up as Trello does: with the context in the URL's hash.
   *
   * @param {string} path  relative to baseURL, or a complete URL
   * @param {OpenOptions} [options]
   */
  async open(path, options = {}) {
    const call = this.#powerUp.callWith(options, 'open', [path]);
    await this.#powerUp.open(call, this.#powerUp.address(call, path, options));
  }

  /** Opens the page of the last popup that the Power-Up asked for. */
  async openPopup() {
    const call = this.#powerUp.call('openPopup', []);
    const popup = (await this.popups()).at(-1);
    if (popup === undefined) {
      return call.refuse('the Power-Up has opened no popup.');
    }
    const { type, url } = popup;
    if (url === undefined) {
      return call.refuse(`the last popup is no page (its type is "${type}"); use trello.popups().`);
    }
    checkWebAddress(call, url);
    await this.#powerUp.open(call, url);
  }

  /**
   * Calls a handler that an open page registered with TrelloPowerUp.initialize.
   *
   * @param {Capability} name
   * @param {Record<string, any>} [options]  the handler's second argument
   * @param {OriginOption} [page]  that has the handler
   * @returns {Promise<any>}  the handler's result. A function in it, such as a button's callback, is a
   *   function here: call it to press the button, with options if it takes any. Rejects with the
   *   Power-Up's own error, which has its message and code
   */
  async capability(name, options, page = {}) {
    const call = this.#powerUp.callWith(page, 'capability', [name], options);
    checkWord(call, 'a capability', name, CAPABILITIES);
    const where = this.#powerUp.originArguments(call, page);
    return this.#powerUp.invoke(call, name, where, options);
  }

  /**
   * Makes the open pages render, as Trello does when plugin data has changed.
   *
   * @param {OriginOption} [options]  default: every origin
   */
  async render(options) {
    await this.#set(this.#powerUp.callWith(options, 'render', []), ['render'], options);
  }

  // Observe

  /**
   * @param {string} key
   * @param {MemberOption & SiteOption} [options]
   * @returns {Promise<string | null>}  null when there is none
   * @throws {CommandError} with status 5 when it does not decrypt
   */
  async secret(key, options = {}) {
    const call = this.#powerUp.callWith(options, 'secret', [key]);
    const revealed = call.json(['reveal', ...this.#powerUp.secretArguments(call, key, options)]);
    return (await orAbsent(revealed, { value: null })).value;
  }

  /**
   * Where browsers keep what the Power-Up stores while the test's page is open: the site of that page when
   * it embeds the Power-Up, null when the Power-Up is the page.
   *
   * @returns {Promise<string | null>}
   */
  topLevelSite() {
    return this.#powerUp.topLevelSite();
  }

  /**
   * The origin of the test's page when it has nothing to do with the Power-Up's: it is another one, and no
   * frame in the page is the Power-Up's.
   *
   * @returns {Promise<string | null>}
   */
  foreignOrigin() {
    return this.#powerUp.foreignOrigin();
  }

  /**
   * The stored items of all browsers, encrypted.
   *
   * @param {OriginOption & SiteOption} [options]  topLevelSite: default: every site, and none
   * @returns {Promise<{profile: string, origin: string, topLevelSite: string | null, slot: string,
   *   value: string}[]>}
   */
  async items(options = {}) {
    const call = this.#powerUp.callWith(options, 'items', []);
    const { topLevelSite } = options;
    checkSite(call, topLevelSite);
    const items = await call.json(['items', ...this.#powerUp.originArguments(call, options)]);
    return topLevelSite === undefined
      ? items
      : items.filter((/** @type {any} */ item) => item.topLevelSite === topLevelSite);
  }

  /**
   * @param {Scope} scope
   * @param {Visibility} visibility
   * @param {OwnerOption} [options]
   * @returns {Promise<Record<string, any>>}  all names with their values
   */
  async pluginData(scope, visibility, options = {}) {
    const call = this.#powerUp.callWith(options, 'pluginData', [scope, visibility]);
    const place = this.#powerUp.dataArguments(call, scope, visibility, options);
    return JSON.parse(await orAbsent(call.run(['plugin-data', 'get', ...place]), '{}'));
  }

  /**
   * The calls that pages made, in order; never a secret.
   *
   * @returns {Promise<import('./shown.js').Call[]>}
   */
  calls() {
    return this.#powerUp.call('calls', []).json(['calls']);
  }

  /**
   * Misuse that was observed, such as an object given to storeSecret.
   *
   * @returns {Promise<import('./shown.js').Call[]>}
   */
  problems() {
    return this.#powerUp.call('problems', []).json(['calls', '--problems']);
  }

  /** @returns {Promise<any[]>}  the arguments of t.alert */
  alerts() {
    return this.#shown('alert', 'alerts');
  }

  /** @returns {Promise<import('./shown.js').Popup[]>}  what the Power-Up passed to t.popup */
  popups() {
    return this.#shown('popup', 'popups');
  }

  /** @returns {Promise<import('./shown.js').Modal[]>}  what the Power-Up passed to t.modal */
  modals() {
    return this.#shown('modal', 'modals');
  }

  /** @returns {Promise<import('./shown.js').BoardBar[]>}  what the Power-Up passed to t.boardBar */
  boardBars() {
    return this.#shown('boardBar', 'boardBars');
  }

  /**
   * @param {string} method  of t
   * @param {string} own  the method here
   * @returns {Promise<any[]>}
   */
  async #shown(method, own) {
    const call = this.#powerUp.call(own, []);
    /** @type {import('./shown.js').Call[]} */
    const calls = await call.json(['calls']);
    return calls
      .filter((one) => one.method === method && one.detail.arguments !== undefined)
      .map(({ origin, page, detail }) => {
        const where = ['--origin', origin, ...option('page', page)];
        return this.#powerUp.revived(call, where, detail.arguments);
      });
  }

  /**
   * @param {string} value
   * @returns {Promise<string[]>}  the places where anybody can see the value
   */
  async leaks(value) {
    checkText(this.#powerUp.call('leaks', [], value), 'value', value);
    const forms = [value, encodeURIComponent(value)];
    const observed = await this.#powerUp.observed();
    return observed.filter((text) => forms.some((form) => text.includes(form)));
  }
}
