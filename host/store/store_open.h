/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_STORE_STORE_OPEN_H
#define POWERUP_SECRETS_STORE_STORE_OPEN_H

#include "store/store.h"

/* Opens the store in a folder, and makes folder, database and root key where they are missing.
 * Several processes may have it open. On STATUS_OK the caller calls store_close. *failure
 * says what failed, with the fix; nothing that was there is overwritten. */
MUST_CHECK enum status store_open(const char *folder, struct store **ret_store,
                                  struct failure *failure);

/* Whether a folder has a store, or it cannot be told: opening it says why. */
bool store_exists(const char *folder);

/* An empty store in memory, for reading where there is none yet; it is gone when it is closed. On
 * STATUS_OK the caller calls store_close. */
MUST_CHECK enum status store_open_empty(struct store **ret_store, struct failure *failure);

#endif
