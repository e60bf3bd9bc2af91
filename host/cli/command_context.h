/* SPDX-License-Identifier: MIT */
/* What commands share. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H
#define POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H

#include "cli/command.h"
#include "store/items.h"

/* The value of an option; data is NULL when it was not given. */
struct view command_value(const struct command_context *context, enum option option);

/* The origin that was given; size 0 stands for all. */
struct view command_origin(const struct command_context *context);

/* The storage key that --origin and --top-level-site name. */
struct storage_key command_storage_key(const struct command_context *context);

/* --member, else who is signed in at the origin by the open store, which is read in the command's
 * transaction or, where its kind has none, in one for this alone. The caller owns *ret_member.
 * STATUS_BAD_REQUEST: nobody is signed in. */
MUST_CHECK enum status command_member(struct command_context *context, struct bytes *ret_member,
                                      struct failure *failure);

/* Reads into context->input what is in an option's file or, where the option was not given, in
 * standard input. STATUS_BAD_REQUEST: it cannot be read, or is not UTF-8. */
MUST_CHECK enum status command_read_input(struct command_context *context, enum option option,
                                          struct failure *failure);

/* How long to wait for browsers. */
long command_timeout_ms(const struct command_context *context);

/* Asks all browsers; `request` has op and its members. Who does not confirm is noted in the
 * context, which fails the command in the end, not here. The caller owns *ret_list. */
MUST_CHECK enum status command_ask(struct command_context *context, struct json_object *request,
                                   struct running_browsers *ret_list, struct failure *failure);

/* Has every browser write to the store what its pages did, and bring its pages up to date. No
 * transaction may be open: the browsers' hosts write. */
MUST_CHECK enum status command_apply(struct command_context *context, struct failure *failure);

/* Whether the result goes into context->result, and not into context->output. */
bool command_wants_json(const struct command_context *context);

/* Gives one value: with --json as {name: value}, else its bytes as they are, and a line end on a
 * terminal. STATUS_NO_MEMORY. */
MUST_CHECK enum status command_give(struct command_context *context, const char *name,
                                    struct view value);

#endif
