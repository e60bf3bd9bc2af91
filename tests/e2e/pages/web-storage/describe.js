// SPDX-License-Identifier: MIT
// Any value as text, with all of it that a page could tell apart.

/** Longer texts are shown by their length. */
const LONG = 200;

const sourceOf = (value) => Function.prototype.toString.call(value).replaceAll(/\s+/g, ' ');

function describeError(error) {
  const { constructor, name, message, code } = error;
  const isDomException = error instanceof DOMException;
  return `${constructor?.name} ${JSON.stringify([name, message, code, isDomException, typeof error.stack])}`;
}

function describeObject(value) {
  if (Array.isArray(value)) {
    return `[${value.map(describe).join(', ')}]`;
  }
  if ('message' in value && 'name' in value) {
    return describeError(value);
  }
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') {
    return `${tag} of ${Object.getPrototypeOf(value).constructor.name}`;
  }
  const members = Reflect.ownKeys(value).map((name) => `${String(name)}: ${describe(value[name])}`);
  return `{${members.join(', ')}}`;
}

/** @param {unknown} value @returns {string} */
export function describe(value) {
  if (typeof value === 'string') {
    return value.length > LONG ? `${value.length} units` : JSON.stringify(value);
  }
  if (typeof value === 'function') {
    return `${sourceOf(value)} ${JSON.stringify([value.name, value.length, 'prototype' in value])}`;
  }
  return value instanceof Object || (typeof value === 'object' && value !== null)
    ? describeObject(value)
    : String(value);
}

/** What a function returns or throws. @param {() => unknown} act @returns {string} */
export function outcomeOf(act) {
  try {
    return describe(act());
  } catch (error) {
    return `throws ${describe(error)}`;
  }
}

/** All that an object has of its own, but not further up. @param {object} object @returns {string[]} */
export function ownProperties(object) {
  return Reflect.ownKeys(object).map(
    (name) => `${String(name)} ${describe(Object.getOwnPropertyDescriptor(object, name))}`,
  );
}
