/* SPDX-License-Identifier: MIT */
/* Lists that commands give: an array of JSON objects, which people get as a table. */
#ifndef POWERUP_SECRETS_CLI_LISTING_H
#define POWERUP_SECRETS_CLI_LISTING_H

#include "base/json_text.h"
#include "cli/command.h"
#include "cli/table.h"

/* A column of the table. */
struct column {
    const char *title;
    const char *object; /* the member that has `member`; NULL: the row itself */
    const char *member; /* a text or a number; what is missing or null becomes "-" */
    /* Instead of a member: writes the cell from the row. */
    void (*write)(struct buffer *cell, struct json_object *row);
};

/* Gives *list, an array of objects, which is taken over and becomes NULL: as it is with --json,
 * else as a table of `count` columns. STATUS_NO_MEMORY, also where the array lacks something. */
MUST_CHECK enum status listing_give(struct command_context *context, struct json_object **list,
                                    const struct column *columns, size_t count);

/* The same in parts, for a list that need not be in memory: the table's titles, and each row. */
void listing_add_titles(struct table *table, const struct column *columns);
void listing_add_row(struct table *table, const struct column *columns, struct json_object *row);

/* A view of a text that may be NULL; its data is then NULL. */
struct view listing_text(const char *text);

/* Sets texts of an object; where data is NULL, null. */
struct member_text {
    const char *name;
    struct view text;
};
void listing_set_texts(struct json_object *object, const struct member_text *members, size_t count);

#endif
