/* SPDX-License-Identifier: MIT */
#include "store/state_folder.h"

#include "base/full_io.h"
#include "store/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_KEY     "root.key"
#define ROOT_KEY_NEW "root.key.new"

static enum status join(const char *folder, const char *name, struct bytes *ret_path)
{
    TRY(bytes_alloc(strlen(folder) + strlen(name) + 1, ret_path));

    snprintf((char *)ret_path->data, ret_path->size, "%s%s", folder, name);
    return STATUS_OK;
}

enum status state_folder_path(struct bytes *ret_path, struct failure *failure)
{
    static const struct {
        const char *variable;
        const char *below;
    } places[] = {
        {"POWERUP_SECRETS_DIR", ""},
        {"XDG_STATE_HOME", "/powerup-secrets"},
        {"HOME", "/.local/state/powerup-secrets"},
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *value = getenv(places[i].variable);
        if (value == NULL || value[0] == '\0') {
            continue;
        }
        if (value[0] != '/') {
            return failure_set(failure, STATUS_STATE_FOLDER,
                               "The environment variable %s must be an absolute path; browsers "
                               "start the host in a folder of their choice.",
                               places[i].variable);
        }
        enum status status = join(value, places[i].below, ret_path);
        return failure_explain(failure, status);
    }
    return failure_set(failure, STATUS_STATE_FOLDER,
                       "No place for the state folder: set POWERUP_SECRETS_DIR to an absolute "
                       "path, or HOME.");
}

/* mkdir -p, with mode 0700 for each folder that is missing. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST) {
            return false;
        }
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

enum status state_folder_open(const char *path, int *ret_fd, struct failure *failure)
{
    BYTES_AUTO copy = {0};
    struct stat info;

    enum status status = join(path, "", &copy);
    if (status != STATUS_OK) {
        return failure_no_memory(failure);
    }
    if (!make_folders((char *)copy.data)) {
        return failure_set(failure, STATUS_STATE_FOLDER,
                           "The state folder cannot be made: %s. Set POWERUP_SECRETS_DIR to a "
                           "folder that can.",
                           strerror(errno));
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        int code = errno;
        if (fd >= 0) {
            close(fd);
        }
        return failure_set(failure, STATUS_STATE_FOLDER, "The state folder cannot be opened: %s.",
                           strerror(code));
    }
    if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
        close(fd);
        return failure_set(failure, STATUS_STATE_FOLDER,
                           "The state folder holds keys, so it must be yours alone: take it over "
                           "with chown, then chmod 700, or set POWERUP_SECRETS_DIR to another.");
    }
    *ret_fd = fd;
    return STATUS_OK;
}

enum status root_key_read(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                          struct failure *failure)
{
    uint8_t key[SEAL_ROOT_KEY_SIZE + 1];
    struct stat info;

    /* Not blocking, in case it is a pipe. */
    int fd = openat(folder, ROOT_KEY, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return STATUS_ABSENT;
    }
    ssize_t size = fd < 0 || fstat(fd, &info) != 0 ? -1 : read_full(fd, key, sizeof key);
    int code = errno;
    if (fd >= 0) {
        close(fd);
    }
    enum status status = STATUS_OK;
    if (size < 0) {
        status =
            failure_set(failure, STATUS_ROOT_KEY, "root.key cannot be read: %s.", strerror(code));
    } else if (size != SEAL_ROOT_KEY_SIZE) {
        status = failure_set(failure, STATUS_ROOT_KEY,
                             "root.key in the state folder must have %d bytes and has not; put "
                             "the right file back, or remove the state folder to start anew.",
                             SEAL_ROOT_KEY_SIZE);
    } else if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
        status = failure_set(failure, STATUS_ROOT_KEY,
                             "root.key in the state folder must be yours alone: chmod 600 it.");
    } else {
        memcpy(ret_root_key, key, SEAL_ROOT_KEY_SIZE);
    }
    memory_wipe(key, sizeof key);
    return status;
}

enum status root_key_create(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                            struct failure *failure)
{
    uint8_t key[SEAL_ROOT_KEY_SIZE];

    enum status status = crypto_random(key, sizeof key);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "No random bytes for a new root key.");
    }
    /* What a crash left of an earlier attempt; nobody can be using it. */
    if (unlinkat(folder, ROOT_KEY_NEW, 0) != 0 && errno != ENOENT) {
        goto failed;
    }
    int fd =
        openat(folder, ROOT_KEY_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        goto failed;
    }
    bool written = write_full(fd, (struct view){key, sizeof key}) && fsync(fd) == 0;
    int code = errno;
    if (close(fd) != 0 && written) {
        written = false;
        code = errno;
    }
    errno = code;
    if (!written || linkat(folder, ROOT_KEY_NEW, folder, ROOT_KEY, 0) != 0 ||
        unlinkat(folder, ROOT_KEY_NEW, 0) != 0 || fsync(folder) != 0) {
        goto failed;
    }
    memcpy(ret_root_key, key, sizeof key);
    memory_wipe(key, sizeof key);
    return STATUS_OK;

failed:
    memory_wipe(key, sizeof key);
    return failure_set(failure, STATUS_ROOT_KEY, "root.key cannot be written: %s.",
                       strerror(errno));
}
