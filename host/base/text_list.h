/* SPDX-License-Identifier: MIT */
/* The arguments of a program, as JSON gives them and as execve takes them. */
#ifndef POWERUP_SECRETS_BASE_TEXT_LIST_H
#define POWERUP_SECRETS_BASE_TEXT_LIST_H

#include "base/buffer.h"
#include "base/json_text.h"

/* An owned local: TEXT_LIST_AUTO list = {0}; */
struct text_list {
    struct buffer joined; /* each text with its NUL */
    const char **texts;   /* `count` of them, which point into `joined`, and NULL */
    size_t count;
};
#define TEXT_LIST_AUTO __attribute__((cleanup(text_list_free))) struct text_list
void text_list_free(struct text_list *list);

/* Takes the name of a program and its arguments from an array. On STATUS_OK the caller owns
 * *ret_list. STATUS_BAD_REQUEST: they are not from 1 to `count_max` strings without NUL; *failure
 * says so. STATUS_NO_MEMORY. */
MUST_CHECK enum status text_list_of(const char *program, struct json_object *arguments,
                                    size_t count_max, struct text_list *ret_list,
                                    struct failure *failure);

#endif
