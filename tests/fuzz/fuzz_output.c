// SPDX-License-Identifier: MIT
// What the command line prints of any texts: tables, lines, values and JSON. Input: a byte for the
// number of columns, then the cells, each up to a byte 0xFF.
#include "base/hidden.h"
#include "base/utf8.h"
#include "cli/print.h"
#include "cli/table.h"
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

enum { CELLS_MAX = 256 };

/* Whether a terminal acts on a character, or orders text by it. */
static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x061C ||
           character == 0x200E || character == 0x200F ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069);
}

/* UTF-8, and no control characters but these. */
static void check_printable(struct view output, const char *allowed)
{
    FUZZ_CHECK(utf8_is_valid(output));
    while (output.size > 0) {
        uint32_t character = 0;
        size_t size = utf8_next(output, &character);
        FUZZ_CHECK(!is_control(character) ||
                   (character != 0 && character < 0x80 && strchr(allowed, (int)character) != NULL));
        output = (struct view){output.data + size, output.size - size};
    }
}

static bool starts_with(struct view text, struct view start)
{
    return text.size >= start.size && view_equal((struct view){text.data, start.size}, start);
}

static void take_expected(struct view *rest, struct view expected)
{
    FUZZ_CHECK(starts_with(*rest, expected));
    *rest = (struct view){rest->data + expected.size, rest->size - expected.size};
}

/* Takes a character's escape: a letter's, or one or two of four digits. Returns its length. */
static size_t take_escape(struct view *output, uint32_t character)
{
    char text[16];
    const char *letter = character == '\n'   ? "\\n"
                         : character == '\r' ? "\\r"
                         : character == '\t' ? "\\t"
                                             : NULL;

    if (letter != NULL) {
        (void)snprintf(text, sizeof text, "%s", letter);
    } else if (character < 0x10000) {
        (void)snprintf(text, sizeof text, "\\u%04x", (unsigned)character);
    } else {
        (void)snprintf(text, sizeof text, "\\u%04x\\u%04x",
                       (unsigned)(0xD800 + ((character - 0x10000) >> 10)),
                       (unsigned)(0xDC00 + (character & 0x3FF)));
    }
    take_expected(output, view_of_text(text));
    return strlen(text);
}

/* Takes a text as it must have been printed, hidden characters escaped and what is not UTF-8 as
 * U+FFFD. Returns its width. */
static size_t take_plain(struct view *output, struct view text)
{
    static const struct view replacement = {(const uint8_t *)"\xEF\xBF\xBD", 3};
    size_t width = 0;

    while (text.size > 0) {
        uint32_t character = 0;
        size_t size = utf8_next(text, &character);
        if (is_hidden(character)) {
            width += take_escape(output, character);
        } else {
            take_expected(output,
                          character == 0xFFFD ? replacement : (struct view){text.data, size});
            width++;
        }
        text = (struct view){text.data + size, text.size - size};
    }
    return width;
}

struct cells {
    size_t columns;
    size_t count; /* of whole lines */
    struct view cells[CELLS_MAX];
};

static void read_cells(struct view input, struct cells *cells)
{
    cells->columns = 1 + fuzz_take_byte(&input) % TABLE_COLUMNS_MAX;
    while (input.size > 0 && cells->count < CELLS_MAX - TABLE_COLUMNS_MAX) {
        cells->cells[cells->count++] = fuzz_take_until(&input, '\xFF');
    }
    while (cells->count % cells->columns != 0) {
        cells->cells[cells->count++] = view_of_text("");
    }
}

static struct view text_of_cell(const struct cells *cells, size_t cell)
{
    struct view text = cells->cells[cell];

    return text.size > 0 ? text : VIEW("-");
}

static struct view printed_line(struct buffer *output, struct view text)
{
    BUFFER_AUTO line = {0};

    buffer_add(&line, text);
    print_line(output, &line);
    FUZZ_CHECK(buffer_status(output) == STATUS_OK);
    return view_of_buffer(output);
}

/* One line, whatever is in it. Returns its width. */
static size_t check_line(struct view text)
{
    BUFFER_AUTO output = {0};
    struct view rest = printed_line(&output, text);

    check_printable(rest, "\n");
    size_t width = take_plain(&rest, text);
    take_expected(&rest, VIEW("\n"));
    FUZZ_CHECK(rest.size == 0);
    return width;
}

static void take_spaces(struct view *output, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        take_expected(output, VIEW(" "));
    }
}

/* One line for each line of cells, and each column two spaces behind the widest cell of the one
 * before. */
static void check_columns(const struct cells *cells, struct view output)
{
    size_t widths[TABLE_COLUMNS_MAX] = {0};

    for (size_t i = 0; i < cells->count; i++) {
        size_t width = check_line(text_of_cell(cells, i));
        size_t *widest = &widths[i % cells->columns];
        *widest = width > *widest ? width : *widest;
    }
    for (size_t i = 0; i < cells->count; i++) {
        size_t column = i % cells->columns;
        size_t width = take_plain(&output, text_of_cell(cells, i));
        if (column + 1 == cells->columns) {
            take_expected(&output, VIEW("\n"));
        } else {
            take_spaces(&output, widths[column] + 2 - width);
        }
    }
    FUZZ_CHECK(output.size == 0);
}

static void check_table(const struct cells *cells)
{
    TABLE_AUTO table = {.columns = cells->columns};
    BUFFER_AUTO output = {0};

    for (size_t i = 0; i < cells->count; i++) {
        table_add(&table, cells->cells[i]);
    }
    table_print(&table, &output);
    FUZZ_CHECK(buffer_status(&output) == STATUS_OK);
    check_printable(view_of_buffer(&output), "\n");
    check_columns(cells, view_of_buffer(&output));
}

/* Byte for byte or, for a terminal, with nothing that it acts on but its own lines and tabs. */
static void check_value(struct view value)
{
    BUFFER_AUTO raw = {0};
    BUFFER_AUTO shown = {0};

    print_value(&raw, value, false);
    FUZZ_CHECK(view_equal(view_of_buffer(&raw), value));
    print_value(&shown, value, true);
    FUZZ_CHECK(buffer_status(&shown) == STATUS_OK);
    check_printable(view_of_buffer(&shown), "\n\t");
    FUZZ_CHECK(shown.data[shown.size - 1] == '\n');
}

/* One line, which programs read as the same value. */
static void check_json(struct view text)
{
    BUFFER_AUTO output = {0};
    JSON_AUTO(value) = json_object_new_object();

    json_set_string(value, "text", text);
    FUZZ_CHECK(json_status(value) == STATUS_OK);
    FUZZ_CHECK(print_json(&output, value) == STATUS_OK);
    struct view line = view_of_buffer(&output);
    FUZZ_CHECK(line.size > 0 && line.data[line.size - 1] == '\n');
    line.size--;
    check_printable(line, "");
    JSON_AUTO(again) = fuzz_parse(line);
    FUZZ_CHECK(json_object_equal(value, again));
}

void fuzz_one(struct view input)
{
    struct cells cells = {0};

    read_cells(input, &cells);
    check_table(&cells);
    check_value(input);
    check_json(input);
}
