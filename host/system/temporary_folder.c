/* SPDX-License-Identifier: MIT */
#include "system/temporary_folder.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_PATH_SIZE = sizeof((struct sockaddr_un *)NULL)->sun_path };

/* What a program that was just ended still writes is removed with one of the next attempts. */
enum { ATTEMPTS = 20, BETWEEN_MS = 50, DESCRIPTORS = 16 };

enum status temporary_folder_make(struct bytes *ret_path, struct failure *failure)
{
    static const char name[] = "/powerup-secrets-XXXXXX";
    static const char chromium[] = "/org.chromium.Chromium.XXXXXX/SingletonSocket";
    const char *given = getenv("TMPDIR");
    bool fits = given != NULL && given[0] == '/' &&
                strlen(given) + strlen(name) + strlen(chromium) < SOCKET_PATH_SIZE;
    const char *parent = fits ? given : "/tmp";
    BYTES_AUTO path = {0};

    if (bytes_alloc(strlen(parent) + sizeof name, &path) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for a path.");
    }
    (void)snprintf((char *)path.data, path.size, "%s%s", parent, name);
    if (mkdtemp((char *)path.data) == NULL) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "No temporary folder can be made in %.300s: %s. Set TMPDIR to a folder "
                           "in which it can.",
                           parent, strerror(errno));
    }
    MOVE(*ret_path, path);
    return STATUS_OK;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

void temporary_folder_remove(struct bytes *path)
{
    for (int i = 0; path->data != NULL && i < ATTEMPTS; i++) {
        if (rmdir((char *)path->data) == 0 ||
            nftw((char *)path->data, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 ||
            errno == ENOMEM) {
            break;
        }
        (void)poll(NULL, 0, BETWEEN_MS);
    }
    bytes_wipe(path);
}
