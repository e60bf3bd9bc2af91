/* SPDX-License-Identifier: MIT */
#include "native/operation.h"
#include "store/faults.h"
#include "store/transaction.h"

/* Adds what a page has to know of a fault. */
static void add_members(struct json_object *object, const struct fault *fault)
{
    json_set_string(object, "kind", view_of_text(fault_kind_name(fault->kind)));
    switch (fault->kind) {
    case FAULT_ERROR:
        json_set_string(object, "class", fault->error_class);
        json_set_string(object, "name", fault->error_name);
        json_set_string(object, "message", fault->message);
        break;
    case FAULT_DELAY:
        json_set_number(object, "delayMs", fault->delay_ms);
        break;
    case FAULT_NO_REPLY:
        break;
    }
}

static enum status describe(void *context, const struct fault *fault, struct failure *failure)
{
    struct json_object **ret_result = context;
    JSON_AUTO(object) = json_object_new_object();

    add_members(object, fault);
    TRY(failure_explain(failure, json_status(object)));
    MOVE(*ret_result, object);
    return STATUS_OK;
}

static enum status look(struct store *store, struct view origin, struct view method,
                        struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    TRY(transaction_begin(store, TRANSACTION_READ, &transaction, failure));
    return faults_look(store, origin, method, failure);
}

static enum status take(struct store *store, struct view origin, struct view method,
                        struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(result) = NULL;

    TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
    TRY(faults_take(store, origin, method, describe, &result, failure));
    TRY(transaction_commit(&transaction, failure));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static enum status run_take_fault(struct session *session, struct json_object *request,
                                  struct json_object **ret_result, struct failure *failure)
{
    struct view method = request_string(request, "method");
    JSON_AUTO(result) = NULL;
    struct storage_key key;

    TRY(operation_storage_key(request, &key, failure));
    /* Nearly always there is none, and looking needs no lock. */
    enum status status = look(session->store, key.origin, method, failure);
    if (status == STATUS_OK) {
        status = take(session->store, key.origin, method, &result, failure);
    }
    TRY(status_allow_absent(status));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member take_fault_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"method", json_type_string, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_take_fault = {
    .name = "takeFault",
    .help = "take the fault for the next call",
    .needs_hello = true,
    .members = take_fault_members,
    .run = run_take_fault,
};
