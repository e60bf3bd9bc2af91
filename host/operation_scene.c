/* SPDX-License-Identifier: MIT */
#include "answers.h"
#include "operation.h"
#include "scenario.h"

/* An object with one string. */
static enum status give_text(const char *name, struct view text, struct json_object **ret_result,
                             struct failure *failure)
{
    JSON_AUTO(result) = json_object_new_object();

    if (result == NULL || json_add_string(result, name, text) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
    }
    *ret_result = result;
    result = NULL;
    return STATUS_OK;
}

enum status operation_scene(struct session *session, struct json_object *request,
                            struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    enum fidelity fidelity = FIDELITY_DOCUMENTED;
    struct storage_key key;

    enum status status = operation_storage_key(request, &key, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(session->store, TRANSACTION_READ, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = scenario_fidelity(session->store, key.origin, &fidelity, failure);
    }
    return status == STATUS_OK
               ? give_text("fidelity", view_of_text(fidelity_name(fidelity)), ret_result, failure)
               : status;
}

enum status operation_answer(struct session *session, struct json_object *request,
                             struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO json = {0};
    struct storage_key key;

    enum status status = operation_storage_key(request, &key, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(session->store, TRANSACTION_READ, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = answers_get(session->store, key.origin, request_string(request, "method"), &json,
                             failure);
    }
    if (status == STATUS_ABSENT) {
        *ret_result = NULL;
        return STATUS_OK;
    }
    return status == STATUS_OK ? give_text("json", view_of_bytes(&json), ret_result, failure)
                               : status;
}
