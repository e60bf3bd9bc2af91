/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"
#include "cli/completion.h"

/* '--name[help]:ARGUMENT:action', as _arguments takes it. */
static void add_option(struct buffer *output, const struct command *command, enum option option,
                       const char *help)
{
    static const char *const actions[] = {
        [VALUE_WORD] = " ", [VALUE_FILE] = "_files", [VALUE_FOLDER] = "_directories"};
    const struct option_row *row = &option_rows[option];
    enum completion_value value = completion_value_of(option);
    BUFFER_AUTO text = {0};
    BUFFER_AUTO offered = {0};

    (void)command;
    buffer_print(&text, "%s--%s[%s]", row->list ? "*" : "", row->name, help);
    completion_add_values(&offered, option);
    if (value != VALUE_NONE) {
        /* A colon would end the argument's name. */
        const char *name = option == OPTION_ERROR ? "CLASS\\:MESSAGE" : row->argument;
        buffer_print(&text, ":%s:%s", name, offered.size > 0 ? "(" : actions[value]);
        buffer_join(&text, &offered);
        buffer_add_text(&text, offered.size > 0 ? ")" : "");
    }
    buffer_add_text(output, " \\\n            ");
    completion_add_quoted(output, &text, "'\\''");
}

static void add_argument(struct buffer *output, const struct command *command)
{
    BUFFER_AUTO text = {0};

    if (command->arguments == NULL) {
        return;
    }
    buffer_add_text(output, " \\\n            ");
    if (command == &command_help) {
        buffer_add_text(&text, "1: :_powerup_secrets_words");
    } else if (command->words != NULL) {
        buffer_print(&text, "1:%s:(", command->arguments);
        completion_add_words(&text, command);
        buffer_add_text(&text, ")");
    } else {
        buffer_print(&text, "*:%s: ", command->arguments);
    }
    completion_add_quoted(output, &text, "'\\''");
}

/* 'word:help', as _describe takes it. */
static void add_description(struct buffer *output, struct view word, const char *help)
{
    BUFFER_AUTO text = {0};

    buffer_add(&text, word);
    buffer_print(&text, ":%s", help);
    buffer_add_text(output, "            ");
    completion_add_quoted(output, &text, "'\\''");
    buffer_add_text(output, "\n");
}

static void add_first_words(struct buffer *output)
{
    buffer_add_text(output, "    *)\n        offered=(\n");
    for (size_t i = 0; i < command_count; i++) {
        struct view first = completion_first(commands[i]);
        if (completion_second(commands[i]) == NULL) {
            add_description(output, first, commands[i]->help);
        } else if (completion_is_first(i)) {
            add_description(output, first, "commands on one of these");
        }
    }
    buffer_add_text(output, "        )\n        ;;\n");
}

static void add_second_words(struct buffer *output, struct view first)
{
    buffer_add_text(output, "    ");
    buffer_add(output, first);
    buffer_add_text(output, ")\n        offered=(\n");
    for (size_t i = 0; i < command_count; i++) {
        if (completion_second(commands[i]) != NULL &&
            view_equal(completion_first(commands[i]), first)) {
            add_description(output, view_of_text(completion_second(commands[i])),
                            commands[i]->help);
        }
    }
    buffer_add_text(output, "        )\n        ;;\n");
}

static void add_words(struct buffer *output)
{
    buffer_add_text(output, "# The first words of commands, or the second ones after a first.\n"
                            "_powerup_secrets_words() {\n"
                            "    local -a offered\n"
                            "    case $1 in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (completion_second(commands[i]) != NULL && completion_is_first(i)) {
            add_second_words(output, completion_first(commands[i]));
        }
    }
    add_first_words(output);
    buffer_add_text(output, "    esac\n"
                            "    _describe -t commands command offered\n"
                            "}\n\n");
}

static void add_command(struct buffer *output, const struct command *command)
{
    buffer_print(output, "    '%s')\n        _arguments", command->name);
    completion_visit_options(output, command, add_option);
    add_argument(output, command);
    buffer_add_text(output, "\n        ;;\n");
}

void completion_zsh(struct buffer *output)
{
    buffer_add_text(output, "#compdef powerup-secrets\n"
                            "# Made by \"powerup-secrets completion zsh\".\n\n");
    add_words(output);
    buffer_add_text(output, "_powerup_secrets() {\n"
                            "    local curcontext=$curcontext state state_descr line command\n"
                            "    local -A opt_args\n"
                            "    _arguments -C");
    completion_visit_options(output, NULL, add_option);
    buffer_add_text(output, " \\\n            '1: :_powerup_secrets_words' \\\n"
                            "            '*:: :->arguments'\n"
                            "    [[ $state == arguments ]] || return\n"
                            "    command=$words[1]\n"
                            "    case $command in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (completion_second(commands[i]) != NULL && completion_is_first(i)) {
            buffer_add_text(output, "    ");
            buffer_add(output, completion_first(commands[i]));
            buffer_add_text(output, ")\n"
                                    "        if ((CURRENT == 2)); then\n"
                                    "            _powerup_secrets_words $command\n"
                                    "            return\n"
                                    "        fi\n"
                                    "        shift words\n"
                                    "        ((CURRENT--))\n"
                                    "        command+=\" $words[1]\"\n"
                                    "        ;;\n");
        }
    }
    buffer_add_text(output, "    esac\n"
                            "    case $command in\n");
    for (size_t i = 0; i < command_count; i++) {
        add_command(output, commands[i]);
    }
    buffer_add_text(output,
                    "    esac\n"
                    "}\n\n"
                    "# As a function of compinit this file is the body; else it is sourced.\n"
                    "if [[ $funcstack[1] == _powerup-secrets ]]; then\n"
                    "    _powerup_secrets \"$@\"\n"
                    "else\n"
                    "    compdef _powerup_secrets powerup-secrets\n"
                    "fi\n");
}
