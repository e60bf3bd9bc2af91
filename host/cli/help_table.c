/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"
#include "cli/help.h"
#include "cli/listing.h"

static void add_option(struct json_object *options, enum option option, const char *help,
                       bool required)
{
    const struct option_row *row = &option_rows[option];
    JSON_AUTO(object) = json_object_new_object();

    json_set_string(object, "name", view_of_text(row->name));
    json_set_string(object, "argument", listing_text(row->argument));
    json_set_string(object, "help", view_of_text(help != NULL ? help : row->help));
    json_set_boolean(object, "required", required);
    json_push(options, &object);
}

static void add_options(struct json_object *object, const struct command *command)
{
    JSON_AUTO(options) = json_object_new_array();

    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        add_option(options, use->option, use->help, use->required);
    }
    for (const enum option *option = help_common_options(command); *option != OPTION_END;
         option++) {
        add_option(options, *option, NULL, false);
    }
    json_set(object, "options", &options);
}

static void add_command(struct json_object *table, const struct command *command)
{
    const char *arguments = command->arguments != NULL ? command->arguments : "";
    JSON_AUTO(object) = json_object_new_object();

    json_set_string(object, "name", view_of_text(command->name));
    json_set_string(object, "arguments", view_of_text(arguments));
    json_set_string(object, "help", view_of_text(command->help));
    add_options(object, command);
    json_push(table, &object);
}

enum status help_table(struct json_object **ret_table)
{
    JSON_AUTO(table) = json_object_new_array();

    for (size_t i = 0; i < command_count; i++) {
        add_command(table, commands[i]);
    }
    TRY(json_status(table));
    MOVE(*ret_table, table);
    return STATUS_OK;
}
