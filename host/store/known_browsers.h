/* SPDX-License-Identifier: MIT */
/* The browsers that have said hello, and their newest hosts. A process is known by its id and the
 * time of its start, because ids are used again. Whether a process still lives is not asked here.
 * Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_KNOWN_BROWSERS_H
#define POWERUP_SECRETS_STORE_KNOWN_BROWSERS_H

#include "store/store.h"

struct known_browser {
    int64_t pid;
    int64_t started; /* in clock ticks since the system's start, as /proc says it */
    int64_t host_pid;
    int64_t host_started;
    struct view name; /* as hello gave it */
};

/* Adds a browser, or replaces what is known of it. */
MUST_CHECK enum status known_browsers_set(struct store *store, const struct known_browser *browser,
                                          struct failure *failure);

/* Forgets the browser with this id and start; STATUS_OK too when it was not known. */
MUST_CHECK enum status known_browsers_forget(struct store *store, int64_t pid, int64_t started,
                                             struct failure *failure);

/* Calls a function with each browser in the order of their ids. The view lasts until it returns; a
 * status that is not STATUS_OK ends the listing and is returned. */
typedef enum status (*known_browser_visitor)(void *context, const struct known_browser *browser,
                                             struct failure *failure);
MUST_CHECK enum status known_browsers_visit(struct store *store, known_browser_visitor visit,
                                            void *context, struct failure *failure);

#endif
