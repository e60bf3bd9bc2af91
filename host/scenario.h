/* SPDX-License-Identifier: MIT */
/* The settings of the scene that pages play in. Each is kept for one origin or, under the origin
 * "", for all; an origin's own goes first. Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_SCENARIO_H
#define POWERUP_SECRETS_SCENARIO_H

#include "store.h"

/* X(constant, value): what the setting "fidelity" may be; the first when nothing is set. */
#define FIDELITY_LIST(X)                                                                           \
    X(FIDELITY_DOCUMENTED, "documented") /* what Trello's documentation promises */                \
    X(FIDELITY_LIBRARY, "library")       /* its library to the letter */

#define FIDELITY_CONSTANT(constant, value) constant,
enum fidelity { FIDELITY_LIST(FIDELITY_CONSTANT) };
#undef FIDELITY_CONSTANT

/* Static text. */
const char *fidelity_name(enum fidelity fidelity);

/* The fidelity for an origin. STATUS_BAD_REQUEST: what is kept is none of the list; *failure names
 * it. */
MUST_CHECK enum status scenario_fidelity(struct store *store, struct view origin,
                                         enum fidelity *ret_fidelity, struct failure *failure);

/* The value of any setting for an origin, owned by the caller. STATUS_ABSENT: nothing is set. */
MUST_CHECK enum status scenario_get(struct store *store, struct view origin, const char *name,
                                    struct bytes *ret_value, struct failure *failure);

/* STATUS_BAD_REQUEST: there is no such setting, or it cannot be that. */
MUST_CHECK enum status scenario_set(struct store *store, struct view origin, const char *name,
                                    struct view value, struct failure *failure);

/* Takes back what scenario_set put for the same origin; STATUS_OK too when nothing was set. */
MUST_CHECK enum status scenario_remove(struct store *store, struct view origin, const char *name,
                                       struct failure *failure);

#endif
