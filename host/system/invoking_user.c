/* SPDX-License-Identifier: MIT */
#include "system/invoking_user.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *invoking_name(void)
{
    const char *name = getenv("SUDO_USER");

    return name != NULL && name[0] != '\0' ? name : getenv("DOAS_USER");
}

bool invoking_user_find(struct invoking_user *ret_user)
{
    const char *name = invoking_name();
    const struct passwd *entry = name != NULL ? getpwnam(name) : NULL;

    if (entry == NULL || entry->pw_uid == geteuid()) {
        return false;
    }
    (void)snprintf(ret_user->name, sizeof ret_user->name, "%s", name);
    ret_user->id = entry->pw_uid;
    entry = getpwuid(geteuid());
    (void)snprintf(ret_user->as, sizeof ret_user->as, "%s",
                   entry != NULL ? entry->pw_name : "another user");
    return true;
}

bool invoking_user_owns(const struct invoking_user *user, const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && info.st_uid == user->id;
}
