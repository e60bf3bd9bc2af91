/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include <string.h>

/* The members that say whose secret it is. */
#define SECRET_PLACE                                                                               \
    {"origin", json_type_string, true}, {"topLevelSite", json_type_string, false},                 \
        {"member", json_type_string, true},                                                        \
    {                                                                                              \
        "key", json_type_string, true                                                              \
    }

static const struct member hello_members[] = {
    {"protocol", json_type_int, true},
    {"extension", json_type_string, true},
    {"browser", json_type_string, true},
    {NULL, json_type_null, false},
};

static const struct member store_secret_members[] = {
    SECRET_PLACE,
    {"data", json_type_string, true},
    {"digestOf", json_type_string, false},
    {NULL, json_type_null, false},
};

static const struct member secret_place_members[] = {
    SECRET_PLACE,
    {NULL, json_type_null, false},
};

const struct operation operations[] = {
    {"hello", "agree on versions and open the store", false, hello_members, operation_hello},
    {"storeSecret", "encrypt a secret and keep it", true, store_secret_members,
     operation_store_secret},
    {"loadSecret", "decrypt a secret that was kept", true, secret_place_members,
     operation_load_secret},
    {"clearSecret", "forget a secret", true, secret_place_members, operation_clear_secret},
};

const size_t operation_count = sizeof operations / sizeof operations[0];

void session_end(struct session *session)
{
    store_close(&session->store);
}

static const struct member *find_member(const struct member *members, const char *name)
{
    static const struct member common[] = {
        {"id", json_type_int, true},
        {"op", json_type_string, true},
        {NULL, json_type_null, false},
    };
    const struct member *const lists[] = {common, members};

    for (size_t i = 0; i < 2; i++) {
        for (const struct member *member = lists[i]; member->name != NULL; member++) {
            if (strcmp(member->name, name) == 0) {
                return member;
            }
        }
    }
    return NULL;
}

static enum status check_members(const struct operation *operation, struct json_object *request,
                                 struct failure *failure)
{
    json_object_object_foreach(request, name, value)
    {
        const struct member *member = find_member(operation->members, name);
        if (member == NULL) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "%s has no member \"%s\"; remove it, or update the host.",
                               operation->name, name);
        }
        if (!json_object_is_type(value, member->type)) {
            return failure_set(failure, STATUS_BAD_REQUEST, "The member \"%s\" of %s must be %s.",
                               name, operation->name,
                               member->type == json_type_int ? "an integer" : "a string");
        }
    }
    for (const struct member *member = operation->members; member->name != NULL; member++) {
        if (member->required && !json_object_object_get_ex(request, member->name, NULL)) {
            return failure_set(failure, STATUS_BAD_REQUEST, "%s needs the member \"%s\".",
                               operation->name, member->name);
        }
    }
    return STATUS_OK;
}

enum status operation_run(struct session *session, struct json_object *request,
                          struct json_object **ret_result, struct failure *failure)
{
    struct json_object *op = NULL;

    if (!json_object_object_get_ex(request, "op", &op) ||
        !json_object_is_type(op, json_type_string)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A request needs the member \"op\", a string.");
    }
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        if (!view_equal(json_string_view(op), view_of_text(operation->name))) {
            continue;
        }
        if (operation->needs_hello && session->store == NULL) {
            return failure_set(failure, STATUS_HELLO_FIRST,
                               "The first operation must be hello, and it must have succeeded.");
        }
        enum status status = check_members(operation, request, failure);
        return status == STATUS_OK ? operation->run(session, request, ret_result, failure) : status;
    }
    return failure_set(failure, STATUS_UNKNOWN_OPERATION,
                       "There is no operation \"%s\"; hello lists those that there are.",
                       json_object_get_string(op));
}
