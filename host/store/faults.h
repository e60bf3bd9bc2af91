/* SPDX-License-Identifier: MIT */
/* What the next calls of pages get instead of their answers. The host hands faults out, the page
 * applies them. Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_FAULTS_H
#define POWERUP_SECRETS_STORE_FAULTS_H

#include "store/store.h"

/* X(constant, name): what a fault does. */
#define FAULT_KIND_LIST(X)                                                                         \
    X(FAULT_ERROR, "error")      /* the call fails with an error */                                \
    X(FAULT_DELAY, "delay")      /* the call waits, then continues */                              \
    X(FAULT_NO_REPLY, "noReply") /* the call is never answered */

#define FAULT_KIND_CONSTANT(constant, name) constant,
enum fault_kind { FAULT_KIND_LIST(FAULT_KIND_CONSTANT) };
#undef FAULT_KIND_CONSTANT

/* Static text. */
const char *fault_kind_name(enum fault_kind kind);

/* The longest delay, and how often one fault may apply. */
enum { FAULT_DELAY_MAX_MS = 24 * 60 * 60 * 1000, FAULT_TIMES_MAX = 1000000 };

struct fault {
    struct view origin; /* size 0 for all */
    struct view op;     /* storeSecret, loadSecret, clearSecret, get, set, or as in `answer` */
    enum fault_kind kind;
    struct view error_class; /* these three of an error: constructor, name, message */
    struct view error_name;
    struct view message;
    int64_t delay_ms; /* of a delay */
    int64_t times_left;
};

MUST_CHECK enum status faults_add(struct store *store, const struct fault *fault,
                                  struct failure *failure);

/* Calls a function with each fault, oldest first. The views last until it returns; a status that is
 * not STATUS_OK ends the listing and is returned. */
typedef enum status (*fault_visitor)(void *context, const struct fault *fault,
                                     struct failure *failure);
MUST_CHECK enum status faults_list(struct store *store, fault_visitor visit, void *context,
                                   struct failure *failure);

/* STATUS_OK: a fault applies to a call. STATUS_ABSENT: none does. */
MUST_CHECK enum status faults_look(struct store *store, struct view origin, struct view op,
                                   struct failure *failure);

/* Uses the oldest fault that applies to a call once, and calls a function with it as in
 * faults_list. STATUS_ABSENT: none applies. */
MUST_CHECK enum status faults_take(struct store *store, struct view origin, struct view op,
                                   fault_visitor visit, void *context, struct failure *failure);

/* Removes the faults of one origin or, where it has size 0, all. */
MUST_CHECK enum status faults_clear(struct store *store, struct view origin,
                                    struct failure *failure);

#endif
