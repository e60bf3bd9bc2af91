// SPDX-License-Identifier: MIT
// How the library converts a page's values to text and bytes.

/** A byte order mark is part of the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const subtle = window.crypto?.subtle;
const digest = subtle?.digest;

/**
 * The text as UTF-8 can encode it: each lone surrogate becomes U+FFFD. Values that are not strings are
 * converted by TextEncoder, with its errors.
 *
 * @param {any} value
 * @returns {string}
 */
export function encodable(value) {
  return decoder.decode(new TextEncoder().encode(value));
}

/**
 * The two conversions of a secret: the library digests one text and stores the other.
 *
 * @param {any} data
 * @returns {{data: string, digestOf?: string}}
 */
export function secretTexts(data) {
  const digestOf = encodable(data);
  const text = encodable('' + data);
  return digestOf === text ? { data: text } : { data: text, digestOf };
}

/**
 * @param {string} text
 * @returns {number}  the length of the secret's localStorage value in UTF-16 code units: IV, semicolon
 *   and ciphertext, in hex
 */
export function valueLength(text) {
  const plaintext = 64 + new TextEncoder().encode(text).length;
  return 33 + 32 * (Math.floor(plaintext / 16) + 1);
}

/**
 * The name of the localStorage entry: SHA-256 in hex. In a page that has no WebCrypto this throws
 * the library's TypeError.
 *
 * @param {string} text  MEMBER:KEY
 * @returns {Promise<string>}
 */
export async function slotOf(text) {
  if (typeof window.crypto !== 'object' || window.crypto === null) {
    throw new Error('Browser not supported.');
  }
  void window.crypto.subtle.digest;
  const hash = await digest.call(subtle, 'SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
