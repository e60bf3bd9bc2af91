/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include <string.h>

/* Where the explanations begin. */
enum { HELP_COLUMN = 46, OPTION_COLUMN = 26, WIDTH = 100 };

static const char *const statuses[] = {
    [COMMAND_DONE] = "done",
    [COMMAND_FAILED] =
        "the store, the system or a page's handler failed, or doctor found a problem",
    [COMMAND_WRONG_USE] = "wrong use; nothing was changed",
    [COMMAND_NOT_CONFIRMED] = "a running browser did not confirm",
    [COMMAND_ABSENT] = "what was asked for does not exist",
    [COMMAND_NOT_DECRYPTED] = "the secret does not decrypt",
};

/* Printed as a blank at which no line may end. */
#define NO_BREAK "\x1F"

static void add_word(struct buffer *output, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        buffer_print(output, "%c", word[i] == NO_BREAK[0] ? ' ' : word[i]);
    }
}

/* A text that begins at a column, on as many lines as it needs. */
static void add_wrapped(struct buffer *output, size_t used, size_t column, const char *text)
{
    size_t at = used;

    if (used > 0 && used + 1 > column) {
        buffer_add_text(output, "\n");
        at = 0;
    }
    for (const char *word = text; *word != '\0';) {
        size_t length = strcspn(word, " ");
        if (at > column && at + 1 + length > WIDTH) {
            buffer_add_text(output, "\n");
            at = 0;
        }
        size_t gap = at < column ? column - at : at > 0;
        buffer_print(output, "%*s", (int)gap, "");
        add_word(output, word, length);
        at += gap + length;
        word += length + strspn(word + length, " ");
    }
    buffer_add_text(output, "\n");
}

static void add_command(struct buffer *output, const struct command *command)
{
    BUFFER_AUTO line = {0};

    buffer_print(&line, "  %s%s%s", command->name, command->arguments != NULL ? " " : "",
                 command->arguments != NULL ? command->arguments : "");
    buffer_join(output, &line);
    add_wrapped(output, line.size, HELP_COLUMN, command->help);
}

static void add_option(struct buffer *output, enum option option, const char *help, bool required)
{
    const struct option_row *row = &option_rows[option];
    BUFFER_AUTO line = {0};
    BUFFER_AUTO text = {0};

    buffer_add_text(&line, "  ");
    if (row->letter != '\0') {
        buffer_print(&line, "-%c, ", row->letter);
    }
    buffer_print(&line, "--%s%s%s", row->name, row->argument != NULL ? " " : "",
                 row->argument != NULL ? row->argument : "");
    buffer_print(&text, "%s%s", help != NULL ? help : row->help, required ? " (required)" : "");
    buffer_add(&text, (struct view){(const uint8_t *)"", 1});
    buffer_join(output, &line);
    output->failed = output->failed || text.failed;
    add_wrapped(output, line.size, OPTION_COLUMN, text.data != NULL ? (char *)text.data : "");
}

static void add_statuses(struct buffer *output)
{
    buffer_add_text(output, "\nExit status:\n");
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        buffer_print(output, "  %zu  %s\n", i, statuses[i]);
    }
}

void help_overview(struct buffer *output)
{
    buffer_add_text(output, "usage: powerup-secrets COMMAND [ARGUMENT]... [OPTION]...\n"
                            "\n"
                            "Changes what Trello Power-Ups see in running browsers.\n"
                            "\n"
                            "Commands:\n");
    for (size_t i = 0; i < command_count; i++) {
        add_command(output, commands[i]);
    }
    buffer_add_text(output, "\nOptions of all commands:\n");
    add_option(output, OPTION_STATE, NULL, false);
    add_option(output, OPTION_JSON, NULL, false);
    add_option(output, OPTION_TIMEOUT, NULL, false);
    add_option(output, OPTION_WAIT, NULL, false);
    add_option(output, OPTION_HELP, "print this, or the help of a command", false);
    add_option(output, OPTION_VERSION, NULL, false);
    add_statuses(output);
}

/* The form of a command, without its name. */
static void add_form(struct buffer *form, const struct command *command)
{
    buffer_add_text(form, command->arguments != NULL ? command->arguments : "");
    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        const struct option_row *row = &option_rows[use->option];
        buffer_print(form, use->required ? " --%s%s%s" : " [--%s%s%s]", row->name,
                     row->argument != NULL ? NO_BREAK : "",
                     row->argument != NULL ? row->argument : "");
    }
    buffer_add(form, (struct view){(const uint8_t *)"", 1});
}

void help_command(const struct command *command, struct buffer *output)
{
    BUFFER_AUTO start = {0};
    BUFFER_AUTO form = {0};

    buffer_print(&start, "usage: powerup-secrets %s", command->name);
    buffer_join(output, &start);
    add_form(&form, command);
    output->failed = output->failed || form.failed;
    add_wrapped(output, start.size, start.size + 1,
                form.data != NULL ? (char *)form.data + strspn((char *)form.data, " ") : "");
    buffer_print(output, "\n%s\n", command->help);
    if (command->more != NULL) {
        buffer_add_text(output, "\n");
        add_wrapped(output, 0, 0, command->more);
    }
    buffer_add_text(output, "\nOptions:\n");
    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        add_option(output, use->option, use->help, use->required);
    }
    for (const enum option *option = help_common_options(command); *option != OPTION_END;
         option++) {
        if (*option != OPTION_HELP) {
            add_option(output, *option, NULL, false);
        }
    }
    add_statuses(output);
}

const enum option *help_common_options(const struct command *command)
{
    static const enum option plain[] = {OPTION_STATE, OPTION_JSON, OPTION_HELP, OPTION_END};
    static const enum option asking[] = {OPTION_STATE,   OPTION_JSON, OPTION_HELP,
                                         OPTION_TIMEOUT, OPTION_WAIT, OPTION_END};

    return command->kind == COMMAND_PLAIN ? plain : asking;
}
