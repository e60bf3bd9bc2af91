// SPDX-License-Identifier: MIT
// t.authorize: opens a window and waits for its token, which comes in one of the library's three ways.

const WIDTH = 800;
const HEIGHT = 600;

/** @param {any} data  of a message event */
function* requestsIn(data) {
  const items = data?.type === 'bulk' && Array.isArray(data.data) ? data.data : [data];
  for (const item of items) {
    if (item?.type === 'request' && item.data) {
      yield item.data;
    }
  }
}

/**
 * @param {any} Promise  the promise class of the library
 * @param {any} address  a URL, or a function that gets a secret and returns a URL
 * @param {any} options
 */
export function authorize(Promise, address, options = {}) {
  if (typeof address !== 'string' && typeof address !== 'function') {
    console.warn('t.authorize takes a URL, or a function that gets a secret and returns a URL.');
    throw new Error('Invalid arguments passed to authorize');
  }
  const secret = crypto.randomUUID();
  const url = typeof address === 'string' ? address : address(secret);
  const isValid = typeof options.validToken === 'function' ? options.validToken : () => true;
  const width = options.width || WIDTH;
  const height = options.height || HEIGHT;
  const left = window.screenX + Math.floor((window.outerWidth - width) / 2);
  const top = window.screenY + Math.floor((window.outerHeight - height) / 2);
  const page = /** @type {any} */ (window);

  return new Promise((/** @type {(token: any) => void} */ resolve) => {
    /** @type {Window | null} */
    let opened;
    /** @param {any} token */
    function take(token) {
      if (!token || !isValid(token)) {
        return false;
      }
      window.removeEventListener('storage', stored);
      window.removeEventListener('message', received);
      delete page.authorize;
      resolve(token);
      return true;
    }
    /** @param {StorageEvent} event */
    function stored(event) {
      if (event.key === 'token' && take(event.newValue)) {
        window.localStorage.removeItem('token');
      }
    }
    /** @param {MessageEvent} event */
    function received({ source, data }) {
      if (source === opened || data?.secret === secret) {
        for (const { command, args } of requestsIn(data)) {
          if (command === 'value') {
            take(args?.[0]?.token);
          }
        }
      }
    }
    window.addEventListener('storage', stored);
    if (typeof address === 'function') {
      window.addEventListener('message', received);
    } else {
      page.authorize = take;
    }
    opened = window.open(
      url,
      'authorize',
      `width=${width},height=${height},left=${left},top=${top}`,
    );
    if (typeof options.windowCallback === 'function') {
      options.windowCallback(opened);
    }
  });
}
