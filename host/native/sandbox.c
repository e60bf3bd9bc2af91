/* SPDX-License-Identifier: MIT */
#include "native/sandbox.h"

#include "native/landlock.h"
#include "native/syscall_filter.h"
#include "system/installation.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __SANITIZE_ADDRESS__
#include <link.h>
#include <sys/prctl.h>

enum { LIBRARY_FOLDERS_MAX = 16 };

/* The folders of the shared libraries that this program has loaded. The command line needs those,
 * and one more (popt) from the same folders. */
struct library_folders {
    char paths[LIBRARY_FOLDERS_MAX][PATH_MAX];
    size_t count;
};

static bool has_folder(const struct library_folders *folders, const char *path, size_t size)
{
    for (size_t i = 0; i < folders->count; i++) {
        if (strncmp(folders->paths[i], path, size) == 0 && folders->paths[i][size] == '\0') {
            return true;
        }
    }
    return false;
}

static int note_folder(struct dl_phdr_info *object, size_t size, void *data)
{
    struct library_folders *folders = data;
    const char *slash = strrchr(object->dlpi_name, '/');

    (void)size;
    if (slash == NULL || folders->count == LIBRARY_FOLDERS_MAX) {
        return 0; /* this program itself, and what the kernel brings */
    }
    size_t length = (size_t)(slash - object->dlpi_name);
    if (length > 0 && length < PATH_MAX && !has_folder(folders, object->dlpi_name, length)) {
        memcpy(folders->paths[folders->count++], object->dlpi_name, length);
    }
    return 0;
}

static int restrict_files(const char *state_folder)
{
    struct library_folders folders = {0};
    char program[PATH_MAX] = "";
    struct landlock_rule rules[LIBRARY_FOLDERS_MAX + 4];
    size_t count = 0;

    (void)dl_iterate_phdr(note_folder, &folders);
    rules[count++] = (struct landlock_rule){state_folder, LANDLOCK_KEEP};
    rules[count++] = (struct landlock_rule){"/dev/null", LANDLOCK_READ_WRITE};
    rules[count++] = (struct landlock_rule){"/etc/ld.so.cache", LANDLOCK_READ};
    if (installation_command(program)) {
        rules[count++] = (struct landlock_rule){program, LANDLOCK_RUN};
    }
    for (size_t i = 0; i < folders.count; i++) {
        rules[count++] = (struct landlock_rule){folders.paths[i], LANDLOCK_RUN};
    }
    return landlock_restrict(rules, count);
}

static void warn(const char *what, int code)
{
    if (code != 0) {
        fprintf(stderr, "powerup-secrets-host: this system does not let the host %s: %s\n", what,
                strerror(code));
    }
}

void sandbox_enter(const char *state_folder)
{
    const char *wanted = getenv("POWERUP_SECRETS_SANDBOX");

    if (wanted != NULL && strcmp(wanted, "off") == 0) {
        return;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0) {
        warn("give up privileges", errno);
        return;
    }
    warn("restrict the files that it can reach (Landlock)", restrict_files(state_folder));
    warn("restrict its system calls (seccomp)", syscall_filter_install());
}
#else
void sandbox_enter(const char *state_folder)
{
    (void)state_folder;
}
#endif
