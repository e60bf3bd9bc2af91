/* SPDX-License-Identifier: MIT */
/* Lines of cells in columns, for people. */
#ifndef POWERUP_SECRETS_CLI_TABLE_H
#define POWERUP_SECRETS_CLI_TABLE_H

#include "base/buffer.h"

enum { TABLE_COLUMNS_MAX = 10 };

/* All zero but for the number of columns is an empty table. What is too long is cut, and ends with
 * "…" then. */
struct table {
    size_t columns;
    size_t cell_max; /* characters of a cell; 0: any number */
    size_t line_max; /* of a line, for which the widest columns are cut; 0: any number */
    size_t widths[TABLE_COLUMNS_MAX]; /* in characters */
    size_t cells;
    struct buffer text; /* the cells, each after its size as a size_t */
};
#define TABLE_AUTO __attribute__((cleanup(table_free))) struct table
void table_free(struct table *table);

/* Adds the next cell of the line, or the first of the next, by buffer_add_plain; no text at all
 * becomes "-". */
void table_add(struct table *table, struct view cell);
void table_add_text(struct table *table, const char *cell);

/* The same with what a buffer holds; where that failed, the table fails as well. */
void table_add_buffer(struct table *table, const struct buffer *cell);

/* Writes it with columns below each other. Every column is seen: a line is longer than line_max
 * where that has no room for one character of each. */
void table_print(const struct table *table, struct buffer *output);

#endif
