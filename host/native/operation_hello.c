/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "native/operation.h"
#include "store/state_folder.h"
#include "store/store_open.h"
#include "store/transaction.h"
#include "wire/frame.h"
#include "wire/protocol.h"

static enum status add_operations(struct json_object *object)
{
    JSON_AUTO(names) = json_object_new_array();

    for (size_t i = 0; i < operation_count; i++) {
        JSON_AUTO(name) = json_object_new_string(operations[i]->name);
        TRY(json_append(names, &name));
    }
    return json_add(object, "operations", &names);
}

static enum status describe(const struct store *store, struct json_object *object)
{
    TRY(json_add_number(object, "protocol", PROTOCOL_VERSION));
    TRY(json_add_string(object, "host", view_of_text(POWERUP_SECRETS_VERSION)));
    TRY(add_operations(object));
    TRY(json_add_number(object, "requestSizeMax", FRAME_REQUEST_MAX));
    return json_add_string(object, "browserProfile", store_browser_profile(store));
}

/* Opens store and socket, or neither. */
static enum status open_state(struct session *session, struct failure *failure)
{
    BYTES_AUTO folder = {0};
    STORE_AUTO *store = NULL;

    if (session->store != NULL) {
        return STATUS_OK;
    }
    TRY(state_folder_path(&folder, failure));
    TRY(store_open((const char *)folder.data, &store, failure));
    TRY(control_socket_open((const char *)folder.data, &session->socket, failure));
    MOVE(session->store, store);
    return STATUS_OK;
}

/* Keeps what the command line is given about the browser. */
static enum status keep_names(struct session *session, struct json_object *request)
{
    BYTES_AUTO browser = {0};
    BYTES_AUTO extension = {0};

    TRY(bytes_copy(request_string(request, "browser"), &browser));
    TRY(bytes_copy(request_string(request, "extension"), &extension));
    bytes_wipe(&session->browser);
    bytes_wipe(&session->extension);
    MOVE(session->browser, browser);
    MOVE(session->extension, extension);
    return STATUS_OK;
}

static enum status run_hello(struct session *session, struct json_object *request,
                             struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(result) = json_object_new_object();
    int64_t protocol = json_object_get_int64(json_object_object_get(request, "protocol"));

    if (protocol != PROTOCOL_VERSION) {
        return failure_set(failure, STATUS_PROTOCOL_MISMATCH,
                           "The extension speaks protocol %lld and the host (version %s) protocol "
                           "%d; update the %s.",
                           (long long)protocol, POWERUP_SECRETS_VERSION, PROTOCOL_VERSION,
                           protocol > PROTOCOL_VERSION ? "host" : "extension");
    }
    TRY(open_state(session, failure));
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    TRY(failure_explain(failure, keep_names(session, request)));
    TRY(failure_explain(failure, describe(session->store, result)));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member hello_members[] = {
    {"protocol", json_type_int, true, false},
    {"extension", json_type_string, true, false},
    {"browser", json_type_string, true, false},
    MEMBERS_END,
};
const struct operation operation_hello = {
    .name = "hello",
    .help = "agree on versions and open the store",
    .members = hello_members,
    .run = run_hello,
};
