/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

#include "browsers/browser_choice.h"
#include "browsers/browser_table.h"
#include "cli/command_table.h"
#include "cli/help.h"

#include <string.h>

void completion_add_quoted(struct buffer *output, const struct buffer *text, const char *apostrophe)
{
    output->failed = output->failed || text->failed;
    buffer_add_text(output, "'");
    for (size_t i = 0; i < text->size; i++) {
        if (text->data[i] == '\'') {
            buffer_add_text(output, apostrophe);
        } else {
            buffer_add(output, (struct view){&text->data[i], 1});
        }
    }
    buffer_add_text(output, "'");
}

static void add_list(struct buffer *output, const char *const *words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        buffer_print(output, "%s%s", i > 0 ? " " : "", words[i]);
    }
}

void completion_add_values(struct buffer *output, enum option option)
{
    if (option != OPTION_BROWSER) {
        add_list(output, option_rows[option].words);
        return;
    }
    for (size_t i = 0; i < browser_table_size; i++) {
        if (browser_is_first_of_name(i)) {
            buffer_print(output, "%s%s", i > 0 ? " " : "", browser_table[i].name);
        }
    }
}

void completion_add_words(struct buffer *output, const struct command *command)
{
    if (command != &command_help) {
        add_list(output, command->words);
        return;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (completion_is_first(i)) {
            buffer_add_text(output, i > 0 ? " " : "");
            buffer_add(output, completion_first(commands[i]));
        }
    }
}

void completion_visit_options(struct buffer *output, const struct command *command,
                              completion_visitor *visit)
{
    static const enum option of_all[] = {OPTION_STATE, OPTION_JSON,    OPTION_TIMEOUT, OPTION_WAIT,
                                         OPTION_HELP,  OPTION_VERSION, OPTION_END};

    if (command != NULL) {
        for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
            visit(output, command, use->option,
                  use->help != NULL ? use->help : option_rows[use->option].help);
        }
    }
    for (const enum option *option = command != NULL ? help_common_options(command) : of_all;
         *option != OPTION_END; option++) {
        visit(output, command, *option, option_rows[*option].help);
    }
}

enum completion_value completion_value_of(enum option option)
{
    const char *argument = option_rows[option].argument;

    return argument == NULL                ? VALUE_NONE
           : strcmp(argument, "FILE") == 0 ? VALUE_FILE
           : strcmp(argument, "DIR") == 0  ? VALUE_FOLDER
                                           : VALUE_WORD;
}

struct view completion_first(const struct command *command)
{
    return (struct view){(const uint8_t *)command->name, strcspn(command->name, " ")};
}

bool completion_is_first(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (view_equal(completion_first(commands[i]), completion_first(commands[index]))) {
            return false;
        }
    }
    return true;
}

const char *completion_second(const struct command *command)
{
    const char *blank = strchr(command->name, ' ');

    return blank != NULL ? blank + 1 : NULL;
}
