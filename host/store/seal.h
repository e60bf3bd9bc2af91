/* SPDX-License-Identifier: MIT */
/* Sealing at rest: AES-256-GCM under a key derived from the root key by HKDF-SHA-256.
 *
 * A sealed value is: version byte 1, 12 random nonce bytes, ciphertext, 16 tag bytes. The
 * authenticated data are the version byte and the fields that say where the value belongs, each
 * after its length as four bytes, most significant first, so that no two places look alike. */
#ifndef POWERUP_SECRETS_STORE_SEAL_H
#define POWERUP_SECRETS_STORE_SEAL_H

#include "base/bytes.h"

#include <psa/crypto.h>

enum { SEAL_ROOT_KEY_SIZE = 32, SEAL_ROOT_KEY_ID_SIZE = 16 };

struct seal {
    psa_key_id_t key;
    /* Tells root keys apart without giving any of them away: other output of the same HKDF. */
    uint8_t root_key_id[SEAL_ROOT_KEY_ID_SIZE];
};

/* Derives the sealing key. On STATUS_OK the caller calls seal_free once. */
MUST_CHECK enum status seal_init(const uint8_t root_key[SEAL_ROOT_KEY_SIZE], struct seal *ret_seal);
void seal_free(struct seal *seal);

/* Seals a text for one place. On STATUS_OK the caller owns *ret_sealed. */
MUST_CHECK enum status seal_close(const struct seal *seal, const struct view *place,
                                  size_t place_fields, struct view text, struct bytes *ret_sealed);

/* Opens it again. STATUS_DAMAGED: changed, of another place, or under another root key. */
MUST_CHECK enum status seal_open(const struct seal *seal, const struct view *place,
                                 size_t place_fields, struct view sealed, struct bytes *ret_text);

#endif
