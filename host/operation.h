/* SPDX-License-Identifier: MIT */
/* What a browser may ask the host for. An operation is one row of the table in operation.c and one
 * function; docs/protocol.md says what each takes and gives. */
#ifndef POWERUP_SECRETS_OPERATION_H
#define POWERUP_SECRETS_OPERATION_H

#include "json_text.h"
#include "store.h"

/* Both sides say it in `hello`, and it changes whenever a message changes its meaning. */
enum { PROTOCOL_VERSION = 1 };

/* One connection to one browser. */
struct session {
    struct store *store; /* NULL before a successful hello */
};

void session_end(struct session *session);

/* A member that a request may have beside `id` and `op`. Lists end with a name of NULL. */
struct member {
    const char *name;
    enum json_type type;
    bool required;
};

struct operation {
    const char *name;
    const char *help;
    bool needs_hello;
    const struct member *members;
    /* The request's members were checked. On STATUS_OK the caller owns *ret_result (NULL is JSON's
     * null), otherwise *failure is set. */
    enum status (*run)(struct session *session, struct json_object *request,
                       struct json_object **ret_result, struct failure *failure);
};

extern const struct operation operations[];
extern const size_t operation_count;

/* The rows' functions. */
MUST_CHECK enum status operation_hello(struct session *session, struct json_object *request,
                                       struct json_object **ret_result, struct failure *failure);
MUST_CHECK enum status operation_store_secret(struct session *session, struct json_object *request,
                                              struct json_object **ret_result,
                                              struct failure *failure);
MUST_CHECK enum status operation_load_secret(struct session *session, struct json_object *request,
                                             struct json_object **ret_result,
                                             struct failure *failure);
MUST_CHECK enum status operation_clear_secret(struct session *session, struct json_object *request,
                                              struct json_object **ret_result,
                                              struct failure *failure);

/* Finds the row for a request, checks the request's members against it, and runs it. */
MUST_CHECK enum status operation_run(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure);

#endif
