/* SPDX-License-Identifier: MIT */
/* The store's own settings: named values that belong to neither browser nor Trello. */
#ifndef POWERUP_SECRETS_SETTING_H
#define POWERUP_SECRETS_SETTING_H

#include "store.h"

/* On STATUS_OK the caller owns *ret_value. STATUS_ABSENT: there is no setting of that name. */
MUST_CHECK enum status setting_read(struct store *store, const char *name, struct bytes *ret_value,
                                    struct failure *failure);

/* For a name that is not there yet. */
MUST_CHECK enum status setting_insert(struct store *store, const char *name, struct view value,
                                      struct failure *failure);

#endif
