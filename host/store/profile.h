/* SPDX-License-Identifier: MIT */
/* The names of browser profiles: each has items of its own. */
#ifndef POWERUP_SECRETS_STORE_PROFILE_H
#define POWERUP_SECRETS_STORE_PROFILE_H

#include "base/bytes.h"

/* The longest name. */
enum { PROFILE_SIZE_MAX = 64 };

/* STATUS_BAD_REQUEST: no browser profile can have that name. `where` says what to fix. */
MUST_CHECK enum status profile_check(struct view name, const char *where, struct failure *failure);

#endif
