/* SPDX-License-Identifier: MIT */
#include "store/state_folder.h"

#include "base/disk.h"
#include "base/file.h"
#include "base/path.h"
#include "store/crypto.h"
#include "store/store_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_KEY_NEW STORE_ROOT_KEY ".new"

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
        BUFFER_AUTO path = {0};
        buffer_print(&path, "%s%s", value, places[i].below);
        return path_finish(&path, ret_path, failure);
    }
    return failure_set(failure, STATUS_STATE_FOLDER,
                       "No place for the state folder: set POWERUP_SECRETS_DIR to an absolute "
                       "path, or HOME.");
}

enum status state_folder_open(const char *path, int *ret_fd, struct failure *failure)
{
    struct stat info;

    int made = folder_make(path, 0700);
    if (made != 0) {
        TRY(disk_check_errno(made, -1, failure));
        return failure_set(failure, STATUS_STATE_FOLDER,
                           "The state folder cannot be made: %s. Set POWERUP_SECRETS_DIR to a "
                           "folder that can.",
                           strerror(made));
    }
    FD_AUTO fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return failure_set(failure, STATUS_STATE_FOLDER, "The state folder cannot be opened: %s.",
                           strerror(errno));
    }
    if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
        return failure_set(failure, STATUS_STATE_FOLDER,
                           "The state folder holds keys, so it must be yours alone: take it over "
                           "with chown, then chmod 700, or set POWERUP_SECRETS_DIR to another.");
    }
    *ret_fd = fd_take(&fd);
    return STATUS_OK;
}

enum status root_key_read(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                          struct failure *failure)
{
    /* Not blocking, in case it is a pipe. */
    FD_AUTO fd = openat(folder, STORE_ROOT_KEY, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    BYTES_AUTO key = {0};
    struct stat info;

    if (fd < 0 && errno == ENOENT) {
        return STATUS_ABSENT;
    }
    if (fd < 0 || fstat(fd, &info) != 0) {
        return failure_set(failure, STATUS_ROOT_KEY, "root.key cannot be read: %s.",
                           strerror(errno));
    }
    TRY(failure_explain(failure, bytes_alloc(SEAL_ROOT_KEY_SIZE + 1, &key)));
    ssize_t size = read_full(fd, key.data, key.size);
    if (size < 0) {
        return failure_set(failure, STATUS_ROOT_KEY, "root.key cannot be read: %s.",
                           strerror(errno));
    }
    if (size != SEAL_ROOT_KEY_SIZE) {
        return failure_set(failure, STATUS_ROOT_KEY,
                           "root.key in the state folder must have %d bytes and has another size; "
                           "restore the right file, or remove the state folder to start over.",
                           SEAL_ROOT_KEY_SIZE);
    }
    if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
        return failure_set(failure, STATUS_ROOT_KEY,
                           "root.key in the state folder must be yours alone: chmod 600 it.");
    }
    memcpy(ret_root_key, key.data, SEAL_ROOT_KEY_SIZE);
    return STATUS_OK;
}

/* Makes the file under its first name. False with errno set. */
static bool write_new_key(int folder, struct view key)
{
    FD_AUTO fd =
        openat(folder, ROOT_KEY_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    return fd >= 0 && write_full(fd, key) && fsync(fd) == 0;
}

enum status root_key_create(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                            struct failure *failure)
{
    BYTES_AUTO key = {0};

    TRY(failure_explain(failure, bytes_alloc(SEAL_ROOT_KEY_SIZE, &key)));
    enum status status = crypto_random(key.data, key.size);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "No random bytes for a new root key.");
    }
    /* First, what a crash left of an earlier attempt; nothing can be using it. */
    if ((unlinkat(folder, ROOT_KEY_NEW, 0) != 0 && errno != ENOENT) ||
        !write_new_key(folder, view_of_bytes(&key)) ||
        linkat(folder, ROOT_KEY_NEW, folder, STORE_ROOT_KEY, 0) != 0 ||
        unlinkat(folder, ROOT_KEY_NEW, 0) != 0 || fsync(folder) != 0) {
        int code = errno;
        TRY(disk_check_errno(code, folder, failure));
        return failure_set(failure, STATUS_ROOT_KEY, "root.key cannot be written: %s.",
                           strerror(code));
    }
    memcpy(ret_root_key, key.data, key.size);
    return STATUS_OK;
}
