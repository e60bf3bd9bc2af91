/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include "frame.h"
#include "operation.h"
#include "reply.h"

#include <errno.h>
#include <string.h>

/* The id of a request, or 0 with *failure set. */
static int64_t read_id(struct json_object *request, struct failure *failure)
{
    struct json_object *value = NULL;

    if (!json_object_is_type(request, json_type_object)) {
        failure_set(failure, STATUS_BAD_REQUEST, "A message must be a JSON object.");
        return 0;
    }
    if (json_object_object_get_ex(request, "id", &value) &&
        json_object_is_type(value, json_type_int)) {
        int64_t id = json_object_get_int64(value);
        if (id > 0 && id <= REPLY_ID_MAX) {
            return id;
        }
    }
    failure_set(failure, STATUS_BAD_REQUEST,
                "A request needs the member \"id\", an integer from 1 to 2^53 - 1.");
    return 0;
}

static enum status answer(struct session *session, struct view message, int output)
{
    struct failure failure = {0};
    JSON_AUTO(request) = NULL;
    JSON_AUTO(result) = NULL;
    int64_t id = 0;

    enum status status = json_text_parse(message, &request, &failure);
    if (status == STATUS_OK) {
        id = read_id(request, &failure);
        if (id == 0) {
            status = failure.status;
        } else if (json_text_has_nul_in_name(message)) {
            status = failure_set(&failure, STATUS_BAD_REQUEST,
                                 "The name of a member holds NUL; no member has such a name.");
        } else {
            status = operation_run(session, request, &result, &failure);
        }
    }
    if (status == STATUS_OK) {
        status = reply_result(output, id, &result);
        if (status != STATUS_NO_MEMORY) {
            return status;
        }
        failure_set(&failure, status, "Out of memory for the answer.");
    }
    return reply_failure(output, id, &failure);
}

enum status serve(int input, int output, struct failure *failure)
{
    struct frame_reader reader = frame_reader_init(input);
    struct session session = {0};
    struct view message;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        status = frame_reader_take(&reader, &message);
        if (status == STATUS_OK) {
            status = answer(&session, message, output);
        } else if (status == STATUS_NEED_MORE) {
            status = frame_reader_fill(&reader);
        }
    }
    int code = errno;
    session_end(&session);
    frame_reader_free(&reader);
    if (status == STATUS_END_OF_INPUT) {
        return STATUS_OK;
    }
    if (status == STATUS_FRAME_TOO_LARGE) {
        failure_set(failure, status, "A message of more than %zu bytes was announced.",
                    FRAME_REQUEST_MAX);
    } else if (status == STATUS_IO_FAILED) {
        return failure_set(failure, status, "%s", strerror(code));
    } else {
        failure_set(failure, status, "%s", status_sentence(status));
    }
    /* The last word; whether it arrives changes nothing any more. */
    enum status last = reply_failure(output, 0, failure);
    (void)last;
    return status;
}
