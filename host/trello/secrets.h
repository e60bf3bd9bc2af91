/* SPDX-License-Identifier: MIT */
/* The three secret calls of Trello's library: which slot, which key, in which order. Each is one
 * transaction; when it returns STATUS_OK, the change is durable. */
#ifndef POWERUP_SECRETS_TRELLO_SECRETS_H
#define POWERUP_SECRETS_TRELLO_SECRETS_H

#include "store/items.h"
#include "trello/cipher.h"

struct secret_place {
    struct storage_key storage_key;
    struct view member; /* the member's id, whose AES key it is */
    struct view key;    /* the caller's name for the secret */
    struct view slot;   /* that of member and key, if the caller has made it; else data is NULL */
};

/* What a secret becomes: an entry of localStorage. */
struct stored_secret {
    char slot[CIPHER_SLOT_SIZE]; /* no NUL */
    struct bytes value;
    bool made_key; /* the member had no AES key before */
};
#define STORED_SECRET_AUTO __attribute__((cleanup(stored_secret_free))) struct stored_secret
void stored_secret_free(struct stored_secret *stored);

/* Stores a UTF-8 secret after the digest of `digest_of` (see cipher_encrypt), and makes the
 * member's AES key when there is none. On STATUS_OK the caller owns *ret_stored.
 * STATUS_LIBRARY_ERROR: *failure is what the library rejects with; nothing has changed. */
MUST_CHECK enum status secrets_store(struct store *store, const struct secret_place *place,
                                     struct view digest_of, struct view secret,
                                     struct stored_secret *ret_stored, struct failure *failure);

/* Decrypts the kept item or, where the data of `value` is not NULL, that value instead. On
 * STATUS_OK the caller owns *ret_secret (UTF-8). STATUS_ABSENT: the value is empty or there is
 * none; with the fidelity "library" also: the member has no AES key. STATUS_LIBRARY_ERROR:
 * *failure is what a page is rejected with. */
MUST_CHECK enum status secrets_load(struct store *store, const struct secret_place *place,
                                    struct view value, struct bytes *ret_secret,
                                    struct failure *failure);

/* Empties the slot; STATUS_OK too when it was empty. The member's AES key stays. */
MUST_CHECK enum status secrets_clear(struct store *store, const struct secret_place *place,
                                     struct failure *failure);

/* The cipher alone, without a store: for pages whose plugin data is elsewhere. */

/* Encrypts for a place, of which the storage key does not matter, under the AES key `aescbc` (hex),
 * or under a new one when it is empty. On STATUS_OK the caller owns *ret_stored and *ret_aescbc,
 * which is the key in hex as it was given or made. STATUS_LIBRARY_ERROR as in cipher_key_parse and
 * cipher_encrypt. */
MUST_CHECK enum status secrets_encrypt(const struct secret_place *place, struct view aescbc,
                                       struct view digest_of, struct view secret,
                                       struct stored_secret *ret_stored, struct bytes *ret_aescbc,
                                       struct failure *failure);

/* On STATUS_OK the caller owns *ret_secret. STATUS_LIBRARY_ERROR as in cipher_key_parse and
 * cipher_decrypt; the key is looked at before the value. */
MUST_CHECK enum status secrets_decrypt(struct view aescbc, struct view value,
                                       struct bytes *ret_secret, struct failure *failure);

#endif
