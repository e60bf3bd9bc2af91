/* SPDX-License-Identifier: MIT */
#include "native/operation.h"
#include "store/calls.h"
#include "store/transaction.h"

/* What one request may bring. */
enum { CALLS_MAX = 1000, SIZE_MAX_BYTES = 2 * 1024 * 1024, VALUES_MAX = 100000 };

/* STATUS_BAD_REQUEST: a text of a call is too long, or empty where it may not be. */
static enum status check_text(const char *name, size_t i, struct view text, size_t size_min,
                              size_t size_max, struct failure *failure)
{
    if (text.data == NULL || (text.size >= size_min && text.size <= size_max)) {
        return STATUS_OK;
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "The member \"%s\" of calls[%zu] must have from %zu to %zu bytes.", name, i,
                       size_min, size_max);
}

static enum status check_call(const struct call *call, size_t i, struct failure *failure)
{
    if (call->at < 0 || call->at > CALL_TIME_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The member \"at\" of calls[%zu] must be from 0 to %lld.", i,
                           (long long)CALL_TIME_MAX);
    }
    TRY(check_text("method", i, call->method, 0, CALL_NAME_SIZE_MAX, failure));
    TRY(check_text("problem", i, call->problem, 0, CALL_NAME_SIZE_MAX, failure));
    TRY(check_text("page", i, call->page, 1, CALL_PAGE_SIZE_MAX, failure));
    return check_text("detail", i, call->detail, 0, CALL_DETAIL_SIZE_MAX, failure);
}

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

    TRY(failure_explain(failure,
                        json_text_of(json_object_object_get(entry, "detail"), &call.detail)));
    TRY(check_call(&call, i, failure));
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
