/* SPDX-License-Identifier: MIT */
#include "operation.h"

enum status operation_confirm(struct session *session, struct json_object *request,
                              struct json_object **ret_result, struct failure *failure)
{
    int64_t ticket = json_object_get_int64(json_object_object_get(request, "ticket"));
    struct view error = request_string(request, "error");
    struct json_object *result = NULL;

    if (!json_object_object_get_ex(request, "result", &result) && error.data == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "confirm needs the member \"result\", or else \"error\".");
    }
    enum status status = relay_confirm(&session->relay, ticket, result, error, failure);
    if (status == STATUS_OK) {
        *ret_result = NULL;
    }
    return status;
}
