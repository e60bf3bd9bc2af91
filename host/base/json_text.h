/* SPDX-License-Identifier: MIT */
/* Strict JSON (RFC 8259) in and out, on json-c. */
#ifndef POWERUP_SECRETS_BASE_JSON_TEXT_H
#define POWERUP_SECRETS_BASE_JSON_TEXT_H

#include "base/bytes.h"

#include <json-c/json.h>

/* How deep arrays and objects may be nested. Nothing that this program exchanges needs more. */
enum { JSON_DEPTH_MAX = 32 };

/* An owned json-c value: JSON_AUTO(value) = NULL; */
#define JSON_AUTO(name) __attribute__((cleanup(json_put))) struct json_object *name
void json_put(struct json_object **value);

/* Parses one JSON value that fills the whole text. On STATUS_OK the caller owns *ret_value (NULL
 * stands for JSON's null). A repeated name counts the last time. STATUS_BAD_JSON: *failure says
 * what is wrong, without quoting the text. STATUS_NO_MEMORY. */
MUST_CHECK enum status json_text_parse(struct view text, struct json_object **ret_value,
                                       struct failure *failure);

/* Inside a string: the first position from `at` on that may hold its end, an escape or a control
 * character. Eight bytes are checked at a time, so the byte itself may be a few positions further.
 */
size_t json_text_skip_plain(struct view text, size_t at);

/* Whether a name in a valid JSON text holds NUL. json-c cuts it there, so that it would pass for
 * another name. */
bool json_text_has_nul_in_name(struct view text);

/* The text of a value, as compact as JSON.stringify writes it; it lives as long as the value and
 * until the next call for it. STATUS_NO_MEMORY. */
MUST_CHECK enum status json_text_of(struct json_object *value, struct view *ret_text);

/* The string of a JSON string value, which may hold NUL; lives as long as the value. */
struct view json_string_view(struct json_object *value);

/* Adds one name to an object, taking over *value, which becomes NULL. STATUS_NO_MEMORY when object
 * or value is NULL (its constructor found no memory) or the object cannot grow; the value is then
 * freed. */
MUST_CHECK enum status json_add(struct json_object *object, const char *name,
                                struct json_object **value);

/* The same for a string that is copied; null where its data is NULL. What is not UTF-8 in it
 * becomes U+FFFD. */
MUST_CHECK enum status json_add_string(struct json_object *object, const char *name,
                                       struct view text);

/* The same for true and false. */
MUST_CHECK enum status json_add_boolean(struct json_object *object, const char *name, bool boolean);

/* The same for an integer. */
MUST_CHECK enum status json_add_number(struct json_object *object, const char *name,
                                       int64_t number);

/* Appends to an array in the same way. */
MUST_CHECK enum status json_append(struct json_object *array, struct json_object **value);

/* Whether an array of strings has one. */
bool json_array_has_text(struct json_object *array, struct view text);

#endif
