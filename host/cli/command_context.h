/* SPDX-License-Identifier: MIT */
/* What commands share. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H
#define POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H

#include "cli/command.h"

/* Opens the store; once. */
MUST_CHECK enum status command_open(struct command_context *context, struct failure *failure);

/* The value of an option; data is NULL when it was not given. */
struct view command_value(const struct command_context *context, enum option option);

/* The origin that was given; size 0 stands for all. */
struct view command_origin(const struct command_context *context);

/* The storage key that --origin and --top-level-site name. */
struct storage_key command_storage_key(const struct command_context *context);

/* --member, else who is signed in at the origin, by the store that is open. The caller owns
 * *ret_member. STATUS_BAD_REQUEST: nobody is. */
MUST_CHECK enum status command_member(struct command_context *context, struct bytes *ret_member,
                                      struct failure *failure);

/* Everything in a file, or in standard input where its option was not given; it must be UTF-8. The
 * caller owns *ret_content. STATUS_BAD_REQUEST: it cannot be read, or is not UTF-8. */
MUST_CHECK enum status command_content(const struct command_context *context, enum option option,
                                       struct bytes *ret_content, struct failure *failure);

/* How long to wait for browsers. */
long command_timeout_ms(const struct command_context *context);

/* Asks all browsers; `request` has op and its members. What fails goes into the context; it fails
 * the command in the end, not here. The caller owns *ret_list. */
MUST_CHECK enum status command_ask(struct command_context *context, struct json_object *request,
                                   struct running_browsers *ret_list, struct failure *failure);

/* Has every browser bring its pages up to the store, and the store up to its pages. */
MUST_CHECK enum status command_apply(struct command_context *context, struct failure *failure);

/* Whether the result goes into context->result, and not into context->output. */
bool command_wants_json(const struct command_context *context);

/* Gives one value: with --json as {name: value}, else its bytes as they are, and a line end when a
 * person looks at them. */
MUST_CHECK enum status command_give(struct command_context *context, const char *name,
                                    struct view value, struct failure *failure);

/* Records that there is no memory. */
enum status command_no_memory(struct failure *failure);

#endif
