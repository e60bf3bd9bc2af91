// SPDX-License-Identifier: MIT
// What a page's localStorage does in each storage mode. With `enabled` it is the browser's own.

/** @typedef {'enabled' | 'denied' | 'missing' | 'full'} StorageMode */

/** The browser's own messages. */
const MESSAGES = {
  chromium: {
    denied:
      "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
    /** @param {string} name */
    setItem: (name) =>
      `Failed to execute 'setItem' on 'Storage': Setting the value of '${name}' exceeded the quota.`,
    /** @param {string} name */
    property: (name) =>
      `Failed to set a named property '${name}' on 'Storage': Setting the value of '${name}' exceeded the quota.`,
  },
  firefox: {
    denied: 'The operation is insecure.',
    setItem: () => 'The quota has been exceeded.',
    property: () => 'The quota has been exceeded.',
  },
};
const messages = MESSAGES[BROWSER];

const native = Object.getOwnPropertyDescriptor(window, 'localStorage');
const { apply } = Reflect;
const { captureStackTrace } = /** @type {any} */ (Error);
const QuotaExceeded = /** @type {any} */ (globalThis).QuotaExceededError;

/**
 * @template {Error} E
 * @param {E} error
 * @returns {E}  with a stack, which a browser's own errors have
 */
function withStack(error) {
  captureStackTrace?.(error, withStack);
  return error;
}

/** @param {string} message */
function quotaError(message) {
  return withStack(
    typeof QuotaExceeded === 'function'
      ? new QuotaExceeded(message)
      : new DOMException(message, 'QuotaExceededError'),
  );
}

/**
 * A storage that can be read but has no room.
 *
 * @param {Storage} storage
 */
function full(storage) {
  /** @type {Map<Function, Function>} */
  const methods = new Map();
  /** @param {string | symbol} name */
  const refuse = (name) => {
    throw quotaError(messages.property(String(name)));
  };
  return new Proxy(storage, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function' || Object.hasOwn(target, name)) {
        return value;
      }
      if (!methods.has(value)) {
        methods.set(
          value,
          new Proxy(value, {
            apply(method, self, args) {
              if (name === 'setItem' && args.length >= 2) {
                throw quotaError(messages.setItem(`${args[0]}`));
              }
              return apply(method, self === window.localStorage ? target : self, args);
            },
          }),
        );
      }
      return methods.get(value);
    },
    set: (_target, name) => refuse(name),
    defineProperty: (_target, name) => refuse(name),
  });
}

/** @type {Storage | undefined} */
let fullStorage;

/** What reading window.localStorage does in each mode. @type {Record<string, (read: () => Storage) => any>} */
const READS = {
  denied() {
    throw withStack(new DOMException(messages.denied, 'SecurityError'));
  },
  missing: () => null,
  full(read) {
    fullStorage ??= full(read());
    return fullStorage;
  },
};

/** @type {string} */
let current = 'enabled';

/**
 * Sets the storage mode.
 *
 * @param {string} mode
 */
export function setStorageMode(mode) {
  if (mode === current || native?.get === undefined) {
    return;
  }
  current = mode;
  const read = READS[mode];
  Object.defineProperty(window, 'localStorage', {
    ...native,
    get:
      read === undefined
        ? native.get
        : // A proxy keeps the native getter's name and source text.
          new Proxy(native.get, {
            apply: (getter, self, args) => read(() => apply(getter, self, args)),
          }),
  });
}
