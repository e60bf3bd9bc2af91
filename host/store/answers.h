/* SPDX-License-Identifier: MIT */
/* Trello's answers to a page's questions (t.board(), t.card(), …): JSON texts, each for one origin
 * or, under the origin "", for all; an origin's own takes precedence. Every function works inside
 * the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_ANSWERS_H
#define POWERUP_SECRETS_STORE_ANSWERS_H

#include "store/store.h"

/* On STATUS_OK the caller owns *ret_json. STATUS_ABSENT: none is set. */
MUST_CHECK enum status answers_get(struct store *store, struct view origin, struct view method,
                                   struct bytes *ret_json, struct failure *failure);

/* STATUS_BAD_REQUEST: that is not JSON. */
MUST_CHECK enum status answers_set(struct store *store, struct view origin, struct view method,
                                   struct view json, struct failure *failure);

/* Removes what answers_set put for the same origin; STATUS_OK too when nothing was set. */
MUST_CHECK enum status answers_remove(struct store *store, struct view origin, struct view method,
                                      struct failure *failure);

/* The same for every origin and for all. */
MUST_CHECK enum status answers_forget(struct store *store, struct view method,
                                      struct failure *failure);

#endif
