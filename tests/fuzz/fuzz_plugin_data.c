// SPDX-License-Identifier: MIT
// One name inside a plugin data text. Input: the value to set, a line feed, the text.
#include "base/json_scan.h"
#include "fuzz.h"
#include "trello/plugin_data_text.h"

#include <string.h>

static bool has_nul_in_name(struct view text)
{
    struct json_facts facts;

    return json_scan(text, &facts) && facts.nul_in_name;
}

static const char name[] = "aescbc";

/* The object parsed by json-c, without the name; NULL if the text is not an object, or not one for
 * json-c: too deep, or with a name that it truncates. The caller owns it. */
static struct json_object *others_of(struct view text)
{
    struct json_object *value = NULL;
    struct failure failure = {0};

    if (json_text_parse(text, &value, &failure) != STATUS_OK ||
        !json_object_is_type(value, json_type_object) || has_nul_in_name(text)) {
        json_put(&value);
        return NULL;
    }
    json_object_object_del(value, name);
    return value;
}

/* Setting or removing a name leaves the other names alone. */
static void check_others(struct view before, struct view after)
{
    JSON_AUTO(others) = others_of(before);
    JSON_AUTO(others_after) = others_of(after);

    FUZZ_CHECK(others == NULL || others_after == NULL ||
               json_object_equal(others, others_after) != 0);
}

static bool is_object(struct view text)
{
    return json_scan_is_valid(text) && text.data[json_scan_blanks(text, 0)] == '{';
}

static void check_removed(struct view text)
{
    BYTES_AUTO removed = {0};
    struct view found;

    FUZZ_CHECK(plugin_data_text_remove(text, name, &removed) == STATUS_OK);
    struct view rest = view_of_bytes(&removed);
    FUZZ_CHECK(is_object(rest));
    FUZZ_CHECK(plugin_data_text_find(rest, name, &found) == STATUS_ABSENT);
    check_others(text, rest);
}

static void check_set(struct view text, struct view value)
{
    BYTES_AUTO set = {0};
    BYTES_AUTO set_again = {0};
    struct view found;

    FUZZ_CHECK(plugin_data_text_set(text, name, value, &set) == STATUS_OK);
    struct view changed = view_of_bytes(&set);
    FUZZ_CHECK(is_object(changed));
    FUZZ_CHECK(plugin_data_text_find(changed, name, &found) == STATUS_OK);
    FUZZ_CHECK(view_equal(found, value));
    FUZZ_CHECK(plugin_data_text_set(changed, name, value, &set_again) == STATUS_OK);
    FUZZ_CHECK(view_equal(view_of_bytes(&set_again), changed));
    if (is_object(text)) {
        check_others(text, changed);
    }
    check_removed(changed);
}

/* json-c finds the same value. */
static void check_against_json_c(struct view text, bool present, struct view found)
{
    JSON_AUTO(whole) = NULL;
    struct failure failure = {0};
    struct json_object *wanted = NULL;

    if (json_text_parse(text, &whole, &failure) != STATUS_OK || has_nul_in_name(text)) {
        return;
    }
    bool has = json_object_is_type(whole, json_type_object) &&
               json_object_object_get_ex(whole, name, &wanted);
    FUZZ_CHECK(has == present);
    if (present) {
        JSON_AUTO(value) = fuzz_parse(found);
        FUZZ_CHECK(json_object_equal(value, wanted) != 0);
    }
}

static void check_find(struct view text)
{
    struct view found = {NULL, 0};
    BYTES_AUTO removed = {0};

    enum status status = plugin_data_text_find(text, name, &found);
    if (status == STATUS_OK) {
        FUZZ_CHECK(is_object(text));
        FUZZ_CHECK(json_scan_is_valid(found));
        FUZZ_CHECK(found.data > text.data && found.data + found.size < text.data + text.size);
        check_removed(text);
    } else {
        FUZZ_CHECK(status == STATUS_ABSENT);
        FUZZ_CHECK(plugin_data_text_remove(text, name, &removed) == STATUS_ABSENT);
    }
    check_against_json_c(text, status == STATUS_OK, found);
}

/* The value without the blanks around it, or null if there is none. */
static struct view value_in(struct view text)
{
    if (!json_scan_is_valid(text)) {
        return VIEW("null");
    }
    size_t start = json_scan_blanks(text, 0);
    return (struct view){text.data + start, json_scan_value(text, start) - start};
}

void fuzz_one(struct view input)
{
    struct view value = fuzz_take_until(&input, '\n');

    check_find(input);
    check_set(input, value_in(value));
}
