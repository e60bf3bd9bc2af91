/* SPDX-License-Identifier: MIT */
/* Trello's side of the store: JSON texts that it keeps for a Power-Up, sealed at rest. Every
 * function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_PLUGIN_DATA_H
#define POWERUP_SECRETS_STORE_PLUGIN_DATA_H

#include "store/store.h"

/* Each viewer has a private text of their own on a board, card or organization. For shared texts,
 * and in scope member, where the owner is that member, the viewer is ignored. */
struct plugin_data_place {
    struct view origin;     /* of the Power-Up, or one of its origins (see power_up.h) */
    struct view scope;      /* "board", "card", "member", "organization" */
    struct view owner;      /* the id of that board, card, … */
    struct view visibility; /* "shared" or "private" */
    struct view viewer;     /* the id of a member */
};

/* STATUS_BAD_REQUEST: scope or visibility is unknown, the owner is missing, or the viewer is
 * missing where it matters. The other functions do not check. */
MUST_CHECK enum status plugin_data_check(const struct plugin_data_place *place,
                                         struct failure *failure);

/* On STATUS_OK the caller owns *ret_text (UTF-8). STATUS_ABSENT: nothing is kept there.
 * STATUS_DAMAGED: the text was changed or moved from outside. */
MUST_CHECK enum status plugin_data_get(struct store *store, const struct plugin_data_place *place,
                                       struct bytes *ret_text, struct failure *failure);

/* Nothing is written, and no number grows (see revisions.h), where the same text is kept. */
MUST_CHECK enum status plugin_data_set(struct store *store, const struct plugin_data_place *place,
                                       struct view text, struct failure *failure);

/* STATUS_OK too when nothing was kept. */
MUST_CHECK enum status plugin_data_remove(struct store *store,
                                          const struct plugin_data_place *place,
                                          struct failure *failure);

/* Forgets all that one member alone sees of a Power-Up: the private text of scope member, and those
 * of the other scopes that have this viewer. */
MUST_CHECK enum status plugin_data_remove_personal(struct store *store, struct view origin,
                                                   struct view member, struct failure *failure);

#endif
