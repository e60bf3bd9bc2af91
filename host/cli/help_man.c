/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include <ctype.h>
#include <string.h>

/* One character, so that roff prints it as it is. */
static void add_character(struct buffer *output, int character)
{
    if (character == '-') {
        buffer_add_text(output, "\\-");
    } else if (character == '\\') {
        buffer_add_text(output, "\\e");
    } else {
        buffer_print(output, "%c", character);
    }
}

static void add_name(struct buffer *output, const char *name)
{
    for (; *name != '\0'; name++) {
        add_character(output, *name);
    }
}

/* The length of an option such as --key at the start of a text, or 0. */
static size_t option_length(const char *text)
{
    return strncmp(text, "--", 2) == 0 ? 2 + strspn(text + 2, "abcdefghijklmnopqrstuvwxyz-") : 0;
}

/* A text with an upper-case letter first, options in bold, and each sentence on its own line. */
static void add_sentences(struct buffer *output, const char *text)
{
    bool begins = true;

    while (*text != '\0') {
        size_t option = option_length(text);
        if (option > 0) {
            buffer_add_text(output, "\\fB");
            for (; option > 0; option--) {
                add_character(output, *text++);
            }
            buffer_add_text(output, "\\fR");
        } else if (strncmp(text, ". ", 2) == 0) {
            buffer_add_text(output, ".\n");
            text += 2;
        } else {
            add_character(output, begins ? toupper((unsigned char)*text) : *text);
            text++;
        }
        begins = false;
    }
}

static void add_option(struct buffer *output, const struct option_use *use)
{
    const struct option_row *row = &option_rows[use->option];

    buffer_print(output, ".TP\n.%s \\-\\-", row->argument != NULL ? "BI" : "B");
    add_name(output, row->name);
    if (row->argument != NULL) {
        buffer_print(output, " \" %s\"", row->argument);
    }
    buffer_add_text(output, "\n");
    add_sentences(output, use->help != NULL ? use->help : row->help);
    buffer_add_text(output, use->required ? " (required).\n" : ".\n");
}

static void add_command(struct buffer *output, const struct command *command)
{
    buffer_add_text(output, ".SS ");
    add_name(output, command->name);
    buffer_print(output, "%s%s\n", command->arguments != NULL ? " " : "",
                 command->arguments != NULL ? command->arguments : "");
    add_sentences(output, command->help);
    buffer_add_text(output, ".\n");
    if (command->more != NULL) {
        add_sentences(output, command->more);
        buffer_add_text(output, "\n");
    }
    for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
        add_option(output, use);
    }
}

void help_man(struct buffer *output)
{
    buffer_add_text(output, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        add_command(output, commands[i]);
    }
}
