/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "cli/command.h"
#include "cli/command_context.h"
#include "cli/command_run.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/print.h"
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

/* Whether the command line begins with a row's name of one or two words. */
static bool is_named(const struct command *command, const struct arguments *arguments,
                     size_t *ret_words)
{
    const char *space = strchr(command->name, ' ');
    size_t size = space != NULL ? (size_t)(space - command->name) : strlen(command->name);

    if (arguments->word_count < 1 || strlen(arguments->words[0]) != size ||
        memcmp(arguments->words[0], command->name, size) != 0) {
        return false;
    }
    if (space != NULL &&
        (arguments->word_count < 2 || strcmp(arguments->words[1], space + 1) != 0)) {
        return false;
    }
    *ret_words = space != NULL ? 2 : 1;
    return true;
}

/* Finds the command, and which words are left for it; NULL where there is none. */
static const struct command *find_command(struct command_context *context)
{
    const struct arguments *arguments = context->arguments;
    size_t words = 0;

    for (size_t i = 0; i < command_count; i++) {
        if (is_named(commands[i], arguments, &words)) {
            context->words = arguments->words + words;
            context->word_count = arguments->word_count - words;
            return commands[i];
        }
    }
    return NULL;
}

static enum status refuse_command(const struct arguments *arguments, struct failure *failure)
{
    return arguments->word_count == 0
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "No command was given; \"powerup-secrets help\" lists them.")
               : help_unknown(arguments->words, arguments->word_count, failure);
}

static const struct option_use *find_use(const struct command *command, enum option option)
{
    const struct option_use *use = command->options;

    while (use->option != OPTION_END && use->option != option) {
        use++;
    }
    return use->option != OPTION_END ? use : NULL;
}

static bool is_allowed(const struct command *command, enum option option)
{
    switch (option) {
    case OPTION_STATE:
    case OPTION_JSON:
    case OPTION_HELP:
        return true;
    case OPTION_TIMEOUT:
    case OPTION_WAIT:
        return command->kind != COMMAND_PLAIN || find_use(command, option) != NULL;
    default:
        return find_use(command, option) != NULL;
    }
}

static enum status check_option(const struct command *command, enum option option,
                                struct view value, struct failure *failure)
{
    struct failure why = {0};

    if (!is_allowed(command, option)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "%s has no option --%s; see \"powerup-secrets help %s\".", command->name,
                           option_rows[option].name, command->name);
    }
    if (option_check(option, value, &why) != STATUS_OK) {
        return failure_set(failure, STATUS_BAD_REQUEST, "--%s: %s", option_rows[option].name,
                           why.message);
    }
    return STATUS_OK;
}

static enum status check_options(const struct command_context *context, struct failure *failure)
{
    const struct command *command = context->command;

    for (enum option option = 0; option < OPTION_COUNT; option++) {
        if (arguments_have(context->arguments, option)) {
            TRY(check_option(command, option, command_value(context, option), failure));
        }
    }
    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        if (use->required && !arguments_have(context->arguments, use->option)) {
            const struct option_row *row = &option_rows[use->option];
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "%s needs --%s %s; see \"powerup-secrets help %s\".", command->name,
                               row->name, row->argument, command->name);
        }
    }
    return STATUS_OK;
}

/* What is more than a command takes may be meant as a command of its own. */
static enum status refuse_further(const struct command *command, const char *given,
                                  struct failure *failure)
{
    const char *further = command->words_max > 0 ? "further " : "";
    struct view excerpt = words_excerpt(view_of_text(given));

    for (size_t i = 0; i < command_count; i++) {
        if (view_equal(completion_first(commands[i]), view_of_text(given))) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "%s takes no %sargument; \"%s\" is another command, run it by "
                               "itself.",
                               command->name, further, given);
        }
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "%s takes no %sargument \"%.*s\"; see \"powerup-secrets help %s\".",
                       command->name, further, (int)excerpt.size, (const char *)excerpt.data,
                       command->name);
}

