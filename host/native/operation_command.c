/* SPDX-License-Identifier: MIT */
#include "native/operation.h"

static enum status run_command(struct session *session, struct json_object *request,
                               struct json_object **ret_result, struct failure *failure)
{
    int64_t id = 0;

    (void)ret_result;
    if (session->store != NULL) {
        /* It is in the sandbox, in which nothing can be started. */
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "This host serves pages; a command needs a host of its own, which is "
                           "sent no hello.");
    }
    TRY(request_id(request, &id, failure));
    TRY(child_start(&session->child, id, json_object_object_get(request, "arguments"), failure));
    return STATUS_DEFERRED;
}

static const struct member command_members[] = {
    {"arguments", json_type_array, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_command = {
    .name = "command",
    .help = "run the command line, for the panel",
    .members = command_members,
    .run = run_command,
};
