/* SPDX-License-Identifier: MIT */
/* The format in which power-up.js 1.25.1 keeps a secret in localStorage: the slot name, and the
 * value "IV;CIPHERTEXT" in lower-case hex. AES-CBC with PKCS#7; the plaintext is the hex SHA-256 of
 * the secret, then the secret, both UTF-8. Recorded cases: tests/vectors/cipher.json.
 *
 * psa_crypto_init() must have succeeded before any of these is called. */
#ifndef POWERUP_SECRETS_TRELLO_CIPHER_H
#define POWERUP_SECRETS_TRELLO_CIPHER_H

#include "base/bytes.h"

enum {
    CIPHER_KEY_SIZE = 32,
    CIPHER_IV_SIZE = 16,
    CIPHER_DIGEST_DIGITS = 64,
    CIPHER_SLOT_SIZE = 64, /* characters, without a NUL */
};

/* The name of the localStorage entry: SHA-256 of "MEMBER:KEY" in lower-case hex. */
MUST_CHECK enum status cipher_slot(struct view member, struct view key,
                                   char ret_slot[CIPHER_SLOT_SIZE]);

/* STATUS_BAD_REQUEST: the text cannot be the name of such an entry. */
MUST_CHECK enum status cipher_check_slot(struct view slot, struct failure *failure);

/* Turns the text kept as `aescbc` into key bytes. STATUS_LIBRARY_ERROR: the error that the library
 * raises for such a text. Only its form is checked here, its length when the key is used. */
MUST_CHECK enum status cipher_key_parse(struct view digits, struct bytes *ret_key,
                                        struct failure *failure);

/* A new random key of CIPHER_KEY_SIZE bytes, or a new initialization vector; the caller owns it. */
MUST_CHECK enum status cipher_random(size_t size, struct bytes *ret_bytes);

/* Encrypts a UTF-8 secret after the digest of `digest_of`, which is the secret itself except where
 * the library converts a value to text in two ways. The key has 16 or 32 bytes (32 is what the
 * library makes, 16 works too), the iv CIPHER_IV_SIZE. On STATUS_OK the caller owns *ret_value,
 * ASCII, not NUL-terminated, of 33 + 32 * ((64 + secret.size) / 16 + 1) bytes.
 * STATUS_LIBRARY_ERROR: a key of another size. */
MUST_CHECK enum status cipher_encrypt(struct view key, struct view iv, struct view digest_of,
                                      struct view secret, struct bytes *ret_value,
                                      struct failure *failure);

/* Decrypts one stored value. On STATUS_OK the caller owns *ret_secret (UTF-8, not NUL-terminated,
 * may hold NUL). STATUS_LIBRARY_ERROR: *failure is the error that the library raises when the key
 * has a wrong size, the value is malformed, or padding or digest do not match. */
MUST_CHECK enum status cipher_decrypt(struct view key, struct view value, struct bytes *ret_secret,
                                      struct failure *failure);

#endif
