/* SPDX-License-Identifier: MIT */
/* Which plugin data have changed: each Power-Up has a number that grows with every change of its
 * plugin data, and of the origins that it consists of. No number is given twice, so an origin that
 * moves to another Power-Up gets one that it has not had. Every function works inside the caller's
 * transaction. */
#ifndef POWERUP_SECRETS_STORE_REVISIONS_H
#define POWERUP_SECRETS_STORE_REVISIONS_H

#include "store/store.h"

/* Notes a change of one Power-Up (see power_up.h). */
MUST_CHECK enum status revisions_grow(struct store *store, struct view power_up,
                                      struct failure *failure);

/* Notes a change of every Power-Up that has plugin data, or that an origin was declared to be part
 * of, and of those origins. */
MUST_CHECK enum status revisions_grow_all(struct store *store, struct failure *failure);

/* Whether a number has grown since revisions_take_growth was called last; what was rolled back does
 * not count. */
bool revisions_have_grown(const struct store *store);
bool revisions_take_growth(struct store *store);

/* The largest number that was given; 0 when none was. */
MUST_CHECK enum status revisions_latest(struct store *store, int64_t *ret_number,
                                        struct failure *failure);

/* Calls a function with each origin of the Power-Up that `origin` belongs to or, where it has size
 * 0, of all Power-Ups, in the order of the origins; only with those whose number is above 0. The
 * view lasts until it returns; a status that is not STATUS_OK ends the listing and is returned. */
typedef enum status (*revision_visitor)(void *context, struct view origin, int64_t number,
                                        struct failure *failure);
MUST_CHECK enum status revisions_visit(struct store *store, struct view origin,
                                       revision_visitor visit, void *context,
                                       struct failure *failure);

/* The items of all storage keys, and which of them are in use (the browser profile, whether storage
 * is partitioned), share one number. It grows once in a transaction that changes any. */
MUST_CHECK enum status revisions_grow_items(struct store *store, struct failure *failure);

/* The items' number; 0: there never was an item. */
MUST_CHECK enum status revisions_items(struct store *store, int64_t *ret_number,
                                       struct failure *failure);

/* Notes the items' number, as growth does, for the answer to an operation. */
MUST_CHECK enum status revisions_note_items(struct store *store, struct failure *failure);

/* The number that was noted since this was called last; 0: none was. */
int64_t revisions_take_items(struct store *store);

#endif
