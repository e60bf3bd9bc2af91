/* SPDX-License-Identifier: MIT */
/* What the tests of opening a store stand on. */
#ifndef POWERUP_SECRETS_STORE_SCENE_H
#define POWERUP_SECRETS_STORE_SCENE_H

#include "store/store.h"

/* Opens a store, or fails the test. */
struct store *open_store(const char *folder);

/* Opens and closes a store, or fails the test. */
void assert_opens(const char *folder);

/* A folder with a store that was made and closed, as folder_new gives it. */
struct bytes folder_with_store(void);

/* The bytes of a file in a folder, owned by the caller; {NULL, 0} when it is not there. */
struct bytes content_of(const char *folder, const char *name);

/* Opening fails, says how to fix it, and leaves database and root key as they were. */
void assert_untouched_failure(const char *folder, enum status status, const char *fix);

#endif
