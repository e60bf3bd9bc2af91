/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

static enum status give_table(struct command_context *context, struct failure *failure)
{
    context->result = help_table();
    return context->result != NULL ? STATUS_OK : command_no_memory(failure);
}

enum status command_help(struct command_context *context, struct failure *failure)
{
    char name[64] = "";

    if (arguments_have(context->arguments, OPTION_TABLE) || command_wants_json(context)) {
        return give_table(context, failure);
    }
    if (context->word_count == 0) {
        help_overview(&context->output);
        return STATUS_OK;
    }
    (void)snprintf(name, sizeof name, "%s%s%s", context->words[0],
                   context->word_count > 1 ? " " : "",
                   context->word_count > 1 ? context->words[1] : "");
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            help_command(&commands[i], &context->output);
            return STATUS_OK;
        }
    }
    return help_unknown(context->words, context->word_count, failure);
}
