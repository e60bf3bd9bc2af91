/* SPDX-License-Identifier: MIT */
/* Scripts that complete command lines in shells, made from the table of commands. */
#ifndef POWERUP_SECRETS_CLI_COMPLETION_H
#define POWERUP_SECRETS_CLI_COMPLETION_H

#include "cli/command.h"

/* A whole script. */
void completion_bash(struct buffer *output);
void completion_zsh(struct buffer *output);
void completion_fish(struct buffer *output);

/* What the scripts share. */

/* A text in single quotes; `apostrophe` is how the shell writes one in them. */
void completion_add_quoted(struct buffer *output, const struct buffer *text,
                           const char *apostrophe);

/* The words that an option's value may be, with blanks between them; nothing for any text. */
void completion_add_values(struct buffer *output, enum option option);

/* The same for the first argument of a command. */
void completion_add_words(struct buffer *output, const struct command *command);

/* Calls a function with each option that a command takes, and its help. Where `command` is NULL,
 * the options of all commands. */
typedef void completion_visitor(struct buffer *output, const struct command *command,
                                enum option option, const char *help);
void completion_visit_options(struct buffer *output, const struct command *command,
                              completion_visitor *visit);

/* What the value of an option is. */
enum completion_value { VALUE_NONE, VALUE_WORD, VALUE_FILE, VALUE_FOLDER };
enum completion_value completion_value_of(enum option option);

/* The first word of a command's name, and whether a command is the first that has its word. */
struct view completion_first(const struct command *command);
bool completion_is_first(size_t index);

/* The second word of a command's name, or NULL. */
const char *completion_second(const struct command *command);

#endif
