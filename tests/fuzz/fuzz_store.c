// SPDX-License-Identifier: MIT
#include "fuzz_store.h"

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

const char *fuzz_state_folder(void)
{
    return getenv("POWERUP_SECRETS_DIR");
}

static void database_path(char ret_path[PATH_SIZE])
{
    int length = snprintf(ret_path, PATH_SIZE, "%s/store.sqlite3", fuzz_state_folder());
    FUZZ_CHECK(length > 0 && length < PATH_SIZE);
}

static int open_database(int flags)
{
    char path[PATH_SIZE];

    database_path(path);
    int fd = open(path, flags | O_CLOEXEC);
    FUZZ_CHECK(fd >= 0);
    return fd;
}

static void use_folder(void)
{
    const char *folder = getenv("POWERUP_SECRETS_FUZZ_DIR");
    char path[PATH_SIZE];

    if (folder == NULL) {
        (void)fprintf(stderr, "POWERUP_SECRETS_FUZZ_DIR must name a folder of mode 0700.\n");
        exit(2);
    }
    FUZZ_CHECK(setenv("POWERUP_SECRETS_DIR", folder, 1) == 0);
    FUZZ_CHECK(unsetenv("POWERUP_SECRETS_BROWSER_PROFILE") == 0);
    database_path(path); /* what the last process left in it */
    FUZZ_CHECK(unlink(path) == 0 || errno == ENOENT);
}

void fuzz_reset_store(void (*make)(void))
{
    static struct bytes fresh;

    if (fresh.data == NULL) {
        use_folder();
        make();
        int made = open_database(O_RDONLY);
        fresh = fuzz_file_content(made);
        (void)close(made);
    }
    int fd = open_database(O_WRONLY | O_TRUNC);
    fuzz_write(fd, view_of_bytes(&fresh));
    (void)close(fd);
}
