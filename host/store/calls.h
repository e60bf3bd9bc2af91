/* SPDX-License-Identifier: MIT */
/* What pages called, for the tester. Details may hold what a page keeps, so they are sealed. Every
 * function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_CALLS_H
#define POWERUP_SECRETS_STORE_CALLS_H

#include "store/store.h"

/* How many are kept, and how many bytes their sealed details, origins and names may take; what is
 * more removes the oldest. What was removed is counted for this many origins, and for all further
 * ones together. */
enum {
    CALLS_KEPT_MAX = 50000,
    CALLS_BYTES_MAX = 32 * 1024 * 1024,
    CALLS_LOST_ORIGINS_MAX = 1000,
};

/* The longest id of a document, the longest method or problem, and the longest detail, in bytes.
 * The extension cuts what is longer, at 256 and 8,192 UTF-16 code units. */
enum { CALL_PAGE_SIZE_MAX = 64, CALL_NAME_SIZE_MAX = 1024, CALL_DETAIL_SIZE_MAX = 32 * 1024 };

/* The last time that a Date of JavaScript can have. */
#define CALL_TIME_MAX ((int64_t)8640000000000000)

struct call {
    int64_t at; /* milliseconds since 1970 */
    struct view origin;
    struct view method;
    struct view problem; /* what would fail in Trello; data is NULL when there is none */
    struct view detail;  /* JSON text */
    struct view page;    /* the document that made it; data is NULL when it is not known */
};

MUST_CHECK enum status calls_append(struct store *store, const struct call *call,
                                    struct failure *failure);

/* Which calls to visit. */
struct call_filter {
    struct view origin; /* size 0: of all origins */
    bool only_problems;
    long last; /* how many of the newest; 0: all */
};

/* Calls a function with each call that a filter lets through, oldest first. Calls that were removed
 * are one call of the method "calls" for each origin, with the problem "calls-lost", and older than
 * all that are kept; its origin is empty where it stands for further origins, and every filter lets
 * that one through. The views last until the function returns; a status that is not STATUS_OK ends
 * the listing and is returned. STATUS_DAMAGED: a detail was changed from outside. */
typedef enum status (*call_visitor)(void *context, const struct call *call,
                                    struct failure *failure);
MUST_CHECK enum status calls_visit(struct store *store, const struct call_filter *filter,
                                   call_visitor visit, void *context, struct failure *failure);

/* Forgets the calls of one origin or, where it has size 0, of all; those that were removed, too. */
MUST_CHECK enum status calls_clear(struct store *store, struct view origin,
                                   struct failure *failure);

#endif
