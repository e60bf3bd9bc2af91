/* SPDX-License-Identifier: MIT */
/* echo_json: sends each message back, parsed and serialized by json-c. */
#include "frames.h"

#include <json-c/json.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    struct frame frame = {0};
    struct frame reply = {0};
    struct json_tokener *tokener = json_tokener_new();

    if (tokener == NULL) {
        give_up("json-c");
    }
    while (frame_read(STDIN_FILENO, &frame)) {
        size_t size = 0;
        json_tokener_reset(tokener);
        struct json_object *message = json_tokener_parse_ex(
            tokener, (const char *)frame.bytes + FRAME_HEADER, (int)(frame.size - FRAME_HEADER));
        const char *text = json_object_to_json_string_length(
            message, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
        if (message == NULL || text == NULL) {
            errno = EBADMSG;
            give_up("json-c");
        }
        frame_fill(&reply, text, size);
        frame_write(STDOUT_FILENO, reply.bytes, reply.size);
        json_object_put(message);
    }
    json_tokener_free(tokener);
    return 0;
}
