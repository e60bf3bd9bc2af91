/* SPDX-License-Identifier: MIT */
/* Parts of the command install. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_INSTALL_H
#define POWERUP_SECRETS_CLI_COMMAND_INSTALL_H

#include "cli/command.h"

/* Gives the table of browsers. STATUS_NO_MEMORY. */
MUST_CHECK enum status install_table(struct command_context *context);

#endif
