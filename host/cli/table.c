/* SPDX-License-Identifier: MIT */
#include "cli/table.h"

#include "base/utf8.h"

#include <string.h>

#define GAP      "  "
#define ELLIPSIS "\xE2\x80\xA6"

void table_free(struct table *table)
{
    buffer_wipe(&table->text);
}

/* How many characters a text has; each is taken to be one column wide. */
static size_t width_of(struct view text)
{
    size_t width = 0;

    for (size_t i = 0; i < text.size; i++) {
        width += (text.data[i] & 0xC0) != 0x80;
    }
    return width;
}

/* The first `count` characters. */
static struct view start_of(struct view text, size_t count)
{
    size_t size = 0;

    for (size_t seen = 0; size < text.size; size++) {
        seen += (text.data[size] & 0xC0) != 0x80;
        if (seen > count) {
            break;
        }
    }
    return (struct view){text.data, size};
}

/* Adds a text that may be `max` > 0 characters wide. */
static void add_cut(struct buffer *output, struct view text, size_t max)
{
    if (width_of(text) <= max) {
        buffer_add(output, text);
    } else {
        buffer_add(output, start_of(text, max - 1));
        buffer_add_text(output, ELLIPSIS);
    }
}

void table_add(struct table *table, struct view cell)
{
    size_t column = table->cells++ % table->columns;
    BUFFER_AUTO plain = {0};
    BUFFER_AUTO cut = {0};

    buffer_add_plain(&plain, cell.size > 0 ? cell : view_of_text("-"));
    add_cut(&cut, view_of_buffer(&plain), table->cell_max > 0 ? table->cell_max : SIZE_MAX);
    size_t width = width_of(view_of_buffer(&cut));
    if (width > table->widths[column]) {
        table->widths[column] = width;
    }
    table->text.failed = table->text.failed || plain.failed;
    buffer_add(&table->text, (struct view){(const uint8_t *)&cut.size, sizeof cut.size});
    buffer_join(&table->text, &cut);
}

void table_add_buffer(struct table *table, const struct buffer *cell)
{
    table->text.failed = table->text.failed || cell->failed;
    table_add(table, view_of_buffer(cell));
}

void table_add_text(struct table *table, const char *cell)
{
    table_add(table, view_of_text(cell));
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* How wide a line is whose columns are at most `max` characters wide. */
static size_t line_width(const struct table *table, size_t max)
{
    size_t width = (table->columns - 1) * strlen(GAP);

    for (size_t i = 0; i < table->columns; i++) {
        width += least(table->widths[i], max);
    }
    return width;
}

/* How wide the columns may be. */
static size_t find_column_max(const struct table *table)
{
    size_t max = table->line_max;

    if (max == 0) {
        return SIZE_MAX;
    }
    while (max > 1 && line_width(table, max) > table->line_max) {
        max--;
    }
    return max;
}

void table_print(const struct table *table, struct buffer *output)
{
    size_t column_max = find_column_max(table);
    size_t at = 0;

    output->failed = output->failed || table->text.failed;
    for (size_t cell = 0; cell < table->cells && !output->failed; cell++) {
        size_t column = cell % table->columns;
        size_t size = 0;
        memcpy(&size, table->text.data + at, sizeof size);
        struct view text = {table->text.data + at + sizeof size, size};
        at += sizeof size + size;
        add_cut(output, text, column_max);
        if (column + 1 == table->columns) {
            buffer_add_text(output, "\n");
        } else {
            size_t room = least(table->widths[column], column_max);
            buffer_print(output, "%*s" GAP, (int)(room - least(width_of(text), room)), "");
        }
    }
}
