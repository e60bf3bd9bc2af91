/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"
#include "cli/help.h"

static enum status add_option(struct json_object *options, enum option option, const char *help,
                              bool required)
{
    const struct option_row *row = &option_rows[option];
    struct view argument =
        row->argument != NULL ? view_of_text(row->argument) : (struct view){NULL, 0};
    JSON_AUTO(object) = json_object_new_object();

    TRY(object != NULL ? json_add_string(object, "name", view_of_text(row->name))
                       : STATUS_NO_MEMORY);
    TRY(json_add_string(object, "argument", argument));
    TRY(json_add_string(object, "help", view_of_text(help != NULL ? help : row->help)));
    TRY(json_add_boolean(object, "required", required));
    return json_append(options, &object);
}

static enum status add_options(struct json_object *object, const struct command *command)
{
    static const enum option common[] = {OPTION_STATE, OPTION_JSON, OPTION_HELP, OPTION_TIMEOUT};
    JSON_AUTO(options) = json_object_new_array();
    size_t common_count = sizeof common / sizeof common[0] - (command->kind == COMMAND_PLAIN);

    enum status status = options != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    for (const struct option_use *use = command->options;
         status == STATUS_OK && use->option != OPTION_END; use++) {
        status = add_option(options, use->option, use->help, use->required);
    }
    for (size_t i = 0; status == STATUS_OK && i < common_count; i++) {
        status = add_option(options, common[i], NULL, false);
    }
    return status == STATUS_OK ? json_add(object, "options", &options) : status;
}

static enum status add_command(struct json_object *table, const struct command *command)
{
    JSON_AUTO(object) = json_object_new_object();

    TRY(object != NULL ? json_add_string(object, "name", view_of_text(command->name))
                       : STATUS_NO_MEMORY);
    TRY(json_add_string(object, "arguments", view_of_text(command->arguments)));
    TRY(json_add_string(object, "help", view_of_text(command->help)));
    TRY(add_options(object, command));
    return json_append(table, &object);
}

struct json_object *help_table(void)
{
    JSON_AUTO(table) = json_object_new_array();
    enum status status = table != NULL ? STATUS_OK : STATUS_NO_MEMORY;

    for (size_t i = 0; status == STATUS_OK && i < command_count; i++) {
        status = add_command(table, &commands[i]);
    }
    return status == STATUS_OK ? json_object_get(table) : NULL;
}
