/* SPDX-License-Identifier: MIT */
/* The methods of t, as extension/methods.json lists them, by which faults and answers are set. */
#ifndef POWERUP_SECRETS_CLI_METHOD_H
#define POWERUP_SECRETS_CLI_METHOD_H

#include "base/bytes.h"

/* The kinds of that table; extension/src/page/methods.js says what each is. */
enum method_kind {
    METHOD_SECRET,
    METHOD_DATA,
    METHOD_SHOWN,
    METHOD_READ,
    METHOD_ANSWERED,
    METHOD_LOCAL,
    METHOD_PROPERTY,
    METHOD_MISSING,
};

struct method {
    const char *name;
    enum method_kind kind;
    const char *command; /* what a page sends to Trello for it, or NULL */
    const char *fault;   /* of METHOD_DATA: the fault that it meets */
};

extern const struct method methods[];
extern const size_t method_count;

/* Names that a fault, and an answer, can be set for; both end with NULL. */
extern const char *const method_fault_names[];
extern const char *const method_answer_names[];

/* STATUS_BAD_REQUEST: the name is none of these; *failure says why, and which one was meant. */
MUST_CHECK enum status method_check_fault(struct view name, struct failure *failure);
MUST_CHECK enum status method_check_answer(struct view name, struct failure *failure);

#endif
