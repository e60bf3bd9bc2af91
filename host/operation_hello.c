/* SPDX-License-Identifier: MIT */
#include "frame.h"
#include "identity.h"
#include "operation.h"
#include "state_folder.h"

/* Adds a number under a name. */
static enum status add_number(struct json_object *object, const char *name, int64_t number)
{
    JSON_AUTO(value) = json_object_new_int64(number);

    return json_add(object, name, &value);
}

static enum status add_operations(struct json_object *object)
{
    JSON_AUTO(names) = json_object_new_array();

    for (size_t i = 0; names != NULL && i < operation_count; i++) {
        JSON_AUTO(name) = json_object_new_string(operations[i].name);
        enum status status = json_append(names, &name);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return json_add(object, "operations", &names);
}

static enum status describe(const struct store *store, struct json_object *object)
{
    enum status status = add_number(object, "protocol", PROTOCOL_VERSION);

    if (status == STATUS_OK) {
        status = json_add_string(object, "host", view_of_text(POWERUP_SECRETS_VERSION));
    }
    if (status == STATUS_OK) {
        status = add_operations(object);
    }
    if (status == STATUS_OK) {
        status = add_number(object, "requestSizeMax", FRAME_REQUEST_MAX);
    }
    if (status == STATUS_OK) {
        status = json_add_string(object, "browserProfile", store_browser_profile(store));
    }
    return status;
}

enum status operation_hello(struct session *session, struct json_object *request,
                            struct json_object **ret_result, struct failure *failure)
{
    BYTES_AUTO folder = {0};
    JSON_AUTO(result) = NULL;
    int64_t protocol = json_object_get_int64(json_object_object_get(request, "protocol"));

    if (protocol != PROTOCOL_VERSION) {
        return failure_set(failure, STATUS_PROTOCOL_MISMATCH,
                           "The extension speaks protocol %lld and the host (version %s) protocol "
                           "%d; update the %s.",
                           (long long)protocol, POWERUP_SECRETS_VERSION, PROTOCOL_VERSION,
                           protocol > PROTOCOL_VERSION ? "host" : "extension");
    }
    enum status status = STATUS_OK;
    if (session->store == NULL) {
        status = state_folder_path(&folder, failure);
        if (status == STATUS_OK) {
            status = store_open((const char *)folder.data, &session->store, failure);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    result = json_object_new_object();
    status = result != NULL ? describe(session->store, result) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    *ret_result = result;
    result = NULL;
    return STATUS_OK;
}
