/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

static void add_option(struct buffer *output, const struct command *command, enum option option,
                       const char *help)
{
    (void)command;
    (void)help;
    buffer_print(output, " --%s", option_rows[option].name);
}

/* The first word of a command's name, between two texts. */
static void add_first(struct buffer *output, const char *before, const struct command *command,
                      const char *after)
{
    buffer_add_text(output, before);
    buffer_add(output, completion_first(command));
    buffer_add_text(output, after);
}

static void add_options(struct buffer *output)
{
    buffer_add_text(output, "# The options of a command; without one, those of all commands.\n"
                            "_powerup_secrets_options() {\n"
                            "    case $1 in\n");
    for (size_t i = 0; i < command_count; i++) {
        buffer_print(output, "    '%s') echo", commands[i]->name);
        completion_visit_options(output, commands[i], add_option);
        buffer_add_text(output, " ;;\n");
    }
    buffer_add_text(output, "    *) echo");
    completion_visit_options(output, NULL, add_option);
    buffer_add_text(output, " ;;\n"
                            "    esac\n"
                            "}\n\n");
}

/* The second words of commands that begin with the same word as a command. */
static void add_seconds(struct buffer *output, const struct command *command)
{
    for (size_t i = 0; i < command_count; i++) {
        if (completion_second(commands[i]) != NULL &&
            view_equal(completion_first(commands[i]), completion_first(command))) {
            buffer_print(output, "%s%s", output->size > 0 ? " " : "",
                         completion_second(commands[i]));
        }
    }
}

static void add_words(struct buffer *output)
{
    buffer_add_text(output, "# What the first word after a command may be; without a command, the "
                            "commands.\n"
                            "_powerup_secrets_words() {\n"
                            "    case $1 in\n");
    for (size_t i = 0; i < command_count; i++) {
        BUFFER_AUTO offered = {0};
        if (completion_second(commands[i]) != NULL && completion_is_first(i)) {
            add_seconds(&offered, commands[i]);
        } else if (completion_second(commands[i]) == NULL) {
            completion_add_words(&offered, commands[i]);
        }
        if (offered.size > 0) {
            add_first(output, "    '", commands[i], "') echo ");
            buffer_join(output, &offered);
            buffer_add_text(output, " ;;\n");
        }
    }
    buffer_add_text(output, "    '') echo");
    for (size_t i = 0; i < command_count; i++) {
        if (completion_is_first(i)) {
            add_first(output, " ", commands[i], "");
        }
    }
    buffer_add_text(output, " ;;\n"
                            "    esac\n"
                            "}\n\n");
}

/* Whether a word is the first of commands of two words. */
static void add_has_second(struct buffer *output)
{
    buffer_add_text(output, "_powerup_secrets_has_second() {\n"
                            "    case $1 in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (completion_second(commands[i]) != NULL && completion_is_first(i)) {
            add_first(output, "    '", commands[i], "') true ;;\n");
        }
    }
    buffer_add_text(output, "    *) false ;;\n"
                            "    esac\n"
                            "}\n\n");
}

static void add_values(struct buffer *output)
{
    static const char *const kinds[] = {
        [VALUE_WORD] = "words", [VALUE_FILE] = "files", [VALUE_FOLDER] = "folders"};

    buffer_add_text(output, "# What the value of an option is, and its words; nothing for one "
                            "without a value.\n"
                            "_powerup_secrets_value() {\n"
                            "    case $1 in\n");
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        enum completion_value value = completion_value_of(option);
        BUFFER_AUTO offered = {0};
        if (value == VALUE_NONE) {
            continue;
        }
        completion_add_values(&offered, option);
        buffer_print(output, "    --%s) echo %s%s", option_rows[option].name, kinds[value],
                     offered.size > 0 ? " " : "");
        buffer_join(output, &offered);
        buffer_add_text(output, " ;;\n");
    }
    buffer_add_text(output, "    esac\n"
                            "}\n\n");
}

static const char head[] = "# shellcheck shell=bash\n"
                           "# Made by \"powerup-secrets completion bash\".\n\n";

static const char tail[] =
    "_powerup_secrets() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local at command='' words=0 kind offered=''\n"
    "    # The command, and how many words follow it that are neither options nor their values.\n"
    "    for ((at = 1; at < COMP_CWORD; at++)); do\n"
    "        case ${COMP_WORDS[at]} in\n"
    "        --*=*) ;;\n"
    "        --*) [ -z \"$(_powerup_secrets_value \"${COMP_WORDS[at]}\")\" ] || ((at++)) ;;\n"
    "        *)\n"
    "            if [ -z \"$command\" ]; then\n"
    "                command=${COMP_WORDS[at]}\n"
    "            elif _powerup_secrets_has_second \"$command\"; then\n"
    "                command+=\" ${COMP_WORDS[at]}\"\n"
    "            else\n"
    "                ((words++))\n"
    "            fi\n"
    "            ;;\n"
    "        esac\n"
    "    done\n"
    "    read -r kind offered <<<\"$(_powerup_secrets_value \"$previous\")\"\n"
    "    if [ \"$kind\" = files ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "        return\n"
    "    elif [ \"$kind\" = folders ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
    "        return\n"
    "    elif [ -z \"$kind\" ] && [[ $current == -* ]]; then\n"
    "        offered=$(_powerup_secrets_options \"$command\")\n"
    "    elif [ -z \"$kind\" ] && [ \"$words\" -eq 0 ]; then\n"
    "        offered=$(_powerup_secrets_words \"$command\")\n"
    "    fi\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$offered\" -- \"$current\")\n"
    "}\n\n"
    "complete -F _powerup_secrets powerup-secrets\n";

void completion_bash(struct buffer *output)
{
    buffer_add_text(output, head);
    add_options(output);
    add_words(output);
    add_has_second(output);
    add_values(output);
    buffer_add_text(output, tail);
}
