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
    /* The request's members were checked. On STATUS_OK the caller owns *ret_result (NULL is JSON's
     * null); STATUS_DEFERRED: the session answers later; otherwise *failure is set. */
    enum status (*run)(struct session *session, struct json_object *request,
                       struct json_object **ret_result, struct failure *failure);
};

/* In the order in which `hello` lists them. */
extern const struct operation *const operations[];
extern const size_t operation_count;

/* Each stands beside its function. */
extern const struct operation operation_hello;
extern const struct operation operation_get_settings;
extern const struct operation operation_list_settings;
extern const struct operation operation_store_secret;
extern const struct operation operation_load_secret;
extern const struct operation operation_clear_secret;
extern const struct operation operation_encrypt_secret;
extern const struct operation operation_decrypt_secret;
extern const struct operation operation_synchronize_items;
extern const struct operation operation_get_plugin_data;
extern const struct operation operation_set_plugin_data;
extern const struct operation operation_record_calls;
extern const struct operation operation_answer;
extern const struct operation operation_take_fault;
extern const struct operation operation_confirm;
extern const struct operation operation_command;

/* What several rows read: `origin`, and `topLevelSite` where there is one. STATUS_BAD_ORIGIN. */
MUST_CHECK enum status operation_storage_key(struct json_object *request,
                                             struct storage_key *ret_key, struct failure *failure);

/* The name of the row for a request, for the log; "?" where there is none. */
const char *operation_name(struct json_object *request);

/* Finds the row for a request, checks the request's members against it, and runs it. */
MUST_CHECK enum status operation_run(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure);

#endif
