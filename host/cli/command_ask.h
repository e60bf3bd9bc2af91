/* SPDX-License-Identifier: MIT */
/* Asking the browsers that run, and those that must be running. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_ASK_H
#define POWERUP_SECRETS_CLI_COMMAND_ASK_H

#include "cli/command.h"

/* How long to wait for browsers. */
long command_timeout_ms(const struct command_context *context);

/* Adds an origin to those whose pages the command is about; without any it is about all pages. */
MUST_CHECK enum status command_concern(struct command_context *context, struct view origin);

/* Asks all browsers; `request` has op and its members, to which the limit is added. Waits for the
 * next host of a browser that is known to run and has none, and for as many browsers as --wait
 * says. Who does not confirm is noted in the context, which fails the command in the end, not here.
 * The caller owns *ret_list. No transaction may be open: the browsers' hosts write. */
MUST_CHECK enum status command_ask(struct command_context *context, struct json_object *request,
                                   struct running_browsers *ret_list, struct failure *failure);

/* Sends an event about the pages that the command concerns: apply, report or render. */
MUST_CHECK enum status command_ask_pages(struct command_context *context, const char *event,
                                         struct failure *failure);

#endif
