/* SPDX-License-Identifier: MIT */
#include "system/installation.h"

#include "base/identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of this program, with its slash. False with errno set. */
static bool own_folder(char ret_folder[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", ret_folder, PATH_MAX - 1);

    if (size <= 0) {
        return false;
    }
    while (size > 0 && ret_folder[size - 1] != '/') {
        size--;
    }
    ret_folder[size] = '\0';
    return true;
}

/* The first of some folders, as seen from this program's, that has an entry of a name. False with
 * errno set. */
static bool find(const char *const *folders, const char *name, char ret_path[PATH_MAX])
{
    char own[PATH_MAX] = "";
    char place[3 * PATH_MAX];
    char real[PATH_MAX];

    if (!own_folder(own)) {
        return false;
    }
    for (; *folders != NULL; folders++) {
        (void)snprintf(place, sizeof place, "%s%s%s", own, *folders, name);
        if (realpath(place, real) != NULL) {
            memcpy(ret_path, real, sizeof real);
            return true;
        }
    }
    return false;
}

static enum status refuse(const char *what, struct failure *failure)
{
    char folder[PATH_MAX] = "";

    if (!own_folder(folder)) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "This program cannot find its own folder: %s.", strerror(errno));
    }
    return failure_set(failure, STATUS_ABSENT,
                       "There is no %s that belongs to the command line in %.300s; install both "
                       "together.",
                       what, folder);
}

enum status installation_host(char ret_path[PATH_MAX], struct failure *failure)
{
    static const char *const folders[] = {"", POWERUP_SECRETS_COMMAND_TO_HOST "/", NULL};

    return find(folders, "powerup-secrets-host", ret_path) ? STATUS_OK : refuse("host", failure);
}

enum status installation_extension(const char *family, char ret_path[PATH_MAX],
                                   struct failure *failure)
{
    /* As built, as in the npm package, as installed. */
    static const char *const folders[] = {
        "extension/",
        "../extension/",
        POWERUP_SECRETS_COMMAND_TO_DATA "/extension/",
        NULL,
    };

    return find(folders, family, ret_path) ? STATUS_OK : refuse("extension", failure);
}

bool installation_command(char ret_path[PATH_MAX])
{
    static const char *const folders[] = {"", POWERUP_SECRETS_HOST_TO_COMMAND "/", NULL};
    static const char name[] = "powerup-secrets";
    char own[PATH_MAX] = "";

    if (find(folders, name, ret_path)) {
        return true;
    }
    return own_folder(own) &&
           snprintf(ret_path, PATH_MAX, "%.*s%s", PATH_MAX - (int)sizeof name, own, name) > 0;
}
