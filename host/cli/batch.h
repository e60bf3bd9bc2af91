/* SPDX-License-Identifier: MIT */
/* Commands that change what pages meet, and that take effect together. */
#ifndef POWERUP_SECRETS_CLI_BATCH_H
#define POWERUP_SECRETS_CLI_BATCH_H

#include "cli/command.h"

struct batch;
/* For command_context.own. */
void batch_free(void *batch);

/* Reads commands from a JSON array of objects {"arguments": [...], "input": "..."} and checks each,
 * as far as that is possible without a store. On STATUS_OK the caller calls batch_free, and
 * *ret_kind is the command_kind that they have together. STATUS_BAD_REQUEST, STATUS_BAD_ORIGIN:
 * *failure says which command is wrong and why. */
MUST_CHECK enum status batch_read(struct view text, struct batch **ret_batch,
                                  enum command_kind *ret_kind, struct failure *failure);

/* Runs them in their order, inside the caller's transaction. What they say is added to the caller's
 * notes, and what they concern to what the caller's command concerns. */
MUST_CHECK enum status batch_run(struct batch *batch, struct command_context *context,
                                 struct failure *failure);

#endif
