/* SPDX-License-Identifier: MIT */
/* Trello's side of the store: JSON texts that it keeps for a Power-Up, sealed at rest. Every
 * function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_PLUGIN_DATA_H
#define POWERUP_SECRETS_PLUGIN_DATA_H

#include "store.h"

struct plugin_data_place {
    struct view power_up;   /* the Power-Up's origin */
    struct view scope;      /* "member", "board", "card", "organization" */
    struct view owner;      /* the id of that member, board, … */
    struct view visibility; /* "private" or "shared" */
};

/* On STATUS_OK the caller owns *ret_text (UTF-8). STATUS_ABSENT: nothing is kept there.
 * STATUS_DAMAGED: what lies there is not what was put there. */
MUST_CHECK enum status plugin_data_get(struct store *store, const struct plugin_data_place *place,
                                       struct bytes *ret_text, struct failure *failure);

MUST_CHECK enum status plugin_data_set(struct store *store, const struct plugin_data_place *place,
                                       struct view text, struct failure *failure);

#endif
