// SPDX-License-Identifier: MIT
// Messages that the browser words, not the library. The recording has Chromium's words; another
// browser's are written beside them under the same names.

const OPERATION_FAILED = 'The operation failed for an operation-specific reason';

/** "{0}" and "{1}" stand for what differs from case to case. @type {Record<string, Record<string, string>>} */
const MESSAGES = {
  chromium: {
    storageDenied:
      "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
    storageSandboxed:
      "Failed to read the 'localStorage' property from 'Window': The document is sandboxed and lacks the 'allow-same-origin' flag.",
    quota:
      "Failed to execute 'setItem' on 'Storage': Setting the value of '{0}' exceeded the quota.",
    quotaByName:
      "Failed to set a named property '{0}' on 'Storage': Setting the value of '{0}' exceeded the quota.",
    noSubtle: "Cannot read properties of undefined (reading 'digest')",
    readProperty: "Cannot read properties of {0} (reading '{1}')",
    encodeSymbol:
      "Failed to execute 'encode' on 'TextEncoder': Cannot convert a Symbol value to a string",
    encodeObject:
      "Failed to execute 'encode' on 'TextEncoder': Cannot convert object to primitive value",
    symbolToString: 'Cannot convert a Symbol value to a string',
    objectToPrimitive: 'Cannot convert object to primitive value',
    nothingToObject: 'Cannot convert undefined or null to object',
    notAFunction: '{0} is not a function',
    keyLength: 'AES key data must be 128 or 256 bits',
    key192: '192-bit AES keys are not supported',
    ivLength: 'Decryption failed. Message: The "iv" has an unexpected length -- must be 16 bytes',
    decryption: 'Decryption failed. Message: ',
    bigint: 'Do not know how to serialize a BigInt',
    circular:
      "Converting circular structure to JSON\n    --> starting at object with constructor '{0}'\n    --- property '{1}' closes the circle",
  },
  firefox: {
    storageDenied: 'The operation is insecure.',
    storageSandboxed:
      "Window.localStorage getter: Forbidden in a sandboxed document without the 'allow-same-origin' flag.",
    quota: 'The quota has been exceeded.',
    quotaByName: 'The quota has been exceeded.',
    noSubtle: 'can\'t access property "digest", window.crypto.subtle is undefined',
    readProperty: 'can\'t access property "{1}", window.localStorage is {0}',
    encodeSymbol: "can't convert symbol to string",
    symbolToString: "can't convert symbol to string",
    nothingToObject: "can't convert null to object",
    keyLength: 'Data provided to an operation does not meet requirements',
    ivLength: `Decryption failed. Message: ${OPERATION_FAILED}`,
    notAFunction: '{0} is not a function',
    bigint: "BigInt value can't be serialized in JSON",
    circular: 'cyclic object value',
    decryption: `Decryption failed. Message: ${OPERATION_FAILED}`,
  },
};

/** @param {string} template */
function patternOf(template) {
  const escaped = template.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\\\{\d\\\}/g, '(.+?)')}$`, 's');
}

const RECORDED = Object.entries(MESSAGES.chromium).map(
  ([name, template]) => /** @type {const} */ ([name, patternOf(template)]),
);

/**
 * @param {string} browser
 * @param {string} recorded  a message of the library, or Chromium's
 * @returns {string}  what it is in that browser
 */
export function messageIn(browser, recorded) {
  for (const [name, pattern] of RECORDED) {
    const found = pattern.exec(recorded);
    const template = MESSAGES[browser]?.[name];
    if (found !== null && template === undefined) {
      throw new Error(`nobody has written down how ${browser} words "${recorded}"`);
    }
    if (found !== null) {
      return template.replace(/\{(\d)\}/g, (_, number) => found[Number(number) + 1]);
    }
  }
  return recorded;
}
