/* SPDX-License-Identifier: MIT */
/* A member's AES key: the name "aescbc" in the private plugin data that a Power-Up keeps with the
 * member. Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_TRELLO_MEMBER_KEY_H
#define POWERUP_SECRETS_TRELLO_MEMBER_KEY_H

#include "store/store.h"

/* On STATUS_OK the caller owns *ret_key. STATUS_ABSENT: there is no key, or a value that is falsy
 * in JavaScript. STATUS_LIBRARY_ERROR: what is there is no key; *failure is what the library
 * rejects with. */
MUST_CHECK enum status member_key_get(struct store *store, struct view origin, struct view member,
                                      struct bytes *ret_key, struct failure *failure);

/* The same, but makes a new key where there is none, and then *ret_made is true. All other names in
 * the plugin data stay as they are. STATUS_LIBRARY_ERROR also when there is no room for the key. */
MUST_CHECK enum status member_key_get_or_make(struct store *store, struct view origin,
                                              struct view member, struct bytes *ret_key,
                                              bool *ret_made, struct failure *failure);

/* Replaces the key, usable or not, with a new one; makes one where there is none.
 * STATUS_LIBRARY_ERROR: there is no room for it. */
MUST_CHECK enum status member_key_rotate(struct store *store, struct view origin,
                                         struct view member, struct failure *failure);

#endif
