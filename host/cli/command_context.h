/* SPDX-License-Identifier: MIT */
/* What commands share. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H
#define POWERUP_SECRETS_CLI_COMMAND_CONTEXT_H

#include "cli/command.h"
#include "store/items.h"

/* Sets context->state: --state, else as of state_folder_path. */
MUST_CHECK enum status command_find_state(struct command_context *context, struct failure *failure);

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

/* Whether the result goes into context->result, and not into context->output. */
bool command_wants_json(const struct command_context *context);

/* How many characters a line of the terminal has that gets the output: as the terminal says, else
 * $COLUMNS. 0: it is no terminal, or nobody knows. */
size_t command_line_width(void);

/* Gives one value: with --json as {name: value}, else by print_value. STATUS_NO_MEMORY. */
MUST_CHECK enum status command_give(struct command_context *context, const char *name,
                                    struct view value);

#endif
