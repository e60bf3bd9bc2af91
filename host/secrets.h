/* SPDX-License-Identifier: MIT */
/* The three secret calls of Trello's library: which slot, which key, in which order. Each is one
 * transaction; when it returns STATUS_OK, the change is durable. */
#ifndef POWERUP_SECRETS_SECRETS_H
#define POWERUP_SECRETS_SECRETS_H

#include "cipher.h"
#include "items.h"

struct secret_place {
    struct storage_key storage_key;
    struct view member; /* the member's id, whose AES key it is */
    struct view key;    /* the caller's name for the secret */
};

/* Stores a UTF-8 secret behind the digest of `digest_of` (see cipher_encrypt), and makes the
 * member's AES key when there is none. On STATUS_OK *ret_slot is the slot's name (no NUL) and the
 * caller owns *ret_value, the text of the slot. */
MUST_CHECK enum status secrets_store(struct store *store, const struct secret_place *place,
                                     struct view digest_of, struct view secret,
                                     char ret_slot[CIPHER_SLOT_SIZE], struct bytes *ret_value,
                                     struct failure *failure);

/* On STATUS_OK the caller owns *ret_secret (UTF-8). STATUS_ABSENT: the slot is empty, or the member
 * has no AES key. STATUS_LIBRARY_ERROR: *failure is what the library rejects with. */
MUST_CHECK enum status secrets_load(struct store *store, const struct secret_place *place,
                                    struct bytes *ret_secret, struct failure *failure);

/* Empties the slot; STATUS_OK too when it was empty. The member's AES key stays. */
MUST_CHECK enum status secrets_clear(struct store *store, const struct secret_place *place,
                                     struct failure *failure);

#endif
