/* SPDX-License-Identifier: MIT */
/* What cipher and seal share of the PSA Crypto API. */
#ifndef POWERUP_SECRETS_STORE_CRYPTO_H
#define POWERUP_SECRETS_STORE_CRYPTO_H

#include "base/bytes.h"

#include <psa/crypto.h>

enum { CRYPTO_SHA256_SIZE = 32 };

/* Must succeed once before anything else of the crypto modules; repeating it is harmless. */
MUST_CHECK enum status crypto_start(void);

/* Explicit map: out of memory stays out of memory, a failed check is STATUS_DAMAGED, and what
 * is unexpected is STATUS_CRYPTO_FAILED. */
enum status crypto_status(psa_status_t status);

MUST_CHECK enum status crypto_random(void *ret_bytes, size_t size);

/* Imports a volatile key for one algorithm. The caller destroys it, always: some builds have 32
 * key slots for all of a process's life. */
MUST_CHECK enum status crypto_import(psa_key_type_t type, psa_algorithm_t algorithm,
                                     psa_key_usage_t usage, struct view key, psa_key_id_t *ret_key);

/* An owned local, destroyed unless it is 0: KEY_AUTO key = 0; */
#define KEY_AUTO __attribute__((cleanup(crypto_destroy_key))) psa_key_id_t
void crypto_destroy_key(psa_key_id_t *key);

#endif
