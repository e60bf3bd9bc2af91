/* SPDX-License-Identifier: MIT */
/* Help, made from the table of commands. */
#ifndef POWERUP_SECRETS_CLI_HELP_H
#define POWERUP_SECRETS_CLI_HELP_H

#include "cli/command.h"

/* All commands, the options of all commands, exit statuses. */
void help_overview(struct buffer *output);

/* One command with its options. */
void help_command(const struct command *command, struct buffer *output);

/* The table itself. On STATUS_OK the caller owns *ret_table. STATUS_NO_MEMORY. */
MUST_CHECK enum status help_table(struct json_object **ret_table);

/* The manual page's section on commands, in roff. */
void help_man(struct buffer *output);

/* The options that a command takes without its row saying so; ends with OPTION_END. */
const enum option *help_common_options(const struct command *command);

/* The second word of a name of two words that begins with `first`, or NULL. */
const char *help_second_word(const char *name, const char *first);

/* Returns STATUS_BAD_REQUEST: *failure says that the command is unknown, or which second words
 * there are. */
enum status help_unknown(char *const *words, size_t count, struct failure *failure);

#endif
