/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"

#include "base/utf8.h"

#include <string.h>

static size_t skip_digits(struct view text, size_t at)
{
    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
        at++;
    }
    return at;
}

size_t json_scan_number(struct view text, size_t at)
{
    size_t start = at;

    at += text.data[at] == '-';
    size_t digits = skip_digits(text, at) - at;
    if (digits == 0 || (digits > 1 && text.data[at] == '0')) {
        return start;
    }
    at += digits;
    if (at < text.size && text.data[at] == '.') {
        size_t end = skip_digits(text, at + 1);
        if (end == at + 1) {
            return start;
        }
        at = end;
    }
    if (at < text.size && (text.data[at] | 0x20) == 'e') {
        at++;
        at += at < text.size && (text.data[at] == '+' || text.data[at] == '-');
        size_t end = skip_digits(text, at);
        if (end == at) {
            return start;
        }
        at = end;
    }
    return at;
}

static bool is_at(struct view text, size_t at, char wanted)
{
    return at < text.size && text.data[at] == (uint8_t)wanted;
}

size_t json_scan_blanks(struct view text, size_t at)
{
    while (is_at(text, at, ' ') || is_at(text, at, '\t') || is_at(text, at, '\n') ||
           is_at(text, at, '\r')) {
        at++;
    }
    return at;
}

static bool is_hex_digit(uint8_t byte)
{
    uint8_t lower = byte | 0x20;

    return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'f');
}

/* The length of an escape, or 0 when JSON has no such escape. */
static size_t escape_length(struct view text, size_t at)
{
    static const char letters[] = "\"\\/bfnrt";

    if (at + 1 >= text.size) {
        return 0;
    }
    if (text.data[at + 1] != 'u') {
        return memchr(letters, text.data[at + 1], sizeof letters - 1) != NULL ? 2 : 0;
    }
    for (size_t i = at + 2; i < at + 6; i++) {
        if (i >= text.size || !is_hex_digit(text.data[i])) {
            return 0;
        }
    }
    return 6;
}

/* The position after a string that starts at `at`, or `at` when there is none. */
static size_t skip_string(struct view text, size_t at)
{
    size_t start = at;

    if (!is_at(text, at, '"')) {
        return start;
    }
    at++;
    while (at < text.size && text.data[at] != '"') {
        size_t length = text.data[at] == '\\'   ? escape_length(text, at)
                        : text.data[at] >= 0x20 ? 1
                                                : 0;
        if (length == 0) {
            return start;
        }
        at += length;
    }
    return at < text.size ? at + 1 : start;
}

static size_t skip_scalar(struct view text, size_t at)
{
    static const char *const words[] = {"true", "false", "null"};

    if (at < text.size &&
        (text.data[at] == '-' || (text.data[at] >= '0' && text.data[at] <= '9'))) {
        return json_scan_number(text, at);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (text.size - at >= length && memcmp(text.data + at, words[i], length) == 0) {
            return at + length;
        }
    }
    return skip_string(text, at);
}

/* The arrays and objects that are open where the scanner stands. */
struct nesting {
    size_t depth;
    uint8_t is_object[(JSON_SCAN_DEPTH_MAX + 7) / 8]; /* a bit for each */
};

static bool in_object(const struct nesting *nesting)
{
    size_t level = nesting->depth - 1;

    return (nesting->is_object[level / 8] >> level % 8 & 1) != 0;
}

static bool enter(struct nesting *nesting, bool object)
{
    size_t level = nesting->depth;

    if (level == JSON_SCAN_DEPTH_MAX) {
        return false;
    }
    uint8_t bit = (uint8_t)(1U << level % 8);
    nesting->is_object[level / 8] &= (uint8_t)~bit;
    nesting->is_object[level / 8] |= object ? bit : 0;
    nesting->depth++;
    return true;
}

/* Moves behind a name and its colon. */
static bool pass_name(struct view text, size_t *at)
{
    size_t start = json_scan_blanks(text, *at);
    size_t end = skip_string(text, start);
    size_t colon = json_scan_blanks(text, end);

    *at = colon + 1;
    return end > start && is_at(text, colon, ':');
}

/* Moves from the start of a value to the end of the first value inside it that has none itself. */
static bool pass_down(struct view text, size_t *at, struct nesting *nesting)
{
    for (;;) {
        *at = json_scan_blanks(text, *at);
        bool object = is_at(text, *at, '{');
        if (!object && !is_at(text, *at, '[')) {
            size_t start = *at;
            *at = skip_scalar(text, start);
            return *at > start;
        }
        *at = json_scan_blanks(text, *at + 1);
        if (is_at(text, *at, object ? '}' : ']')) {
            ++*at;
            return true;
        }
        if (!enter(nesting, object) || (object && !pass_name(text, at))) {
            return false;
        }
    }
}

/* Moves from the end of a value behind what it ends in its turn, and to the start of the next value
 * when there is one: then something is still open. */
static bool pass_up(struct view text, size_t *at, struct nesting *nesting)
{
    while (nesting->depth > 0) {
        bool object = in_object(nesting);
        *at = json_scan_blanks(text, *at);
        if (is_at(text, *at, ',')) {
            ++*at;
            return !object || pass_name(text, at);
        }
        if (!is_at(text, *at, object ? '}' : ']')) {
            return false;
        }
        ++*at;
        nesting->depth--;
    }
    return true;
}

size_t json_scan_value(struct view text, size_t at)
{
    struct nesting nesting = {0};
    size_t start = at;

    do {
        if (!pass_down(text, &at, &nesting) || !pass_up(text, &at, &nesting)) {
            return start;
        }
    } while (nesting.depth > 0);
    return at;
}

bool json_scan_is_valid(struct view text)
{
    size_t start = json_scan_blanks(text, 0);
    size_t end = json_scan_value(text, start);

    return end > start && json_scan_blanks(text, end) == text.size && utf8_is_valid(text);
}
