/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

static const char apostrophe[] = "\\'";

static void add_quoted_text(struct buffer *output, const char *text)
{
    BUFFER_AUTO buffer = {0};

    buffer_add_text(&buffer, text);
    completion_add_quoted(output, &buffer, apostrophe);
}

static void add_value(struct buffer *output, enum option option)
{
    BUFFER_AUTO offered = {0};

    completion_add_values(&offered, option);
    switch (completion_value_of(option)) {
    case VALUE_NONE:
        break;
    case VALUE_FILE:
        buffer_add_text(output, " -r -F");
        break;
    case VALUE_FOLDER:
        buffer_add_text(output, " -x -a '(__fish_complete_directories)'");
        break;
    case VALUE_WORD:
        buffer_add_text(output, " -x");
        if (offered.size > 0) {
            buffer_add_text(output, " -a ");
            completion_add_quoted(output, &offered, apostrophe);
        }
        break;
    }
}

static void add_option(struct buffer *output, const struct command *command, enum option option,
                       const char *help)
{
    buffer_print(output, "complete -c powerup-secrets -n '__powerup_secrets_%s%s' -l %s",
                 command != NULL ? "begins " : "is", command != NULL ? command->name : "",
                 option_rows[option].name);
    add_value(output, option);
    buffer_add_text(output, " -d ");
    add_quoted_text(output, help);
    buffer_add_text(output, "\n");
}

/* What may come after words: other words, with blanks between them. */
static void add_words(struct buffer *output, struct view after, struct view words, const char *help)
{
    BUFFER_AUTO offered = {0};

    buffer_add(&offered, words);
    buffer_add_text(output, "complete -c powerup-secrets -n '__powerup_secrets_is ");
    buffer_add(output, after);
    buffer_add_text(output, "' -a ");
    completion_add_quoted(output, &offered, apostrophe);
    if (help != NULL) {
        buffer_add_text(output, " -d ");
        add_quoted_text(output, help);
    }
    buffer_add_text(output, "\n");
}

static void add_command(struct buffer *output, size_t index)
{
    const struct command *command = commands[index];
    struct view first = completion_first(command);
    const char *second = completion_second(command);
    BUFFER_AUTO offered = {0};

    if (completion_is_first(index)) {
        add_words(output, (struct view){NULL, 0}, first, second == NULL ? command->help : NULL);
    }
    if (second != NULL) {
        add_words(output, first, view_of_text(second), command->help);
    }
    completion_add_words(&offered, command);
    if (offered.size > 0) {
        add_words(output, view_of_text(command->name), view_of_buffer(&offered), NULL);
    }
    completion_visit_options(output, command, add_option);
}

static const char head[] = "# Made by \"powerup-secrets completion fish\".\n"
                           "\n"
                           "# The words before the current one that are neither options nor their "
                           "values.\n"
                           "function __powerup_secrets_words\n"
                           "    set -l takes_value";

static const char functions[] = "\n"
                                "    set -l is_value 0\n"
                                "    for token in (commandline -opc)[2..-1]\n"
                                "        if test $is_value = 1\n"
                                "            set is_value 0\n"
                                "        else if contains -- $token $takes_value\n"
                                "            set is_value 1\n"
                                "        else if not string match -q -- '-*' $token\n"
                                "            echo $token\n"
                                "        end\n"
                                "    end\n"
                                "end\n"
                                "\n"
                                "# Whether they are these.\n"
                                "function __powerup_secrets_is\n"
                                "    set -l words (__powerup_secrets_words)\n"
                                "    test \"$words\" = \"$argv\"\n"
                                "end\n"
                                "\n"
                                "# Whether they begin with these.\n"
                                "function __powerup_secrets_begins\n"
                                "    set -l words (__powerup_secrets_words)\n"
                                "    set -l last (count $argv)\n"
                                "    test \"$words[1..$last]\" = \"$argv\"\n"
                                "end\n"
                                "\n"
                                "complete -c powerup-secrets -f\n";

void completion_fish(struct buffer *output)
{
    buffer_add_text(output, head);
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        if (completion_value_of(option) != VALUE_NONE) {
            buffer_print(output, " --%s", option_rows[option].name);
        }
    }
    buffer_add_text(output, functions);
    completion_visit_options(output, NULL, add_option);
    for (size_t i = 0; i < command_count; i++) {
        add_command(output, i);
    }
}
