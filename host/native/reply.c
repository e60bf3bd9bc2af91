/* SPDX-License-Identifier: MIT */
#include "native/reply.h"

#include "wire/frame.h"

/* Room for a part's other members: {"id":…,"part":…,"last":…,"text":""} */
enum { PART_ENVELOPE_SIZE = 128 };

/* How many bytes from the start of a JSON text fit into one part as a JSON string. Such a text has
 * no control characters, so quotes and backslashes are all that grows. */
static size_t part_size(struct view text)
{
    size_t used = 0;
    size_t size = 0;

    while (size < text.size) {
        size_t plain = json_scan_skip_plain(text, size) - size;
        size_t room = FRAME_REPLY_MAX - PART_ENVELOPE_SIZE - used;
        plain = plain < room ? plain : room;
        used += plain;
        size += plain;
        if (size == text.size) {
            break;
        }
        size_t cost = text.data[size] == '"' || text.data[size] == '\\' ? 2 : 1;
        if (used + cost > FRAME_REPLY_MAX - PART_ENVELOPE_SIZE) {
            break;
        }
        used += cost;
        size++;
    }
    while (size < text.size && (text.data[size] & 0xC0) == 0x80) {
        size--; /* never inside a character */
    }
    return size;
}

static enum status send_part(int fd, int64_t id, int64_t number, struct view text, bool last)
{
    JSON_AUTO(part) = json_object_new_object();
    struct view message;

    json_set_number_or_null(part, "id", id);
    json_set_number(part, "part", number);
    json_set_boolean(part, "last", last);
    json_set_string(part, "text", text);
    TRY(json_status(part));
    TRY(json_text_of(part, &message));
    return frame_write(fd, message);
}

static enum status send(int fd, int64_t id, struct json_object *reply)
{
    struct view text;

    TRY(json_status(reply));
    TRY(json_text_of(reply, &text));
    if (text.size <= FRAME_REPLY_MAX) {
        return frame_write(fd, text);
    }
    for (int64_t number = 0; text.size > 0; number++) {
        struct view part = {text.data, part_size(text)};
        text = (struct view){text.data + part.size, text.size - part.size};
        TRY(send_part(fd, id, number, part, text.size == 0));
    }
    return STATUS_OK;
}

enum status reply_result(int fd, int64_t id, int64_t items_revision, struct json_object **result)
{
    JSON_AUTO(value) = *result;
    JSON_AUTO(reply) = json_object_new_object();

    *result = NULL;
    json_set_number_or_null(reply, "id", id);
    json_set_boolean(reply, "ok", true);
    json_set_shared(reply, "result", value);
    if (items_revision != 0) {
        json_set_number(reply, "itemsRevision", items_revision);
    }
    return send(fd, id, reply);
}

static void add_failure(struct json_object *reply, const struct failure *failure)
{
    JSON_AUTO(error) = json_object_new_object();
    const struct {
        const char *name;
        const char *text;
    } members[] = {
        {"code", status_name(failure->status)},
        {"class", failure->error_class},
        {"name", failure->error_name},
        {"message", failure->message},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_set_string(error, members[i].name, view_of_text(members[i].text));
    }
    json_set_boolean(error, "operational", failure->operational);
    json_set(reply, "error", &error);
}

enum status reply_failure(int fd, int64_t id, const struct failure *failure)
{
    JSON_AUTO(reply) = json_object_new_object();

    json_set_number_or_null(reply, "id", id);
    json_set_boolean(reply, "ok", false);
    add_failure(reply, failure);
    return send(fd, id, reply);
}
