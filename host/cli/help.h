/* SPDX-License-Identifier: MIT */
/* Help, made from the table of commands. */
#ifndef POWERUP_SECRETS_CLI_HELP_H
#define POWERUP_SECRETS_CLI_HELP_H

#include "cli/command.h"

/* All commands, options that all take, exit statuses. */
void help_overview(struct buffer *output);

/* One command with its options. */
void help_command(const struct command *command, struct buffer *output);

/* The table itself, owned by the caller; NULL without memory. */
struct json_object *help_table(void);

/* STATUS_BAD_REQUEST: *failure says that no command has that name, or how its name goes on. */
enum status help_unknown(char *const *words, size_t count, struct failure *failure);

#endif
