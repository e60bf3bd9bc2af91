// SPDX-License-Identifier: MIT
// The Power-Up under test: where it is served, who views it, and how commands name it.
import {
  checkMember,
  checkOrigin,
  checkSite,
  checkText,
  checkWebAddress,
  checkWord,
  jsonOf,
  originOf,
  SCOPES,
  VISIBILITIES,
} from './checks.js';
import { ABSENT, CommandError } from './command-line.js';
import { DEFAULT_MEMBER, openAddress, openedBy } from './opening.js';
import { checkOptions, OPTIONS } from './options.js';
import { revive } from './shown.js';
import { siteOf } from './site.js';
import { callText, TestCall } from './test-call.js';

/**
 * Drives a runner's page.
 *
 * @typedef {object} Driver
 * @property {(address: string) => Promise<number | undefined>} goto  resolves to the HTTP status, if there
 *   is one
 * @property {() => Promise<string[]>} observed  what anybody can see of the page: its text, the plain
 *   values in its localStorage, what it wrote to the console, the addresses that it requested
 * @property {() => string} address  of the current page, as far as it is known without asking the browser
 * @property {() => Promise<string>} currentAddress
 * @property {() => Promise<string[]>} frameAddresses  of the frames in the current page
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
 * @typedef {object} SiteOption
 * @property {string | null} [topLevelSite]  the site whose page embeds the Power-Up, such as
 *   'https://trello.com'; default, and null: none does
 */

/**
 * @typedef {MemberOption & {owner?: string}} OwnerOption  the id of the board, card …; default: the one of the
 *   pages' context
 */

/**
 * @typedef {object} OpenOptions
 * @property {Record<string, any>} [args]  as given to t.signUrl(url, args) or t.popup({args})
 * @property {string | null} [member]  who views the page; default: who is signed in; null: nobody
 * @property {Record<string, any>} [context]  added to the context
 */

/** @typedef {typeof SCOPES[number]} Scope */
/** @typedef {typeof VISIBILITIES[number]} Visibility */

/**
 * @param {string} name  of an option
 * @param {string | number | null | undefined} value
 */
export const option = (name, value) =>
  value === undefined || value === null ? [] : [`--${name}`, `${value}`];

export class PowerUp {
  #commandLine;
  /** @type {Driver} */
  #driver;
  #baseURL;
  #context;
  /** Who is signed in. @type {string | null} */
  member;
  /** Whether embedded pages have storage of their own. */
  isPartitioned = true;

  /**
   * @param {import('./command-line.js').CommandLine} commandLine
   * @param {any} driver  a Driver; where no page is asked or opened, its `address` is enough
   * @param {TrelloOptions} options
   */
  constructor(commandLine, driver, { baseURL, member = DEFAULT_MEMBER, context = {} }) {
    this.#commandLine = commandLine;
    this.#driver = driver;
    this.#baseURL = baseURL;
    this.#context = context;
    this.member = member;
    if (baseURL !== undefined && !/^https?:/.test(baseURL)) {
      const meant = originOf(baseURL);
      throw new Error(
        `powerup-secrets: baseURL must be an http or https address, not '${baseURL}'` +
          (meant === null ? '.' : `; did you mean '${meant}'?`),
      );
    }
  }

  /** The origin of baseURL, else of the page that is open. */
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

