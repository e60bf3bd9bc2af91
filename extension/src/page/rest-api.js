// SPDX-License-Identifier: MIT
// t.getRestApi(): stores a token of Trello's REST API for the member, and requests one in a window.
// The option authOrigin replaces the window's address with one of the test.

class RestApiError extends Error {
  /** @param {string} [message] */
  constructor(message) {
    super(message);
    this.name = `restApi:${new.target.name}`;
  }
}

export const restApiError = {
  AuthDeniedError: class AuthDeniedError extends RestApiError {},
  AuthNotReadyError: class AuthNotReadyError extends RestApiError {},
  ApiNotConfiguredError: class ApiNotConfiguredError extends RestApiError {},
};

const TOKEN = /^[a-z0-9]{64}$/;
const WIDTH = 550;
const HEIGHT = 725;
const CLOSED_POLL_MS = 500;

export class RestApi {
  #Promise;
  #t;
  #options;
  #key;

  /**
   * @param {any} Promise  the promise class of the library
   * @param {any} t
   * @param {any} options  of TrelloPowerUp.iframe or initialize
   */
  constructor(Promise, t, options) {
    this.#Promise = Promise;
    this.#t = t;
    this.#options = options;
    this.#key = options.tokenStorageKey ?? 'trello_token';
    this.appKey = options.appKey;
    this.appName = options.appName;
  }

  /** Moves the token that the window left in localStorage to the member's data. */
  async #fetch() {
    let token;
    const storage = this.#options.localStorage ?? window.localStorage;
    try {
      token = storage.getItem(this.#key);
    } catch {
      return null; // blocked: the token comes by message
    }
    if (!TOKEN.test(token)) {
      return null;
    }
    await this.#t.set('member', 'private', this.#key, token);
    storage.removeItem(this.#key);
    return token;
  }

  getToken() {
    return this.#Promise.resolve(
      this.#fetch().then((token) => token ?? this.#t.get('member', 'private', this.#key)),
    );
  }

  isAuthorized() {
    return this.getToken().then((/** @type {any} */ token) => TOKEN.test(token));
  }

  clearToken() {
    try {
      (this.#options.localStorage ?? window.localStorage).removeItem(this.#key);
    } catch {
      // Blocked: there is nothing to remove.
    }
    return this.#t.remove('member', 'private', this.#key);
  }

  /** @param {{expiration?: string, scope?: string, return_url?: string, returnUrl?: string}} [options] */
  authorize({ expiration = 'never', scope = 'read', returnUrl } = {}) {
    const query = new URLSearchParams({
      name: this.appName,
      key: this.appKey,
      expiration,
      scope,
      callback_method: 'fragment',
      response_type: 'fragment',
      return_url: returnUrl ?? window.location.href,
    });
    const left = window.screenX + (window.outerWidth - WIDTH) / 2;
    const top = window.screenY + (window.outerHeight - HEIGHT) / 2;
    const opened = window.open(
      `${this.#options.authOrigin ?? 'https://trello.com'}/1/authorize?${query}`,
      'authpopup',
      `width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`,
    );
    return new this.#Promise(
      (
        /** @type {(token: string) => void} */ resolve,
        /** @type {(error: Error) => void} */ reject,
      ) => {
        const end = () => {
          clearInterval(poll);
          window.removeEventListener('message', received);
          window.removeEventListener('storage', stored);
        };
        const deny = () => {
          end();
          reject(new restApiError.AuthDeniedError());
        };
        /** @param {string} token */
        const keep = (token) => {
          end();
          this.#t.set('member', 'private', this.#key, token).then(() => resolve(token), reject);
        };
        /** @param {MessageEvent} event */
        const received = ({ origin, source, data }) => {
          if (origin === window.location.origin && source === opened) {
            opened?.close();
            (TOKEN.test(data) ? keep : deny)(data);
          }
        };
        /** @param {StorageEvent} event */
        const stored = ({ key }) => {
          if (key === this.#key) {
            end();
            this.#fetch().then((token) => (token === null ? deny() : resolve(token)), reject);
          }
        };
        const poll = setInterval(() => opened?.closed && deny(), CLOSED_POLL_MS);
        window.addEventListener('message', received);
        window.addEventListener('storage', stored);
      },
    );
  }
}

/** Sends the token from the window that was opened to its opener. @param {any} options */
export function returnToken(options) {
  const found = /token=(.+)?/.exec(window.location.hash);
  if (found === null) {
    return;
  }
  const token = TOKEN.test(found[1]) ? found[1] : '';
  try {
    (options.localStorage ?? window.localStorage).setItem(
      options.tokenStorageKey ?? 'trello_token',
      token,
    );
  } catch {
    // Blocked: the message below carries it.
  }
  window.opener?.postMessage(token, window.location.origin);
  setTimeout(() => window.close(), CLOSED_POLL_MS);
}
