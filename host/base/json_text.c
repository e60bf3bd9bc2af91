/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"

#include "base/heap.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

void json_put(struct json_object **value)
{
    json_object_put(*value);
    *value = NULL;
}

/* Whether one of eight bytes is this one, or below that one (at most 0x80). */
#define EACH(byte)             (UINT64_C(0x0101010101010101) * (byte))
#define HAS_BELOW(eight, byte) ((((eight)-EACH(byte)) & ~(eight)&EACH(0x80)) != 0)
#define HAS(eight, byte)       HAS_BELOW((eight) ^ EACH(byte), 1)

size_t json_text_skip_plain(struct view text, size_t at)
{
    uint64_t eight = 0;

    while (at < text.size && text.size - at >= sizeof eight) {
        memcpy(&eight, text.data + at, sizeof eight);
        if (HAS(eight, '"') || HAS(eight, '\\') || HAS_BELOW(eight, 0x20)) {
            break;
        }
        at += sizeof eight;
    }
    return at;
}

/* json-c's strict mode still takes raw control characters in strings, single quotes, NaN, Infinity,
 * leading zeros and numbers without digits on one side of the point. This looks at the tokens
 * alone and says where the first such one is (text.size when there is none); the grammar around
 * them is json-c's. */
static size_t find_lenient_token(struct view text)
{
    static const char *const words[] = {"true", "false", "null"};
    bool in_string = false;

    for (size_t at = 0; at < text.size;) {
        at = in_string ? json_text_skip_plain(text, at) : at;
        if (at == text.size) {
            break;
        }
        uint8_t byte = text.data[at];
        if (in_string) {
            if (byte < 0x20) {
                return at;
            }
            in_string = byte != '"';
            at += byte == '\\' ? 2 : 1;
        } else if (byte == '"') {
            in_string = true;
            at++;
        } else if (byte == '-' || (byte >= '0' && byte <= '9')) {
            size_t end = json_scan_number(text, at);
            if (end == at) {
                return at;
            }
            at = end;
        } else if (strchr("[]{}:, \t\r\n", byte) != NULL && byte != '\0') {
            at++;
        } else {
            size_t length = 0;
            for (size_t i = 0; i < 3 && length == 0; i++) {
                size_t wanted = strlen(words[i]);
                if (text.size - at >= wanted && memcmp(text.data + at, words[i], wanted) == 0) {
                    length = wanted;
                }
            }
            if (length == 0) {
                return at;
            }
            at += length;
        }
    }
    return text.size;
}

/* Of a text without lenient tokens. json-c has a limit too, but counts the value in the innermost
 * array as one level more. */
static bool is_too_deep(struct view text)
{
    bool in_string = false;
    size_t depth = 0;

    for (size_t at = 0; at < text.size && depth <= JSON_DEPTH_MAX; at++) {
        at = in_string ? json_text_skip_plain(text, at) : at;
        if (at == text.size) {
            break;
        }
        uint8_t byte = text.data[at];
        if (in_string) {
            in_string = byte != '"';
            at += byte == '\\';
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '[' || byte == '{') {
            depth++;
        } else if ((byte == ']' || byte == '}') && depth > 0) {
            depth--;
        }
    }
    return depth > JSON_DEPTH_MAX;
}

enum status json_text_parse(struct view text, struct json_object **ret_value,
                            struct failure *failure)
{
    if (text.size == 0) {
        return failure_set(failure, STATUS_BAD_JSON, "The message is empty; send a JSON object.");
    }
    if (text.size >= INT_MAX || !utf8_is_valid(text)) {
        return failure_set(failure, STATUS_BAD_JSON, "The message is not valid UTF-8.");
    }
    size_t lenient = find_lenient_token(text);
    if (lenient < text.size) {
        return failure_set(failure, STATUS_BAD_JSON, "Not valid JSON at byte %zu: %s.", lenient,
                           "a character or number that JSON does not have");
    }
    if (is_too_deep(text)) {
        return failure_set(failure, STATUS_BAD_JSON,
                           "Not valid here: arrays and objects are nested deeper than %d.",
                           JSON_DEPTH_MAX);
    }
    unsigned long failures = heap_failures();
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
    if (tokener == NULL) {
        return failure_no_memory(failure);
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    JSON_AUTO(value) = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.size);
    size_t end = json_tokener_get_parse_end(tokener);
    if (json_tokener_get_error(tokener) == json_tokener_continue) {
        /* A number at the end of the text is only complete when something follows it. */
        value = json_tokener_parse_ex(tokener, "", 1);
    }
    enum json_tokener_error error = json_tokener_get_error(tokener);
    json_tokener_free(tokener);

    /* json-c may not have noticed (json_object_object_add in its tokener), or has no error for it:
     * it then ends before the text does, which strict mode has no other reason for. */
    if (heap_failures() != failures || (error == json_tokener_success && end < text.size)) {
        return failure_no_memory(failure);
    }
    if (error != json_tokener_success) {
        return failure_set(failure, STATUS_BAD_JSON, "Not valid JSON at byte %zu: %s.", end,
                           error == json_tokener_continue ? "the text ends too early"
                                                          : json_tokener_error_desc(error));
    }
    MOVE(*ret_value, value);
    return STATUS_OK;
}

bool json_text_has_nul_in_name(struct view text)
{
    static const char escape[] = "\\u0000";
    bool in_string = false;
    bool nul = false;

    for (size_t at = 0; at < text.size; at++) {
        at = in_string ? json_text_skip_plain(text, at) : at;
        if (at == text.size) {
            break;
        }
        uint8_t byte = text.data[at];
        if (in_string && byte == '\\') {
            nul = nul || (text.size - at >= sizeof escape - 1 &&
                          memcmp(text.data + at, escape, sizeof escape - 1) == 0);
            at++;
        } else if (byte == '"') {
            in_string = !in_string;
            nul = nul && !in_string;
        } else if (!in_string && byte == ':' && nul) {
            return true;
        }
    }
    return false;
}

enum status json_text_of(struct json_object *value, struct view *ret_text)
{
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

enum status json_add(struct json_object *object, const char *name, struct json_object **value)
{
    if (object == NULL || *value == NULL || json_object_object_add(object, name, *value) != 0) {
        json_put(value);
        return STATUS_NO_MEMORY;
    }
    *value = NULL;
    return STATUS_OK;
}

enum status json_add_string(struct json_object *object, const char *name, struct view text)
{
    if (text.data == NULL) {
        return object != NULL && json_object_object_add(object, name, NULL) == 0 ? STATUS_OK
                                                                                 : STATUS_NO_MEMORY;
    }
    BYTES_AUTO decoded = {0};
    if (!utf8_is_valid(text)) {
        TRY(utf8_decode(text, &decoded));
        text = view_of_bytes(&decoded);
    }
    JSON_AUTO(value) = text.size < INT_MAX
                           ? json_object_new_string_len((const char *)text.data, (int)text.size)
                           : NULL;
    return json_add(object, name, &value);
}

enum status json_add_boolean(struct json_object *object, const char *name, bool boolean)
{
    JSON_AUTO(value) = json_object_new_boolean(boolean);

    return json_add(object, name, &value);
}

enum status json_add_number(struct json_object *object, const char *name, int64_t number)
{
    JSON_AUTO(value) = json_object_new_int64(number);

    return json_add(object, name, &value);
}

enum status json_append(struct json_object *array, struct json_object **value)
{
    if (array == NULL || *value == NULL || json_object_array_add(array, *value) != 0) {
        json_put(value);
        return STATUS_NO_MEMORY;
    }
    *value = NULL;
    return STATUS_OK;
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
