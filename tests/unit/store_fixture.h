/* SPDX-License-Identifier: MIT */
/* Shared by the tests that open a store. */
#ifndef POWERUP_SECRETS_STORE_FIXTURE_H
#define POWERUP_SECRETS_STORE_FIXTURE_H

#include "store/store.h"

/* Opens a store, or fails the test. */
struct store *open_store(const char *folder);

/* Opens and closes a store, or fails the test. */
void assert_opens(const char *folder);

/* A folder from folder_new with a store that was created and closed. */
struct bytes folder_with_store(void);

/* The bytes of a file in a folder, owned by the caller; {NULL, 0} if it does not exist. */
struct bytes content_of(const char *folder, const char *name);

/* Opening fails, says how to fix it, and leaves database and root key as they were. */
void assert_untouched_failure(const char *folder, enum status status, const char *fix);

#endif
