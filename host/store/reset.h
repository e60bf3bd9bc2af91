/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_STORE_RESET_H
#define POWERUP_SECRETS_STORE_RESET_H

#include "store/store.h"

/* Forgets all that a store holds: items, plugin data, settings, calls, the current browser
 * profile. The root key stays, and what is true of the moment: which browsers run, how often plugin
 * data changed, this time included, and PROPERTY_FILLED, as browsers are not reset. Inside the
 * caller's transaction. */
MUST_CHECK enum status reset_store(struct store *store, struct failure *failure);

#endif
