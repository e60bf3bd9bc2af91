/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"

#include "base/heap.h"
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

/* The user data of an object or array that lacks something is the address of this. */
static char lack;

static bool lacks(struct json_object *value)
{
    return json_object_get_userdata(value) == &lack;
}

void json_put(struct json_object **value)
{
    /* json-c 0.19 takes the user data of a container that it frees for a pointer of its own. */
    if (lacks(*value)) {
        json_object_set_userdata(*value, NULL, NULL);
    }
    json_object_put(*value);
    *value = NULL;
}

/* What json-c takes for each, in bytes: objects have a table of 16 names from the start, and a
 * table that grows is there twice. */
enum { OBJECT_COST = 816, ARRAY_COST = 180, SCALAR_COST = 90, NAME_COST = 200 };

size_t json_text_cost(const struct json_facts *facts)
{
    return OBJECT_COST * facts->objects + ARRAY_COST * facts->arrays +
           SCALAR_COST * facts->scalars + NAME_COST * facts->names;
}

enum status json_text_check(struct view text, struct json_facts *ret_facts, struct failure *failure)
{
    *ret_facts = (struct json_facts){0};
    if (text.size == 0) {
        return failure_set(failure, STATUS_BAD_JSON, "The message is empty; send a JSON object.");
    }
    if (text.size >= INT_MAX) {
        return failure_set(failure, STATUS_BAD_JSON, "Not valid here: a text of %zu bytes.",
                           text.size);
    }
    bool valid = json_scan(text, ret_facts);
    if (ret_facts->depth > JSON_DEPTH_MAX) {
        return failure_set(failure, STATUS_BAD_JSON,
                           "Not valid here: arrays and objects are nested deeper than %d.",
                           JSON_DEPTH_MAX);
    }
    if (valid) {
        return STATUS_OK;
    }
    struct view rest = {text.data + ret_facts->end, text.size - ret_facts->end};
    const char *why = rest.size == 0                    ? ": the text ends too early"
                      : utf8_character_length(rest) < 0 ? ": that is not UTF-8"
                                                        : "";
    return failure_set(failure, STATUS_BAD_JSON, "Not valid JSON at byte %zu%s.", ret_facts->end,
                       why);
}

enum status json_text_build(struct view text, struct json_object **ret_value,
                            struct failure *failure)
{
    unsigned long failures = heap_failures();
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
    if (tokener == NULL) {
        return failure_no_memory(failure);
    }
    /* Not its strict mode: the text was checked, and that of json-c 0.18 refuses what is not ASCII.
     */
    JSON_AUTO(value) = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.size);
    size_t end = json_tokener_get_parse_end(tokener);
    if (json_tokener_get_error(tokener) == json_tokener_continue) {
        /* A number at the end of the text is only complete when something follows it. */
        value = json_tokener_parse_ex(tokener, "", 1);
    }
    enum json_tokener_error error = json_tokener_get_error(tokener);
    json_tokener_free(tokener);

    /* json-c may not have noticed (json_object_object_add in its tokener), or has no error for it:
     * it then ends before the value does. */
    if (heap_failures() != failures ||
        (error == json_tokener_success && json_scan_blanks(text, end) < text.size)) {
        return failure_no_memory(failure);
    }
    if (error != json_tokener_success) {
        return failure_set(failure, STATUS_BAD_JSON, "Not valid JSON at byte %zu: %s.", end,
                           json_tokener_error_desc(error));
    }
    MOVE(*ret_value, value);
    return STATUS_OK;
}

enum status json_text_parse(struct view text, struct json_object **ret_value,
                            struct failure *failure)
{
    struct json_facts ignored;

    TRY(json_text_check(text, &ignored, failure));
    return json_text_build(text, ret_value, failure);
}

enum status json_text_of(struct json_object *value, struct view *ret_text)
{
    TRY(lacks(value) ? STATUS_NO_MEMORY : STATUS_OK);
    unsigned long failures = heap_failures();
    size_t size = 0;
    const char *text = json_object_to_json_string_length(
        value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
    /* json-c leaves out what it has no memory for. */
    if (heap_failures() != failures || text == NULL) {
        return STATUS_NO_MEMORY;
    }
    *ret_text = (struct view){(const uint8_t *)text, size};
    return STATUS_OK;
}

struct view json_string_view(struct json_object *value)
{
    return (struct view){(const uint8_t *)json_object_get_string(value),
                         (size_t)json_object_get_string_len(value)};
}

enum status json_status(struct json_object *container)
{
    return container == NULL || lacks(container) ? STATUS_NO_MEMORY : STATUS_OK;
}

static void note_lack(struct json_object *container)
{
    if (container != NULL) {
        json_object_set_userdata(container, &lack, NULL);
    }
}

/* Whether the object has taken over the value; NULL is null. */
static bool take(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_status(object) == STATUS_OK && !lacks(value) &&
        json_object_object_add(object, name, value) == 0) {
        return true;
    }
    note_lack(object);
    return false;
}

static void set_null(struct json_object *object, const char *name)
{
    (void)take(object, name, NULL); /* there is nothing to free */
}

void json_set(struct json_object *object, const char *name, struct json_object **value)
{
    if (*value == NULL) {
        note_lack(object);
    } else if (take(object, name, *value)) {
        *value = NULL;
    } else {
        json_put(value);
    }
}

void json_set_shared(struct json_object *object, const char *name, struct json_object *value)
{
    if (!take(object, name, json_object_get(value))) {
        json_object_put(value); /* its owner still knows what it lacks */
    }
}

/* NULL without memory for it. */
static struct json_object *new_string(struct view text)
{
    BYTES_AUTO decoded = {0};

    if (!utf8_is_valid(text)) {
        if (utf8_decode(text, &decoded) != STATUS_OK) {
            return NULL;
        }
        text = view_of_bytes(&decoded);
    }
    return text.size < INT_MAX ? json_object_new_string_len((const char *)text.data, (int)text.size)
                               : NULL;
}

void json_set_string(struct json_object *object, const char *name, struct view text)
{
    if (text.data == NULL) {
        set_null(object, name);
        return;
    }
    JSON_AUTO(value) = new_string(text);
    json_set(object, name, &value);
}

void json_set_boolean(struct json_object *object, const char *name, bool boolean)
{
    JSON_AUTO(value) = json_object_new_boolean(boolean);

    json_set(object, name, &value);
}

void json_set_number(struct json_object *object, const char *name, int64_t number)
{
    JSON_AUTO(value) = json_object_new_int64(number);

    json_set(object, name, &value);
}

void json_set_number_or_null(struct json_object *object, const char *name, int64_t number)
{
    if (number != 0) {
        json_set_number(object, name, number);
    } else {
        set_null(object, name);
    }
}

void json_push(struct json_object *array, struct json_object **value)
{
    if (json_status(array) != STATUS_OK || *value == NULL || lacks(*value) ||
        json_object_array_add(array, *value) != 0) {
        note_lack(array);
        json_put(value);
    }
    *value = NULL;
}

void json_push_string(struct json_object *array, struct view text)
{
    JSON_AUTO(value) = new_string(text);

    json_push(array, &value);
}

bool json_array_has_text(struct json_object *array, struct view text)
{
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        if (view_equal(json_string_view(json_object_array_get_idx(array, i)), text)) {
            return true;
        }
    }
    return false;
}
