// SPDX-License-Identifier: MIT
// Messages that the browser words, not the library. The recording has Chromium's words; another
// browser's are written beside them under the same names.

/** "{0}" and "{1}" stand for what differs from case to case. @type {Record<string, Record<string, string>>} */
const MESSAGES = {
  chromium: {
    storageDenied:
      "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
    storageSandboxed:
      "Failed to read the 'localStorage' property from 'Window': The document is sandboxed and lacks the 'allow-same-origin' flag.",
    quota:
      "Failed to execute 'setItem' on 'Storage': Setting the value of '{0}' exceeded the quota.",
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
