/* SPDX-License-Identifier: MIT */
/* Words of which one must be given, and how others are refused. Lists end with NULL. */
#ifndef POWERUP_SECRETS_CLI_WORDS_H
#define POWERUP_SECRETS_CLI_WORDS_H

#include "base/buffer.h"

bool words_have(const char *const *words, struct view value);

/* The words with commas between them, and "or" before the last one. */
void words_add_list(struct buffer *output, const char *const *words);

/* STATUS_BAD_REQUEST: the value is none of the words. *failure begins with `what`, such as "It must
 * be", lists the words and says which one was meant. */
MUST_CHECK enum status words_check(const char *what, const char *const *words, struct view value,
                                   struct failure *failure);

/* Returns STATUS_BAD_REQUEST: there is no such thing, such as a "call", by this name. *failure says
 * which one was meant or, where that is NULL, lists the words. */
MUST_CHECK enum status words_refuse(const char *thing, const char *const *words, struct view value,
                                    const char *meant, struct failure *failure);

/* As much of a value as a message has room for. */
struct view words_excerpt(struct view value);

#endif
