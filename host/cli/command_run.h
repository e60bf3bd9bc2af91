/* SPDX-License-Identifier: MIT */
/* Running a command with what its kind says: store, transaction and browsers. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_RUN_H
#define POWERUP_SECRETS_CLI_COMMAND_RUN_H

#include "cli/command.h"

/* Takes the steps of context->command around its `run`. What fails ends it; a transaction that was
 * not committed by then is rolled back. */
MUST_CHECK enum status command_run(struct command_context *context, struct failure *failure);

/* Says how many browsers have confirmed or, where none is known to run, what that means. */
MUST_CHECK enum status command_report_confirmed(struct command_context *context,
                                                const char *else_what);

#endif
