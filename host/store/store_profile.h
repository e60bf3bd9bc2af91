/* SPDX-License-Identifier: MIT */
/* Whose items an open store is about. */
#ifndef POWERUP_SECRETS_STORE_STORE_PROFILE_H
#define POWERUP_SECRETS_STORE_STORE_PROFILE_H

#include "store/store.h"

/* Takes the browser profile from the environment, when it names one. */
MUST_CHECK enum status store_fix_profile(struct store *store, struct failure *failure);

/* Reads again what may change while the store is open. */
MUST_CHECK enum status store_refresh(struct store *store, struct failure *failure);

#endif
