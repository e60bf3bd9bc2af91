/* SPDX-License-Identifier: MIT */
#include "native/operation.h"

/* A handler may return any value. */
enum { RESULT_VALUES_MAX = 100000 };

static enum status run_confirm(struct session *session, struct json_object *request,
                               struct json_object **ret_result, struct failure *failure)
{
    int64_t ticket = json_object_get_int64(json_object_object_get(request, "ticket"));
    struct view error = request_string(request, "error");
    struct json_object *result = NULL;

    if (!json_object_object_get_ex(request, "result", &result) && error.data == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "confirm needs the member \"result\", or else \"error\".");
    }
    TRY(relay_confirm(&session->relay, ticket, result, error, failure));
    *ret_result = NULL;
    return STATUS_OK;
}

static const struct member confirm_members[] = {
    {"ticket", json_type_int, MEMBER_REQUIRED},
    {"result", json_type_null, MEMBER_OR_NULL},
    {"error", json_type_string, MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_confirm = {
    .name = "confirm",
    .help = "answer an event",
    .needs_hello = true,
    .members = confirm_members,
    .values_max = RESULT_VALUES_MAX,
    .run = run_confirm,
};
