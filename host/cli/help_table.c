/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"
#include "cli/help.h"
#include "cli/listing.h"

static enum status add_option(struct json_object *options, enum option option, const char *help,
                              bool required)
{
    const struct option_row *row = &option_rows[option];
    JSON_AUTO(object) = json_object_new_object();

    TRY(json_add_string(object, "name", view_of_text(row->name)));
    TRY(json_add_string(object, "argument", listing_text(row->argument)));
    TRY(json_add_string(object, "help", view_of_text(help != NULL ? help : row->help)));
    TRY(json_add_boolean(object, "required", required));
    return json_append(options, &object);
}

static enum status add_options(struct json_object *object, const struct command *command)
{
    JSON_AUTO(options) = json_object_new_array();

    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        TRY(add_option(options, use->option, use->help, use->required));
    }
    for (const enum option *option = help_common_options(command); *option != OPTION_END;
         option++) {
        TRY(add_option(options, *option, NULL, false));
    }
    return json_add(object, "options", &options);
}

static enum status add_command(struct json_object *table, const struct command *command)
{
    const char *arguments = command->arguments != NULL ? command->arguments : "";
    JSON_AUTO(object) = json_object_new_object();

    TRY(json_add_string(object, "name", view_of_text(command->name)));
    TRY(json_add_string(object, "arguments", view_of_text(arguments)));
    TRY(json_add_string(object, "help", view_of_text(command->help)));
    TRY(add_options(object, command));
    return json_append(table, &object);
}

enum status help_table(struct json_object **ret_table)
{
    JSON_AUTO(table) = json_object_new_array();

    for (size_t i = 0; i < command_count; i++) {
        TRY(add_command(table, commands[i]));
    }
    MOVE(*ret_table, table);
    return STATUS_OK;
}
