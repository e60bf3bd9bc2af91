/* SPDX-License-Identifier: MIT */
/* The store's own settings: named values that belong to neither browser nor Trello. */
#ifndef POWERUP_SECRETS_STORE_PROPERTY_H
#define POWERUP_SECRETS_STORE_PROPERTY_H

#include "store/store.h"

/* Which browser's items are in use where the environment does not say it; missing for "default". */
#define PROPERTY_BROWSER_PROFILE "browser_profile"

/* "off" where a frame shares the storage of its origin's top-level pages; missing for "on". */
#define PROPERTY_PARTITION "partition"

/* Present once the storage mode "full" has been set in this store, whose entry may since then be
 * left in a localStorage. A reset keeps it. */
#define PROPERTY_FILLED "filled"

/* How often items changed (see revisions.h). A reset keeps it. */
#define PROPERTY_ITEMS_REVISION "items_revision"

/* On STATUS_OK the caller owns *ret_value. STATUS_ABSENT: there is no setting of that name. */
MUST_CHECK enum status property_read(struct store *store, const char *name, struct bytes *ret_value,
                                     struct failure *failure);

/* Sets it, or replaces what is set. */
MUST_CHECK enum status property_write(struct store *store, const char *name, struct view value,
                                      struct failure *failure);

#endif
