/* SPDX-License-Identifier: MIT */
/* Who runs this program as another user, by sudo or doas. */
#ifndef POWERUP_SECRETS_SYSTEM_INVOKING_USER_H
#define POWERUP_SECRETS_SYSTEM_INVOKING_USER_H

#include <stdbool.h>
#include <sys/types.h>

enum { USER_NAME_SIZE = 64 };

struct invoking_user {
    char name[USER_NAME_SIZE]; /* who runs it */
    uid_t id;
    char as[USER_NAME_SIZE]; /* whom it runs as */
};

/* False: nobody but the user that it runs as, as far as sudo and doas say. */
bool invoking_user_find(struct invoking_user *ret_user);

/* Whether a file or folder is theirs. */
bool invoking_user_owns(const struct invoking_user *user, const char *path);

#endif
