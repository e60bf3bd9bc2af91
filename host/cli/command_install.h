/* SPDX-License-Identifier: MIT */
/* Parts of the command install. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_INSTALL_H
#define POWERUP_SECRETS_CLI_COMMAND_INSTALL_H

#include "base/buffer.h"
#include "base/json_text.h"

/* Writes the table of browsers to both, a row for each system. STATUS_NO_MEMORY. */
MUST_CHECK enum status install_table(struct json_object *list, struct buffer *output);

#endif
