/* SPDX-License-Identifier: MIT */
/* Strict JSON (RFC 8259) in and out, on json-c. */
#ifndef POWERUP_SECRETS_BASE_JSON_TEXT_H
#define POWERUP_SECRETS_BASE_JSON_TEXT_H

#include "base/bytes.h"
#include "base/json_scan.h"

#include <json-c/json.h>

/* How deep arrays and objects may be nested. Nothing that this program exchanges needs more. */
enum { JSON_DEPTH_MAX = 32 };

/* An owned json-c value: JSON_AUTO(value) = NULL; */
#define JSON_AUTO(name) __attribute__((cleanup(json_put))) struct json_object *name
void json_put(struct json_object **value);

/* Checks that one JSON value fills the whole text, without building anything. *ret_facts is what
 * json_scan says, in any case. STATUS_BAD_JSON: *failure says what is wrong, without quoting the
 * text. */
MUST_CHECK enum status json_text_check(struct view text, struct json_facts *ret_facts,
                                       struct failure *failure);

/* Builds the value of a text that was checked. On STATUS_OK the caller owns *ret_value (NULL stands
 * for JSON's null). A repeated name counts the last time; json-c cuts a name at a NUL, so that it
 * would pass for another one (facts.nul_in_name). STATUS_NO_MEMORY. */
MUST_CHECK enum status json_text_build(struct view text, struct json_object **ret_value,
                                       struct failure *failure);

/* Both, one after the other. */
MUST_CHECK enum status json_text_parse(struct view text, struct json_object **ret_value,
                                       struct failure *failure);

/* About how many bytes json_text_build takes beside the characters of strings. */
size_t json_text_cost(const struct json_facts *facts);

/* The text of a value, as compact as JSON.stringify writes it; it lives as long as the value and
 * until the next call for it. STATUS_NO_MEMORY, also where the value lacks something. */
MUST_CHECK enum status json_text_of(struct json_object *value, struct view *ret_text);

/* The string of a JSON string value, which may hold NUL; lives as long as the value. */
struct view json_string_view(struct json_object *value);

/* Objects and arrays keep lack of memory as a buffer does, so that many additions need one check:
 * one that could not be made, or for whose additions no memory was left, lacks something, and so
 * does what it is added to. */

/* STATUS_NO_MEMORY when an object or array, or anything in it, is missing. */
MUST_CHECK enum status json_status(struct json_object *container);

/* Sets a name of an object, taking over *value, which becomes NULL; NULL is a value that could not
 * be made. */
void json_set(struct json_object *object, const char *name, struct json_object **value);

/* The same for a value that stays the caller's, too; NULL is null. */
void json_set_shared(struct json_object *object, const char *name, struct json_object *value);

/* The same for a string that is copied; null where its data is NULL. What is not UTF-8 in it
 * becomes U+FFFD. */
void json_set_string(struct json_object *object, const char *name, struct view text);

void json_set_boolean(struct json_object *object, const char *name, bool boolean);
void json_set_number(struct json_object *object, const char *name, int64_t number);

/* The same where 0 stands for none, which is null. */
void json_set_number_or_null(struct json_object *object, const char *name, int64_t number);

/* Append to an array in the same way; a string has data. */
void json_push(struct json_object *array, struct json_object **value);
void json_push_string(struct json_object *array, struct view text);

/* Whether an array of strings has one. */
bool json_array_has_text(struct json_object *array, struct view text);

#endif