  /** The site of the test's page when it embeds the Power-Up, null when the Power-Up is the page. */
  async topLevelSite() {
    const site = siteOf(await this.#driver.currentAddress());
    return this.isPartitioned && site !== siteOf(this.origin) ? site : null;
  }

  /** The origin of the test's page when neither it nor a frame in it is the Power-Up's. */
  async foreignOrigin() {
    const address = await this.#driver.currentAddress();
    if (siteOf(address) === null) {
      return null;
    }
    const addresses = [address, ...(await this.#driver.frameAddresses())];
    const isForeign = addresses.every((one) => originOf(one) !== this.origin);
    return isForeign ? new URL(address).origin : null;
  }

  /**
   * @param {string} method  of Trello
   * @param {unknown[]} args  that messages show: never a secret
   * @param {...unknown} others  that they do not
   */
  call(method, args, ...others) {
    const hasMore = others.some((other) => other !== undefined);
    return new TestCall(this.#commandLine, callText(method, args, hasMore));
  }

  /**
   * @param {unknown} options  that the test gave: refused unless the method has them
   * @param {keyof typeof OPTIONS} method
   * @param {unknown[]} args
   * @param {...unknown} others
   */
  callWith(options, method, args, ...others) {
    const call = this.call(method, args, ...others);
    checkOptions(call, OPTIONS[method], options);
    return call;
  }

  /**
   * @param {TestCall} call
   * @param {OriginOption} options
   */
  originArguments(call, { origin }) {
    checkOrigin(call, origin);
    return ['--origin', origin ?? this.origin];
  }

  /**
   * @param {TestCall} call
   * @param {MemberOption} options
   */
  memberArguments(call, { origin, member }) {
    checkMember(call, member);
    return [...this.originArguments(call, { origin }), ...option('member', member)];
  }

  /**
   * @param {TestCall} call
   * @param {string} key
   * @param {MemberOption & SiteOption} options
   */
  secretArguments(call, key, options) {
    checkText(call, 'key', key);
    checkSite(call, options.topLevelSite);
    const site = option('top-level-site', options.topLevelSite);
    return [...this.memberArguments(call, options), '--key', key, ...site];
  }

  /**
   * @param {TestCall} call
   * @param {Scope} scope
   * @param {Visibility} visibility
   * @param {OwnerOption} options
   */
  dataArguments(call, scope, visibility, options) {
    checkWord(call, 'a scope', scope, SCOPES);
    checkWord(call, 'a visibility', visibility, VISIBILITIES);
    const owner = options.owner ?? (scope === 'member' ? undefined : this.#context[scope]);
    const place = ['--scope', scope, '--visibility', visibility];
    return [...this.memberArguments(call, options), ...option('owner', owner), ...place];
  }

  /**
   * @param {TestCall} call
   * @param {string} path
   * @param {OpenOptions} options
   * @returns {string}  with the context in its hash
   */
  address(call, path, { args, member = this.member, context }) {
    checkText(call, 'path', path);
    checkMember(call, member ?? undefined);
    if (this.#baseURL === undefined && !URL.canParse(path)) {
      call.refuse(`${path} is not a complete URL. Set baseURL to where the Power-Up is served.`);
    }
    const [page] = new URL(path, this.#baseURL).href.split('#');
    checkWebAddress(call, page);
    return openedBy(page, member, { ...this.#context, ...context }, args);
  }

  /**
   * @param {TestCall} call
   * @param {string} address
   */
  async open(call, address) {
    await openAddress(call, this.#driver, address);
  }

  /**
   * Calls a handler or a function of a page.
   *
   * @param {TestCall} call
   * @param {string} name
   * @param {string[]} where  options that name the page
   * @param {Record<string, any>} [options]
   * @returns {Promise<any>}
   */
  async invoke(call, name, where, options) {
    const given = options === undefined ? [] : ['--options', jsonOf(call, 'options', options)];
    const { response, page } = await call.invoke(['invoke', name, ...where, ...given]);
    const there = where.includes('--page') ? where : [...where, ...option('page', page)];
    return this.revived(call, there, response);
  }

  /**
   * @param {TestCall} call  whose result it is
   * @param {string[]} where  options that name the page that its functions are in
   * @param {any} value
   */
  revived(call, where, value) {
    const pressing = new TestCall(this.#commandLine, `a function from ${call.caller}`);
    return revive(value, (callback) => (options) => {
      const request = { callback, action: 'run', options };
      return this.invoke(pressing, 'callback', where, request).catch((error) => {
        const isGone = error instanceof CommandError && error.status === ABSENT;
        if (isGone && where.includes('--page')) {
          pressing.refuse('the page that this function came from has been closed or reloaded.');
        }
        throw error;
      });
    });
  }

  /** What anybody can see of the pages. */
  observed() {
    return this.#driver.observed();
  }
}
