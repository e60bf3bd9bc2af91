/* SPDX-License-Identifier: MIT */
#include "base/json_string.h"

#include <string.h>

/* What follows a backslash, and what it stands for. */
static const char escape_letters[] = "\"\\/bfnrt";
static const char escaped_units[] = "\"\\/\b\f\n\r\t";

static uint16_t hex_unit(const uint8_t digits[4])
{
    unsigned unit = 0;

    for (size_t i = 0; i < 4; i++) {
        unsigned digit = digits[i];
        unit = unit << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    return (uint16_t)unit;
}

static uint16_t take_escape(struct json_string_reader *reader)
{
    const uint8_t *letter = reader->content.data + reader->at + 1;

    if (*letter == 'u') {
        reader->at += 6;
        return hex_unit(letter + 1);
    }
    reader->at += 2;
    const char *found = memchr(escape_letters, *letter, sizeof escape_letters - 1);
    return found != NULL ? (uint8_t)escaped_units[found - escape_letters] : *letter;
}

/* A character in UTF-8; the second half of a pair stays for the next call. */
static uint16_t take_character(struct json_string_reader *reader)
{
    const uint8_t *bytes = reader->content.data + reader->at;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    uint32_t character = length == 1 ? bytes[0] : bytes[0] & (0xFFU >> (length + 1));

    for (size_t i = 1; i < length; i++) {
        character = character << 6 | (bytes[i] & 0x3F);
    }
    reader->at += length;
    if (character < 0x10000) {
        return (uint16_t)character;
    }
    reader->low = (uint16_t)(0xDC00 | ((character - 0x10000) & 0x3FF));
    return (uint16_t)(0xD800 | (character - 0x10000) >> 10);
}

bool json_string_next(struct json_string_reader *reader, uint16_t *ret_unit)
{
    if (reader->low != 0) {
        *ret_unit = reader->low;
        reader->low = 0;
        return true;
    }
    if (reader->at == reader->content.size) {
        return false;
    }
    *ret_unit =
        reader->content.data[reader->at] == '\\' ? take_escape(reader) : take_character(reader);
    return true;
}

bool json_string_is(struct view content, const char *ascii)
{
    struct json_string_reader reader = {.content = content};
    uint16_t unit = 0;

    for (; json_string_next(&reader, &unit); ascii++) {
        /* The end of the wanted text matches no unit but NUL, and that is not its end. */
        if (*ascii == '\0' || unit != (uint8_t)*ascii) {
            return false;
        }
    }
    return *ascii == '\0';
}

size_t json_string_put_unit(uint16_t unit, char ret_text[JSON_STRING_UNIT_SIZE_MAX])
{
    static const char digits[] = "0123456789abcdef";
    const char *escaped = unit < 0x80 && unit != '/' && unit != '\0'
                              ? memchr(escaped_units, unit, sizeof escaped_units - 1)
                              : NULL;

    if (escaped != NULL) {
        ret_text[0] = '\\';
        ret_text[1] = escape_letters[escaped - escaped_units];
        return 2;
    }
    if (unit < 0x20 || (unit & 0xF800) == 0xD800) {
        ret_text[0] = '\\';
        ret_text[1] = 'u';
        for (int i = 0; i < 4; i++) {
            ret_text[2 + i] = digits[unit >> (12 - 4 * i) & 0x0F];
        }
        return 6;
    }
    if (unit < 0x80) {
        ret_text[0] = (char)unit;
        return 1;
    }
    if (unit < 0x800) {
        ret_text[0] = (char)(0xC0 | unit >> 6);
        ret_text[1] = (char)(0x80 | (unit & 0x3F));
        return 2;
    }
    ret_text[0] = (char)(0xE0 | unit >> 12);
    ret_text[1] = (char)(0x80 | (unit >> 6 & 0x3F));
    ret_text[2] = (char)(0x80 | (unit & 0x3F));
    return 3;
}