static enum status check_words(const struct command_context *context, struct failure *failure)
{
    const struct command *command = context->command;
    char takes[64];

    if (context->word_count > command->words_max) {
        return refuse_further(command, context->words[command->words_max], failure);
    }
    if (context->word_count < command->words_min) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "An argument is missing; usage: powerup-secrets %s %s; see "
                           "\"powerup-secrets help %s\".",
                           command->name, command->arguments, command->name);
    }
    if (command->words == NULL || command->other_words || context->word_count == 0) {
        return STATUS_OK;
    }
    (void)snprintf(takes, sizeof takes, "%s takes", command->name);
    return words_check(takes, command->words, view_of_text(context->words[0]), failure);
}

enum status command_choose(struct command_context *context, struct failure *failure)
{
    context->command = find_command(context);
    if (context->command == NULL) {
        return refuse_command(context->arguments, failure);
    }
    TRY(check_options(context, failure));
    return check_words(context, failure);
}

static enum status run(struct command_context *context, struct failure *failure)
{
    const struct command *command = find_command(context);

    if (arguments_have(context->arguments, OPTION_VERSION)) {
        buffer_add_text(&context->output, "powerup-secrets " POWERUP_SECRETS_VERSION "\n");
        return STATUS_OK;
    }
    if (arguments_have(context->arguments, OPTION_HELP) && context->arguments->word_count == 0) {
        help_overview(&context->output);
        return STATUS_OK;
    }
    if (arguments_have(context->arguments, OPTION_HELP) && command != NULL) {
        help_command(command, &context->output);
        return STATUS_OK;
    }
    TRY(command_choose(context, failure));
    return command_run(context, failure);
}

static enum command_exit exit_of(const struct command_context *context, enum status status)
{
    static const struct {
        enum status status;
        enum command_exit exit;
    } rows[] = {
        {STATUS_OK, COMMAND_DONE},
        {STATUS_BAD_REQUEST, COMMAND_WRONG_USE},
        {STATUS_BAD_ORIGIN, COMMAND_WRONG_USE},
        {STATUS_ABSENT, COMMAND_ABSENT},
        {STATUS_LIBRARY_ERROR, COMMAND_NOT_DECRYPTED},
    };
    bool decrypts = context->command != NULL && context->command->decrypts;

    if (status == STATUS_OK && context->failed) {
        return COMMAND_FAILED;
    }
    /* The store may be out of date when a browser did not confirm. */
    if (context->not_confirmed && (status == STATUS_OK || status == STATUS_ABSENT)) {
        return COMMAND_NOT_CONFIRMED;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status && (status != STATUS_LIBRARY_ERROR || decrypts)) {
            return rows[i].exit;
        }
    }
    return COMMAND_FAILED;
}

static enum status print_result(struct command_context *context, struct buffer *output)
{
    if (context->result != NULL) {
        return print_json(output, context->result);
    }
    buffer_join(output, &context->output);
    return buffer_status(output);
}

enum command_exit command_line_run(int count, char **texts, struct kept_store *kept,
                                   struct buffer *output, struct buffer *notes)
{
    ARGUMENTS_AUTO arguments = {0};
    COMMAND_CONTEXT_AUTO context = {.arguments = &arguments, .kept = kept};
    struct failure failure = {0};

    enum status status = arguments_parse(count, texts, &arguments, &failure);
    if (status == STATUS_OK) {
        status = run(&context, &failure);
    }
    if (status == STATUS_OK) {
        status = print_result(&context, output);
    } else if (status != STATUS_ABSENT) {
        context.kept = NULL; /* the next command opens it, and says what is wrong */
    }
    buffer_join(notes, &context.notes);
    if (status != STATUS_OK) {
        if (failure.message[0] == '\0') {
            failure_explain(&failure, status);
        }
        print_note(notes, "powerup-secrets: %s", failure.message);
    }
    return exit_of(&context, status);
}
