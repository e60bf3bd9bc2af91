// SPDX-License-Identifier: MIT
// The two JSON parsers compared with each other: json_text.h, based on json-c, and json_scan.h.
#include "base/json_scan.h"
#include "base/json_string.h"
#include "fuzz.h"

#include <string.h>

/* How deep arrays and objects are nested in a valid text. */
static size_t depth_of(struct view text)
{
    size_t depth = 0;
    size_t deepest = 0;
    bool in_string = false;

    for (size_t at = 0; at < text.size; at++) {
        uint8_t byte = text.data[at];
        if (in_string && byte == '\\') {
            at++;
        } else if (byte == '"') {
            in_string = !in_string;
        } else if (!in_string && (byte == '[' || byte == '{')) {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if (!in_string && (byte == ']' || byte == '}')) {
            depth--;
        }
    }
    return deepest;
}

/* A value survives a round trip through its text. */
static void check_written(struct json_object *value)
{
    struct view text;
    struct view text_again;

    FUZZ_CHECK(json_text_of(value, &text) == STATUS_OK);
    JSON_AUTO(again) = fuzz_parse(text);
    FUZZ_CHECK(json_object_equal(value, again) != 0);
    FUZZ_CHECK(json_text_of(again, &text_again) == STATUS_OK);
    FUZZ_CHECK(view_equal(text, text_again));
}

static void check_readers(struct view text)
{
    JSON_AUTO(value) = NULL;
    struct failure failure = {0};
    bool valid = json_scan_is_valid(text);

    enum status status = json_text_parse(text, &value, &failure);
    FUZZ_CHECK((status == STATUS_OK) == (valid && depth_of(text) <= JSON_DEPTH_MAX));
    if (status == STATUS_OK) {
        check_written(value);
    } else {
        FUZZ_CHECK(value == NULL);
        FUZZ_CHECK(status == STATUS_BAD_JSON);
        fuzz_check_failure(&failure, status);
    }
}

/* A string that is written unit by unit has the same units. */
static void check_units(struct view content)
{
    struct json_string_reader reader = {.content = content};
    struct json_string_reader reader_again = {0};
    BUFFER_AUTO text = {0};
    char unit_text[JSON_STRING_UNIT_SIZE_MAX];
    uint16_t unit = 0;
    uint16_t unit_again = 0;

    buffer_add_text(&text, "\"");
    while (json_string_next(&reader, &unit)) {
        size_t size = json_string_put_unit(unit, unit_text);
        buffer_add(&text, (struct view){(uint8_t *)unit_text, size});
    }
    buffer_add_text(&text, "\"");
    FUZZ_CHECK(buffer_status(&text) == STATUS_OK);
    FUZZ_CHECK(json_scan_is_valid(view_of_buffer(&text)));
    reader = (struct json_string_reader){.content = content};
    reader_again.content = (struct view){text.data + 1, text.size - 2};
    while (json_string_next(&reader, &unit)) {
        FUZZ_CHECK(json_string_next(&reader_again, &unit_again));
        FUZZ_CHECK(unit == unit_again);
    }
    FUZZ_CHECK(!json_string_next(&reader_again, &unit_again));
}

/* Blanks around a value do not change it. */
static void check_value(struct view text)
{
    size_t start = json_scan_blanks(text, 0);
    size_t end = json_scan_value(text, start);

    FUZZ_CHECK(start < end && end <= text.size);
    struct view value = {text.data + start, end - start};
    FUZZ_CHECK(json_scan_is_valid(value));
    if (value.data[0] == '"') {
        check_units((struct view){value.data + 1, value.size - 2});
    }
}

void fuzz_one(struct view input)
{
    check_readers(input);
    if (json_scan_is_valid(input)) {
        check_value(input);
    }
}
