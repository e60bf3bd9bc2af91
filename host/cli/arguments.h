/* SPDX-License-Identifier: MIT */
/* The command line: options in any place, and words. */
#ifndef POWERUP_SECRETS_CLI_ARGUMENTS_H
#define POWERUP_SECRETS_CLI_ARGUMENTS_H

#include "cli/option.h"

struct arguments {
    char *values[OPTION_COUNT]; /* NULL when not given; "" for an option without argument */
    char **words;               /* what is not an option, in order */
    size_t word_count;
};
#define ARGUMENTS_AUTO __attribute__((cleanup(arguments_free))) struct arguments
void arguments_free(struct arguments *arguments);

/* On STATUS_OK the caller owns *ret_arguments. STATUS_BAD_REQUEST: an unknown option, one
 * without its value, one given twice that is not a list, or text that is not UTF-8; *failure says
 * which. Whether the command takes an option, and its value is valid, is not checked. */
MUST_CHECK enum status arguments_parse(int count, char **texts, struct arguments *ret_arguments,
                                       struct failure *failure);

bool arguments_have(const struct arguments *arguments, enum option option);

/* The value of an option; data is NULL when it was not given. */
struct view arguments_value(const struct arguments *arguments, enum option option);

#endif
