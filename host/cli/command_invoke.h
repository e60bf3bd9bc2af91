/* SPDX-License-Identifier: MIT */
/* Calling handlers that pages registered. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_INVOKE_H
#define POWERUP_SECRETS_CLI_COMMAND_INVOKE_H

#include "cli/command.h"

/* Asks the pages of --origin in all browsers for a handler, with *args, which are taken over.
 * waits: for a page that is about to register its handlers, where no page has registered any. */
MUST_CHECK enum status invoke_handlers(struct command_context *context, const char *command,
                                       struct json_object **args, bool waits,
                                       struct running_browsers *ret_list, struct failure *failure);

/* What became of it in one browser. */
struct invoke_outcome {
    struct json_object *response; /* NULL for null */
    struct view error;            /* data is NULL when the handler did not fail */
};

/* False when no page there has such a handler, or the browser did not answer. */
bool invoke_outcome(const struct running_browser *browser, struct invoke_outcome *ret_outcome);

#endif
