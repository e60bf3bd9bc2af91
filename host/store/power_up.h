/* SPDX-License-Identifier: MIT */
/* Which Power-Up an origin belongs to. Every origin is a Power-Up of its own, named like the
 * origin, until it is declared to be part of another. Every function works inside the caller's
 * transaction. */
#ifndef POWERUP_SECRETS_STORE_POWER_UP_H
#define POWERUP_SECRETS_STORE_POWER_UP_H

#include "store/store.h"

/* The caller owns *ret_power_up. */
MUST_CHECK enum status power_up_of(struct store *store, struct view origin,
                                   struct bytes *ret_power_up, struct failure *failure);

/* Declares an origin to be part of a Power-Up. What was kept for the Power-Up that it left stays
 * there. Both Power-Ups have changed (see revisions.h), unless it was part of it before. */
MUST_CHECK enum status power_up_join(struct store *store, struct view power_up, struct view origin,
                                     struct failure *failure);

/* Makes an origin a Power-Up of its own again, in the same way; STATUS_OK too when it was one. */
MUST_CHECK enum status power_up_leave(struct store *store, struct view origin,
                                      struct failure *failure);

#endif
