/* SPDX-License-Identifier: MIT */
#include "native/operation.h"

#include "base/origin.h"
#include "native/changed.h"

const struct operation *const operations[] = {
#define OPERATION_ADDRESS(name) &operation_##name,
    OPERATION_LIST(OPERATION_ADDRESS)
#undef OPERATION_ADDRESS
};

const size_t operation_count = sizeof operations / sizeof operations[0];

enum status operation_storage_key(struct json_object *request, struct storage_key *ret_key,
                                  struct failure *failure)
{
    struct view origin = request_string(request, "origin");
    struct view site = request_string(request, "topLevelSite");

    TRY(origin_check(origin, failure));
    if (site.data != NULL) {
        TRY(site_check(site, failure));
    }
    *ret_key = (struct storage_key){.origin = origin, .top_level_site = site};
    return STATUS_OK;
}

/* The member "op"; data is NULL where it is missing or no string. */
static struct view requested(struct json_object *request)
{
    struct json_object *op = NULL;

    return json_object_is_type(request, json_type_object) &&
                   json_object_object_get_ex(request, "op", &op) &&
                   json_object_is_type(op, json_type_string)
               ? json_string_view(op)
               : (struct view){NULL, 0};
}

static const struct operation *find_name(struct view op)
{
    for (size_t i = 0; op.data != NULL && i < operation_count; i++) {
        if (view_equal(op, view_of_text(operations[i]->name))) {
            return operations[i];
        }
    }
    return NULL;
}

static const struct operation *find(struct json_object *request)
{
    return find_name(requested(request));
}

enum status operation_check_size(const struct json_facts *facts, size_t size,
                                 struct failure *failure)
{
    static const struct operation unknown = {0};
    bool quoted = facts->op.size >= 2 && facts->op.data[0] == '"';
    const struct operation *operation =
        quoted ? find_name((struct view){facts->op.data + 1, facts->op.size - 2}) : NULL;
    operation = operation != NULL ? operation : &unknown;
    size_t values_max = operation->values_max != 0 ? operation->values_max : OPERATION_VALUES_MAX;

    if (operation->size_max != 0 && size > operation->size_max) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The request has %zu bytes; %s may have at most %zu.", size,
                           operation->name, operation->size_max);
    }
    return request_check_values(facts, size, values_max, failure);
}

const char *operation_name(struct json_object *request)
{
    const struct operation *operation = find(request);

    return operation != NULL ? operation->name : "?";
}

enum status operation_run(struct session *session, struct json_object *request,
                          struct json_object **ret_result, struct failure *failure)
{
    const struct operation *operation = find(request);
    struct view op = requested(request);

    if (op.data == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A request needs the member \"op\", a string.");
    }
    if (operation == NULL) {
        return failure_set(failure, STATUS_UNKNOWN_OPERATION,
                           "The operation \"%.*s\" is unknown; hello lists the operations.",
                           (int)op.size, (const char *)op.data);
    }
    if (operation->needs_hello && session->store == NULL) {
        return failure_set(failure, STATUS_HELLO_FIRST,
                           "The first operation must be hello, and it must have succeeded.");
    }
    TRY(request_check(operation->name, operation->members, request, failure));
    enum status status = operation->run(session, request, ret_result, failure);
    changed_signal(session);
    return status;
}
