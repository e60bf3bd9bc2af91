/* SPDX-License-Identifier: MIT */
/* The record of what pages called, for the tester. Details may hold what a page keeps, so they are
 * sealed. Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_CALLS_H
#define POWERUP_SECRETS_CALLS_H

#include "store.h"

/* The newest that are kept; each further one makes the oldest go. */
enum { CALLS_KEPT_MAX = 50000 };

struct call {
    int64_t at; /* milliseconds since 1970 */
    struct view origin;
    struct view method;
    struct view problem; /* what would hurt in Trello; data is NULL when there is none */
    struct view detail;  /* JSON text */
};

MUST_CHECK enum status calls_append(struct store *store, const struct call *call,
                                    struct failure *failure);

#endif
