/* SPDX-License-Identifier: MIT */
/* Shared by the tests of the cipher: one key and one initialization vector. */
#ifndef POWERUP_SECRETS_CIPHER_FIXTURE_H
#define POWERUP_SECRETS_CIPHER_FIXTURE_H

#include "trello/cipher.h"

#define KEY "cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f"
#define IV  "2a62626c5b125ff434aaad4eb9b76977"

#define PADDING_MESSAGE   "Decryption failed. Message: "
#define INTEGRITY_MESSAGE "Decryption failed. Unable to validate integrity."

/* KEY and IV as bytes, between cipher_start and cipher_stop. */
extern struct bytes key;
extern struct bytes iv;

/* Group set-up and tear-down. */
int cipher_start(void **state);
int cipher_stop(void **state);

void assert_decrypts(struct view value, struct view expected);
/* Decryption fails with an Error of the library, and returns nothing. */
void assert_refused(struct view value, bool operational, const char *message);

#endif
