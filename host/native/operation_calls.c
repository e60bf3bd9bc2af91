/* SPDX-License-Identifier: MIT */
#include "native/operation.h"
#include "store/calls.h"
#include "store/transaction.h"

/* What one request may bring. */
enum { CALLS_MAX = 1000, SIZE_MAX_BYTES = 2 * 1024 * 1024, VALUES_MAX = 100000 };

static enum status append(struct store *store, struct view origin, struct json_object *calls,
                          size_t i, struct failure *failure)
{
    struct json_object *entry = json_object_array_get_idx(calls, i);
    struct call call = {
        .at = json_object_get_int64(json_object_object_get(entry, "at")),
        .origin = origin,
        .method = request_string(entry, "method"),
        .problem = request_string(entry, "problem"),
        .page = request_string(entry, "page"),
    };
    if (call.page.data != NULL && (call.page.size == 0 || call.page.size > CALL_PAGE_SIZE_MAX)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The member \"page\" of calls[%zu] must have from 1 to %d bytes.", i,
                           CALL_PAGE_SIZE_MAX);
    }

    TRY(failure_explain(failure,
                        json_text_of(json_object_object_get(entry, "detail"), &call.detail)));
    return calls_append(store, &call, failure);
}

static enum status run_record_calls(struct session *session, struct json_object *request,
                                    struct json_object **ret_result, struct failure *failure)
{
    static const struct member call_members[] = {
        {"method", json_type_string, MEMBER_REQUIRED},
        {"at", json_type_int, MEMBER_REQUIRED},
        {"problem", json_type_string, 0},
        {"page", json_type_string, 0},
        {"detail", json_type_object, MEMBER_REQUIRED},
        MEMBERS_END,
    };
    struct json_object *calls = json_object_object_get(request, "calls");
    TRANSACTION_AUTO transaction = {0};
    struct storage_key key;

    TRY(operation_storage_key(request, &key, failure));
    TRY(request_check_array(request, "calls", call_members, CALLS_MAX, failure));
    TRY(transaction_begin(session->store, TRANSACTION_WRITE, &transaction, failure));
    for (size_t i = 0; i < json_object_array_length(calls); i++) {
        TRY(append(session->store, key.origin, calls, i, failure));
    }
    TRY(transaction_commit(&transaction, failure));
    *ret_result = NULL;
    return STATUS_OK;
}

static const struct member record_calls_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"calls", json_type_array, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_record_calls = {
    .name = "recordCalls",
    .help = "record what a page called",
    .needs_hello = true,
    .members = record_calls_members,
    .size_max = SIZE_MAX_BYTES,
    .values_max = VALUES_MAX,
    .run = run_record_calls,
};
