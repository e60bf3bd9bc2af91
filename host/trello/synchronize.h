/* SPDX-License-Identifier: MIT */
/* Bringing a browser's own localStorage and the kept items of its storage key together. */
#ifndef POWERUP_SECRETS_TRELLO_SYNCHRONIZE_H
#define POWERUP_SECRETS_TRELLO_SYNCHRONIZE_H

#include "store/items.h"

/* One slot as a browser knows it: what both sides held when they last agreed, and what the browser
 * holds now. data is NULL where there was, or is, no entry. */
struct known_item {
    struct view slot;
    struct view base;
    struct view local;
};

/* Where only one side changed since the two agreed, its value is taken; where both did, the kept
 * one is. Kept slots that the browser does not list are new to it. One transaction; changes
 * are durable on STATUS_OK, and the caller owns *ret_changes: every slot whose value differs from
 * the browser's, with the value to take (data is NULL where the slot must be removed), in the order
 * of the slots' bytes. `known` is left in that order. The items' number is noted
 * (see revisions.h). STATUS_BAD_REQUEST: a slot is repeated, or is
 * not 64 lower-case hex digits. */
MUST_CHECK enum status items_synchronize(struct store *store, struct storage_key key,
                                         struct known_item *known, size_t count,
                                         struct item_list *ret_changes, struct failure *failure);

#endif
