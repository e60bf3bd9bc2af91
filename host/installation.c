/* SPDX-License-Identifier: MIT */
#include "installation.h"

#include "identity.h"

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

/* The first of some places, as seen from this program's folder, at which there is something. False
 * with errno set; *ret_path is then the last place, as far as it is known. */
static bool find(const char *const *places, char ret_path[PATH_MAX])
{
    char folder[PATH_MAX] = "";
    char place[2 * PATH_MAX];
    char real[PATH_MAX];

    if (!own_folder(folder)) {
        return false;
    }
    for (; *places != NULL; places++) {
        (void)snprintf(place, sizeof place, "%s%s", folder, *places);
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
                           "This program cannot find out where it lies: %s.", strerror(errno));
    }
    return failure_set(failure, STATUS_ABSENT,
                       "There is no %s that belongs to the command line in %.300s; install both "
                       "together.",
                       what, folder);
}

enum status installation_host(char ret_path[PATH_MAX], struct failure *failure)
{
    static const char *const places[] = {
        "powerup-secrets-host",
        POWERUP_SECRETS_COMMAND_TO_HOST "/powerup-secrets-host",
        NULL,
    };

    return find(places, ret_path) ? STATUS_OK : refuse("host", failure);
}

enum status installation_extension(enum browser_family family, char ret_path[PATH_MAX],
                                   struct failure *failure)
{
    /* As built, as in the npm package, as installed. */
    static const char *const chromium[] = {
        "extension/chromium",
        "../extension/chromium",
        POWERUP_SECRETS_COMMAND_TO_DATA "/extension/chromium",
        NULL,
    };
    static const char *const firefox[] = {
        "extension/firefox",
        "../extension/firefox",
        POWERUP_SECRETS_COMMAND_TO_DATA "/extension/firefox",
        NULL,
    };

    return find(family == BROWSER_CHROMIUM ? chromium : firefox, ret_path)
               ? STATUS_OK
               : refuse("extension", failure);
}

bool installation_command(char ret_path[PATH_MAX])
{
    static const char *const places[] = {
        "powerup-secrets",
        POWERUP_SECRETS_HOST_TO_COMMAND "/powerup-secrets",
        NULL,
    };
    char folder[PATH_MAX] = "";

    if (find(places, ret_path)) {
        return true;
    }
    return own_folder(folder) &&
           snprintf(ret_path, PATH_MAX, "%.*s%s", PATH_MAX - (int)sizeof "powerup-secrets", folder,
                    "powerup-secrets") > 0;
}
