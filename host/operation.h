/* SPDX-License-Identifier: MIT */
/* What a browser may ask the host for. An operation is one row of the table in operation.c and one
 * function; docs/protocol.md says what each takes and gives. */
#ifndef POWERUP_SECRETS_OPERATION_H
#define POWERUP_SECRETS_OPERATION_H

#include "child.h"
#include "control_socket.h"
#include "items.h"
#include "relay.h"
#include "request.h"

/* Both sides say it in `hello`, and it changes whenever a message changes its meaning. */
enum { PROTOCOL_VERSION = 1 };

/* One connection to one browser. All zero before a successful hello. */
struct session {
    struct store *store;
    struct control_socket *socket; /* for the command line, whose requests go over the relay */
    struct relay relay;
    struct child child;   /* a command of the panel */
    struct bytes browser; /* what hello said */
    struct bytes extension;
};

void session_end(struct session *session);

/* What a client of the socket is told first, owned by the caller; NULL without memory for it. */
struct json_object *session_greeting(const struct session *session);

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

extern const struct operation operations[];
extern const size_t operation_count;

/* The rows' functions. */
#define OPERATION(function)                                                                        \
    MUST_CHECK enum status function(struct session *session, struct json_object *request,          \
                                    struct json_object **ret_result, struct failure *failure)
OPERATION(operation_hello);
OPERATION(operation_scene);
OPERATION(operation_scenes);
OPERATION(operation_confirm);
OPERATION(operation_command);
OPERATION(operation_take_fault);
OPERATION(operation_store_secret);
OPERATION(operation_load_secret);
OPERATION(operation_clear_secret);
OPERATION(operation_encrypt_secret);
OPERATION(operation_decrypt_secret);
OPERATION(operation_synchronize_items);
OPERATION(operation_get_plugin_data);
OPERATION(operation_set_plugin_data);
OPERATION(operation_record);
OPERATION(operation_answer);
#undef OPERATION

/* What several rows read: `origin`, and `topLevelSite` where there is one. STATUS_BAD_ORIGIN. */
MUST_CHECK enum status operation_storage_key(struct json_object *request,
                                             struct storage_key *ret_key, struct failure *failure);

/* Finds the row for a request, checks the request's members against it, and runs it. */
MUST_CHECK enum status operation_run(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure);

#endif
