/* SPDX-License-Identifier: MIT */
#include "trello/plugin_data_text.h"

#include "base/json_scan.h"
#include "base/json_string.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

size_t plugin_data_text_length_max(struct view scope)
{
    bool of_board =
        view_equal(scope, view_of_text("board")) || view_equal(scope, view_of_text("organization"));

    return of_board ? BOARD_TEXT_LENGTH_MAX : MEMBER_TEXT_LENGTH_MAX;
}

enum status plugin_data_text_check_length(struct view text, struct view scope,
                                          struct failure *failure)
{
    size_t most = plugin_data_text_length_max(scope);
    char message[160];

    if (utf8_utf16_length(text) <= most) {
        return STATUS_OK;
    }
    (void)snprintf(message, sizeof message,
                   "PluginData length of %zu characters exceeded. See: "
                   "https://developers.trello.com/v1.0/reference#section-size-limit",
                   most);
    return failure_library(failure, "Error", "Error", false, message);
}

/* In an object's text: the value of a name, or the empty place where name and value would go. */
struct spot {
    size_t start;
    size_t end;
    bool present;
    bool first; /* nothing stands before it in the object */
};

/* The value in a valid text, without the blanks around it. */
static struct view value_of(struct view text)
{
    size_t start = json_scan_blanks(text, 0);
    size_t end = json_scan_value(text, start);

    return (struct view){text.data + start, end - start};
}

/* What is between the brackets, braces or quotes of a value. */
static struct view inside(struct view value)
{
    return (struct view){value.data + 1, value.size - 2};
}

/* Moves to what stands behind the blanks, the comma and the blanks after a member or element. */
static size_t next_member(struct view text, size_t at)
{
    at = json_scan_blanks(text, at);
    at += at < text.size && text.data[at] == ',';
    return json_scan_blanks(text, at);
}

/* In the content of a valid object. */
static struct spot find_spot(struct view content, const char *name)
{
    struct spot spot = {.first = true};

    for (size_t at = json_scan_blanks(content, 0); at < content.size;) {
        size_t name_end = json_scan_value(content, at);
        struct view found = inside((struct view){content.data + at, name_end - at});
        size_t colon = json_scan_blanks(content, name_end);
        size_t start = json_scan_blanks(content, colon + 1);
        size_t end = json_scan_value(content, start);
        if (json_string_is(found, name)) {
            spot = (struct spot){start, end, true, false};
        } else if (!spot.present) {
            spot = (struct spot){end, end, false, false};
        }
        at = next_member(content, end);
    }
    return spot;
}

enum status plugin_data_text_find(struct view text, const char *name, struct view *ret_value)
{
    if (!json_scan_is_valid(text)) {
        return STATUS_ABSENT;
    }
    struct view value = value_of(text);
    if (value.data[0] != '{') {
        return STATUS_ABSENT;
    }
    struct view content = inside(value);
    struct spot spot = find_spot(content, name);
    if (!spot.present) {
        return STATUS_ABSENT;
    }
    *ret_value = (struct view){content.data + spot.start, spot.end - spot.start};
    return STATUS_OK;
}

/* Counts when it has no room yet: what is to be written is written twice. */
struct writer {
    uint8_t *out;
    size_t size;
};

static void put(struct writer *writer, struct view part)
{
    if (writer->out != NULL && part.size > 0) {
        memcpy(writer->out + writer->size, part.data, part.size);
    }
    writer->size += part.size;
}

static void put_text(struct writer *writer, const char *text)
{
    put(writer, view_of_text(text));
}

static void put_member(struct writer *writer, const char *name, struct view value)
{
    put_text(writer, "\"");
    put_text(writer, name);
    put_text(writer, "\":");
    put(writer, value);
}

static void put_numbered(struct writer *writer, size_t number, struct view value)
{
    char name[24];

    (void)snprintf(name, sizeof name, "%zu", number);
    put_member(writer, name, value);
    put_text(writer, ",");
}

static void put_elements(struct writer *writer, struct view content)
{
    size_t number = 0;

    for (size_t at = json_scan_blanks(content, 0); at < content.size;) {
        size_t end = json_scan_value(content, at);
        put_numbered(writer, number++, (struct view){content.data + at, end - at});
        at = next_member(content, end);
    }
}

static void put_units(struct writer *writer, struct view content)
{
    struct json_string_reader reader = {.content = content};
    char text[1 + JSON_STRING_UNIT_SIZE_MAX + 1] = "\"";
    size_t number = 0;

    for (uint16_t unit = 0; json_string_next(&reader, &unit);) {
        size_t size = json_string_put_unit(unit, text + 1);
        text[1 + size] = '"';
        put_numbered(writer, number++, (struct view){(const uint8_t *)text, size + 2});
    }
    memory_wipe(text, sizeof text);
}

static void put_edited(struct writer *writer, struct view text, struct view content,
                       const char *name, struct view value)
{
    struct spot spot = find_spot(content, name);
    size_t before = (size_t)(content.data - text.data) + spot.start;
    size_t after = (size_t)(content.data - text.data) + spot.end;

    put(writer, (struct view){text.data, before});
    if (spot.present) {
        put(writer, value);
    } else {
        put_text(writer, spot.first ? "" : ",");
        put_member(writer, name, value);
    }
    put(writer, (struct view){text.data + after, text.size - after});
}

static void put_whole(struct writer *writer, struct view text, const char *name, struct view value)
{
    bool valid = json_scan_is_valid(text);
    struct view kept = valid ? value_of(text) : (struct view){NULL, 0};
    uint8_t kind = valid ? kept.data[0] : 0;

    if (kind == '{') {
        put_edited(writer, text, inside(kept), name, value);
        return;
    }
    put_text(writer, "{");
    if (kind == '[') {
        put_elements(writer, inside(kept));
    } else if (kind == '"') {
        put_units(writer, inside(kept));
    }
    put_member(writer, name, value);
    put_text(writer, "}");
}

enum status plugin_data_text_set(struct view text, const char *name, struct view value,
                                 struct bytes *ret_text)
{
    struct writer count = {NULL, 0};

    put_whole(&count, text, name, value);
    TRY(bytes_alloc(count.size, ret_text));
    struct writer writer = {ret_text->data, 0};
    put_whole(&writer, text, name, value);
    return STATUS_OK;
}

/* All members of a valid object's content but for one name. */
static void put_others(struct writer *writer, struct view content, const char *name)
{
    bool first = true;

    for (size_t at = json_scan_blanks(content, 0); at < content.size;) {
        size_t name_end = json_scan_value(content, at);
        size_t start = json_scan_blanks(content, json_scan_blanks(content, name_end) + 1);
        size_t end = json_scan_value(content, start);
        if (!json_string_is(inside((struct view){content.data + at, name_end - at}), name)) {
            put_text(writer, first ? "" : ",");
            put(writer, (struct view){content.data + at, end - at});
            first = false;
        }
        at = next_member(content, end);
    }
}

enum status plugin_data_text_remove(struct view text, const char *name, struct bytes *ret_text)
{
    struct view found;

    TRY(plugin_data_text_find(text, name, &found));
    struct view content = inside(value_of(text));
    struct writer writer = {NULL, 0};
    put_others(&writer, content, name);
    TRY(bytes_alloc(writer.size + 2, ret_text));
    writer = (struct writer){ret_text->data, 0};
    put_text(&writer, "{");
    put_others(&writer, content, name);
    put_text(&writer, "}");
    return STATUS_OK;
}
