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

/* Moves behind a number, which must start with a minus sign or a digit. */
static bool pass_number(struct view text, size_t *at)
{
    *at += text.data[*at] == '-';
    size_t start = *at;
    *at = skip_digits(text, start);
    if (*at == start || (*at - start > 1 && text.data[start] == '0')) {
        return false;
    }
    if (*at < text.size && text.data[*at] == '.') {
        start = *at + 1;
        *at = skip_digits(text, start);
        if (*at == start) {
            return false;
        }
    }
    if (*at < text.size && (text.data[*at] | 0x20) == 'e') {
        ++*at;
        *at += *at < text.size && (text.data[*at] == '+' || text.data[*at] == '-');
        start = *at;
        *at = skip_digits(text, start);
        return *at > start;
    }
    return true;
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

/* Whether one of eight bytes is this one, or below that one (at most 0x80). */
#define EACH(byte)             (UINT64_C(0x0101010101010101) * (byte))
#define HAS_BELOW(eight, byte) ((((eight)-EACH(byte)) & ~(eight)&EACH(0x80)) != 0)
#define HAS(eight, byte)       HAS_BELOW((eight) ^ EACH(byte), 1)

size_t json_scan_skip_plain(struct view text, size_t at)
{
    uint64_t eight = 0;

    while (at < text.size && text.size - at >= sizeof eight) {
        memcpy(&eight, text.data + at, sizeof eight);
        if (HAS(eight, '"') || HAS(eight, '\\') || HAS_BELOW(eight, 0x20) ||
            (eight & EACH(0x80)) != 0) {
            break;
        }
        at += sizeof eight;
    }
    return at;
}

/* The length of what stands for one character in a string, or 0 when nothing valid does. */
static size_t unit_length(struct view text, size_t at)
{
    uint8_t byte = text.data[at];

    if (byte == '\\') {
        return escape_length(text, at);
    }
    if (byte < 0x80) {
        return byte >= 0x20 ? 1 : 0;
    }
    int length = utf8_character_length((struct view){text.data + at, text.size - at});
    return length > 0 ? (size_t)length : 0;
}

/* Moves behind a string. *nul: it has an escaped U+0000, else it is left as it is. */
static bool pass_string(struct view text, size_t *at, bool *nul)
{
    static const char escaped_nul[] = "\\u0000";

    if (!is_at(text, *at, '"')) {
        return false;
    }
    ++*at;
    for (;;) {
        *at = json_scan_skip_plain(text, *at);
        if (*at >= text.size) {
            return false;
        }
        if (text.data[*at] == '"') {
            ++*at;
            return true;
        }
        size_t length = unit_length(text, *at);
        if (length == 0) {
            return false;
        }
        *nul = *nul || (length == sizeof escaped_nul - 1 &&
                        memcmp(text.data + *at, escaped_nul, length) == 0);
        *at += length;
    }
}

static bool pass_scalar(struct view text, size_t *at)
{
    static const char *const words[] = {"true", "false", "null"};
    bool ignored = false;

    if (*at < text.size &&
        (text.data[*at] == '-' || (text.data[*at] >= '0' && text.data[*at] <= '9'))) {
        return pass_number(text, at);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (text.size - *at >= length && memcmp(text.data + *at, words[i], length) == 0) {
            *at += length;
            return true;
        }
    }
    return pass_string(text, at, &ignored);
}

/* Where the scanner stands: the arrays and objects that are open, and what it has met. */
struct scan {
    struct view text;
    size_t at;
    size_t depth;
    uint8_t is_object[(JSON_SCAN_DEPTH_MAX + 7) / 8]; /* a bit for each */
    struct json_facts facts;
    /* Where the value of the outermost object's "id" or "op" will be noted; NULL: the scanner is
     * not in one. */
    struct view *noted;
    size_t noted_start;
};

static bool in_object(const struct scan *scan)
{
    size_t level = scan->depth - 1;

    return (scan->is_object[level / 8] >> level % 8 & 1) != 0;
}

static bool enter(struct scan *scan, bool object)
{
    size_t level = scan->depth;

    if (level == JSON_SCAN_DEPTH_MAX) {
        return false;
    }
    uint8_t bit = (uint8_t)(1U << level % 8);
    scan->is_object[level / 8] &= (uint8_t)~bit;
    scan->is_object[level / 8] |= object ? bit : 0;
    scan->depth++;
    return true;
}

/* Begins to note the value that starts here, when the name is of one that is noted. */
static void begin_note(struct scan *scan, struct view name)
{
    if (scan->depth == 1) {
        scan->noted = view_equal(name, view_of_text("\"id\""))   ? &scan->facts.id
                      : view_equal(name, view_of_text("\"op\"")) ? &scan->facts.op
                                                                 : NULL;
        scan->noted_start = scan->at;
    }
}

/* A value has ended. */
static void end_note(struct scan *scan)
{
    if (scan->depth == 1 && scan->noted != NULL) {
        *scan->noted =
            (struct view){scan->text.data + scan->noted_start, scan->at - scan->noted_start};
        scan->noted = NULL;
    }
}

/* Moves behind a name and its colon. */
static bool pass_name(struct scan *scan)
{
    struct view text = scan->text;

    scan->at = json_scan_blanks(text, scan->at);
    struct view name = {text.data + scan->at, 0};
    if (!pass_string(text, &scan->at, &scan->facts.nul_in_name)) {
        return false;
    }
    name.size = (size_t)(text.data + scan->at - name.data);
    scan->facts.names++;
    scan->at = json_scan_blanks(text, scan->at);
    if (!is_at(text, scan->at, ':')) {
        return false;
    }
    scan->at = json_scan_blanks(text, scan->at + 1);
    begin_note(scan, name);
    return true;
}

/* Moves from the start of a value to the end of the first value inside it that has none itself. */
static bool pass_down(struct scan *scan)
{
    struct json_facts *facts = &scan->facts;

    for (;;) {
        scan->at = json_scan_blanks(scan->text, scan->at);
        bool object = is_at(scan->text, scan->at, '{');
        if (!object && !is_at(scan->text, scan->at, '[')) {
            facts->scalars++;
            return pass_scalar(scan->text, &scan->at);
        }
        facts->objects += object ? 1 : 0;
        facts->arrays += object ? 0 : 1;
        if (!enter(scan, object)) {
            return false;
        }
        facts->depth = scan->depth > facts->depth ? scan->depth : facts->depth;
        scan->at = json_scan_blanks(scan->text, scan->at + 1);
        if (is_at(scan->text, scan->at, object ? '}' : ']')) {
            scan->at++;
            scan->depth--;
            return true;
        }
        if (object && !pass_name(scan)) {
            return false;
        }
    }
}

/* Moves from the end of a value behind what it ends in its turn, and to the start of the next value
 * when there is one: then something is still open. */
static bool pass_up(struct scan *scan)
{
    end_note(scan);
    while (scan->depth > 0) {
        bool object = in_object(scan);
        scan->at = json_scan_blanks(scan->text, scan->at);
        if (is_at(scan->text, scan->at, ',')) {
            scan->at++;
            return !object || pass_name(scan);
        }
        if (!is_at(scan->text, scan->at, object ? '}' : ']')) {
            return false;
        }
        scan->at++;
        scan->depth--;
        end_note(scan);
    }
    return true;
}

/* Moves behind the value that starts here. */
static bool pass_value(struct scan *scan)
{
    do {
        if (!pass_down(scan) || !pass_up(scan)) {
            return false;
        }
    } while (scan->depth > 0);
    return true;
}

size_t json_scan_value(struct view text, size_t at)
{
    struct scan scan = {.text = text, .at = at};

    return pass_value(&scan) ? scan.at : at;
}

bool json_scan(struct view text, struct json_facts *ret_facts)
{
    struct scan scan = {.text = text};

    bool valid = pass_value(&scan);
    if (valid) {
        scan.at = json_scan_blanks(text, scan.at);
    }
    valid = valid && scan.at == text.size;
    scan.facts.end = scan.at;
    if (!valid) {
        scan.facts.id = scan.facts.op = (struct view){NULL, 0};
    }
    *ret_facts = scan.facts;
    return valid;
}

bool json_scan_is_valid(struct view text)
{
    struct json_facts ignored;

    return json_scan(text, &ignored);
}
