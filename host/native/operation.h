/* SPDX-License-Identifier: MIT */
/* What a browser may ask the host to do. An operation is one row of the table in operation.c and
 * one function; docs/protocol.md says what each takes and gives. */
#ifndef POWERUP_SECRETS_NATIVE_OPERATION_H
#define POWERUP_SECRETS_NATIVE_OPERATION_H

#include "base/request.h"
#include "native/session.h"
#include "store/items.h"

struct operation {
    const char *name;
    const char *help;
    bool needs_hello;
    const struct member *members;
    size_t size_max;   /* of a request, in bytes; 0: FRAME_REQUEST_MAX */
    size_t values_max; /* in a request, nested ones too; 0: OPERATION_VALUES_MAX */
    /* The request's members were checked. On STATUS_OK the caller owns *ret_result (NULL is JSON's
     * null); STATUS_DEFERRED: the session answers later; otherwise *failure is set. */
    enum status (*run)(struct session *session, struct json_object *request,
                       struct json_object **ret_result, struct failure *failure);
};

/* As many values as a request without lists can have, and more. */
enum { OPERATION_VALUES_MAX = 64 };

/* X(name): every operation, in the order in which `hello` lists them. The row operation_NAME stands
 * beside its function. */
#define OPERATION_LIST(X)                                                                          \
    X(hello)                                                                                       \
    X(get_settings)                                                                                \
    X(list_settings)                                                                               \
    X(store_secret)                                                                                \
    X(load_secret)                                                                                 \
    X(clear_secret)                                                                                \
    X(encrypt_secret)                                                                              \
    X(decrypt_secret)                                                                              \
    X(synchronize_items)                                                                           \
    X(get_plugin_data)                                                                             \
    X(set_plugin_data)                                                                             \
    X(record_calls)                                                                                \
    X(answer)                                                                                      \
    X(take_fault)                                                                                  \
    X(confirm)                                                                                     \
    X(command)

#define OPERATION_DECLARATION(name) extern const struct operation operation_##name;
OPERATION_LIST(OPERATION_DECLARATION)
#undef OPERATION_DECLARATION

extern const struct operation *const operations[];
extern const size_t operation_count;

/* What several rows read: `origin`, and `topLevelSite` where there is one. STATUS_BAD_ORIGIN. */
MUST_CHECK enum status operation_storage_key(struct json_object *request,
                                             struct storage_key *ret_key, struct failure *failure);

/* The name of the row for a request, for the log; "?" where there is none. */
const char *operation_name(struct json_object *request);

/* Checks a request before it is built. STATUS_BAD_REQUEST. */
MUST_CHECK enum status operation_check_size(const struct json_facts *facts, size_t size,
                                            struct failure *failure);

/* Finds the row for a request, checks the request's members against it, and runs it. */
MUST_CHECK enum status operation_run(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure);

#endif
