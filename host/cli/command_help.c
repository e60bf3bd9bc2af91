/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

static enum status run_help(struct command_context *context, struct failure *failure)
{
    char name[64] = "";

    if (arguments_have(context->arguments, OPTION_TABLE) || command_wants_json(context)) {
        return help_table(&context->result);
    }
    if (arguments_have(context->arguments, OPTION_MAN)) {
        help_man(&context->output);
        return STATUS_OK;
    }
    if (context->word_count == 0) {
        help_overview(&context->output);
        return STATUS_OK;
    }
    (void)snprintf(name, sizeof name, "%s%s%s", context->words[0],
                   context->word_count > 1 ? " " : "",
                   context->word_count > 1 ? context->words[1] : "");
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            help_command(commands[i], &context->output);
            return STATUS_OK;
        }
    }
    bool found = false;
    for (size_t i = 0; context->word_count == 1 && i < command_count; i++) {
        if (help_second_word(commands[i]->name, name) != NULL) {
            buffer_add_text(&context->output, found ? "\n" : "");
            help_command(commands[i], &context->output);
            found = true;
        }
    }
    return found ? STATUS_OK : help_unknown(context->words, context->word_count, failure);
}

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .words_min = 0,
    .words_max = 2,
    .help = "print help on one command, or list all",
    .options = OPTIONS(OPTIONAL(TABLE), OPTIONAL(MAN)),
    .kind = COMMAND_PLAIN,
    .run = run_help,
};
