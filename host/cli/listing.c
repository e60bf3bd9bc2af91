/* SPDX-License-Identifier: MIT */
#include "cli/listing.h"

#include "cli/command_context.h"

static void write_member(struct buffer *cell, const struct column *column, struct json_object *row)
{
    struct json_object *object =
        column->object != NULL ? json_object_object_get(row, column->object) : row;
    struct json_object *value = NULL;
    struct view text;

    if (!json_object_is_type(object, json_type_object) ||
        !json_object_object_get_ex(object, column->member, &value) || value == NULL) {
        return;
    }
    if (json_object_is_type(value, json_type_string)) {
        buffer_add(cell, json_string_view(value));
    } else if (json_text_of(value, &text) == STATUS_OK) {
        buffer_add(cell, text);
    } else {
        cell->failed = true;
    }
}

void listing_add_titles(struct table *table, const struct column *columns)
{
    for (size_t i = 0; i < table->columns; i++) {
        table_add_text(table, columns[i].title);
    }
}

void listing_add_row(struct table *table, const struct column *columns, struct json_object *row)
{
    for (size_t i = 0; i < table->columns; i++) {
        BUFFER_AUTO cell = {0};
        if (columns[i].write != NULL) {
            columns[i].write(&cell, row);
        } else {
            write_member(&cell, &columns[i], row);
        }
        table_add_buffer(table, &cell);
    }
}

static void print_table(struct json_object *list, const struct column *columns, size_t count,
                        struct buffer *output)
{
    TABLE_AUTO table = {.columns = count};

    listing_add_titles(&table, columns);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        listing_add_row(&table, columns, json_object_array_get_idx(list, i));
    }
    table_print(&table, output);
}

enum status listing_give(struct command_context *context, struct json_object **list,
                         const struct column *columns, size_t count)
{
    TRY(json_status(*list));
    if (command_wants_json(context)) {
        MOVE(context->result, *list);
        return STATUS_OK;
    }
    print_table(*list, columns, count, &context->output);
    json_put(list);
    return buffer_status(&context->output);
}

struct view listing_text(const char *text)
{
    return text != NULL ? view_of_text(text) : (struct view){NULL, 0};
}

void listing_set_texts(struct json_object *object, const struct member_text *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_set_string(object, members[i].name, members[i].text);
    }
}
