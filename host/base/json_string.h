/* SPDX-License-Identifier: MIT */
/* The UTF-16 units that a JSON string stands for. json-c gives strings in UTF-8, where the lone
 * surrogates that JavaScript may have in them are lost. */
#ifndef POWERUP_SECRETS_BASE_JSON_STRING_H
#define POWERUP_SECRETS_BASE_JSON_STRING_H

#include "base/bytes.h"

/* Reads units from the content of a valid JSON string, which is what stands between its quotes:
 * struct json_string_reader reader = {.content = …}; */
struct json_string_reader {
    struct view content;
    size_t at;
    uint16_t low; /* the second half of a pair of which the first was given, else 0 */
};

/* False, with *ret_unit untouched, at the end. */
bool json_string_next(struct json_string_reader *reader, uint16_t *ret_unit);

/* Whether a content stands for a text in ASCII, however it is written. */
bool json_string_is(struct view content, const char *ascii);

/* Writes what JSON.stringify puts between the quotes for a string of this one unit, with no NUL
 * behind it, and returns its size. */
enum { JSON_STRING_UNIT_SIZE_MAX = 6 };
size_t json_string_put_unit(uint16_t unit, char ret_text[JSON_STRING_UNIT_SIZE_MAX]);

#endif
