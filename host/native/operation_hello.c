/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "native/operation.h"
#include "store/known_browsers.h"
#include "store/state_folder.h"
#include "store/store_open.h"
#include "store/transaction.h"
#include "wire/change_signal.h"
#include "wire/frame.h"
#include "wire/protocol.h"

#include <unistd.h>

static void add_operations(struct json_object *object)
{
    JSON_AUTO(names) = json_object_new_array();

    for (size_t i = 0; i < operation_count; i++) {
        json_push_string(names, view_of_text(operations[i]->name));
    }
    json_set(object, "operations", &names);
}

static void describe(const struct store *store, struct json_object *object)
{
    json_set_number(object, "protocol", PROTOCOL_VERSION);
    json_set_string(object, "host", view_of_text(POWERUP_SECRETS_VERSION));
    add_operations(object);
    json_set_number(object, "requestSizeMax", FRAME_REQUEST_MAX);
    json_set_string(object, "browserProfile", store_browser_profile(store));
}

/* Opens store and sockets, or none. */
static enum status open_state(struct session *session, struct failure *failure)
{
    BYTES_AUTO folder = {0};
    STORE_AUTO *store = NULL;
    CONTROL_SOCKET_AUTO *socket = NULL;

    if (session->store != NULL) {
        return STATUS_OK;
    }
    TRY(state_folder_path(&folder, failure));
    TRY(store_open((const char *)folder.data, &store, failure));
    TRY(control_socket_open((const char *)folder.data, &socket, failure));
    TRY(change_signal_open(socket->folder, &session->changed, failure));
    MOVE(session->store, store);
    MOVE(session->socket, socket);
    /* Now, because the sandbox will hide them. */
    if (living_process_find(getpid(), &session->host) &&
        !living_process_parent(&session->process)) {
        session->process = (struct living_process){0};
    }
    return STATUS_OK;
}

static enum status forget_if_ended(void *context, const struct known_browser *browser,
                                   struct failure *failure)
{
    const struct living_process process = {browser->pid, browser->started};

    return living_process_still_lives(&process)
               ? STATUS_OK
               : known_browsers_forget(context, browser->pid, browser->started, failure);
}

/* Has the command line wait for this browser from now on, and no longer for those that ended. */
static enum status note_browser(struct session *session, struct failure *failure)
{
    const struct known_browser browser = {
        .pid = session->process.pid,
        .started = session->process.started,
        .host_pid = session->host.pid,
        .host_started = session->host.started,
        .name = view_of_bytes(&session->browser),
    };
    TRANSACTION_AUTO transaction = {0};

    if (browser.pid == 0) {
        return STATUS_OK;
    }
    TRY(transaction_begin(session->store, TRANSACTION_WRITE, &transaction, failure));
    TRY(known_browsers_visit(session->store, forget_if_ended, session->store, failure));
    TRY(known_browsers_set(session->store, &browser, failure));
    return transaction_commit(&transaction, failure);
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
    if (session->child.id != 0) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "This host runs a command; pages need a host of their own.");
    }
    TRY(open_state(session, failure));
    TRY(failure_explain(failure, keep_names(session, request)));
    TRY(note_browser(session, failure));
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    describe(session->store, result);
    TRY(failure_explain(failure, json_status(result)));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member hello_members[] = {
    {"protocol", json_type_int, MEMBER_REQUIRED},
    {"extension", json_type_string, MEMBER_REQUIRED},
    {"browser", json_type_string, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_hello = {
    .name = "hello",
    .help = "agree on versions and open the store",
    .members = hello_members,
    .run = run_hello,
};
