/* SPDX-License-Identifier: MIT */
#include "cli/table.h"

#include "base/utf8.h"

#include <string.h>

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

void table_add(struct table *table, struct view cell)
{
    size_t column = table->cells++ % table->columns;
    BUFFER_AUTO plain = {0};

    buffer_add_plain(&plain, cell.size > 0 ? cell : view_of_text("-"));
    size_t width = width_of(view_of_buffer(&plain));
    if (width > table->widths[column]) {
        table->widths[column] = width;
    }
    buffer_add(&table->text, (struct view){(const uint8_t *)&plain.size, sizeof plain.size});
    buffer_join(&table->text, &plain);
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

void table_print(const struct table *table, struct buffer *output)
{
    size_t at = 0;

    output->failed = output->failed || table->text.failed;
    for (size_t cell = 0; cell < table->cells && !output->failed; cell++) {
        size_t column = cell % table->columns;
        size_t size = 0;
        memcpy(&size, table->text.data + at, sizeof size);
        struct view text = {table->text.data + at + sizeof size, size};
        at += sizeof size + size;
        buffer_add(output, text);
        if (column + 1 == table->columns) {
            buffer_add_text(output, "\n");
        } else {
            buffer_print(output, "%*s", (int)(table->widths[column] + 2 - width_of(text)), "");
        }
    }
}
