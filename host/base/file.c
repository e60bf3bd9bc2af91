/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/full_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status fail(const char *what, const char *path, int code, struct failure *failure)
{
    return failure_set(failure, code == ENOMEM ? STATUS_NO_MEMORY : STATUS_IO_FAILED,
                       "%s cannot be %s: %s.", path, what, strerror(code));
}

static enum status load(int fd, const char *path, struct bytes *ret_content,
                        struct failure *failure)
{
    BYTES_AUTO room = {0};
    struct stat info;

    if (fstat(fd, &info) != 0) {
        return fail("read", path, errno, failure);
    }
    if (!S_ISREG(info.st_mode) || info.st_size > FILE_SIZE_MAX) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "%s cannot be read: it is no file, or one of more than %d bytes.", path,
                           FILE_SIZE_MAX);
    }
    enum status status = bytes_alloc((size_t)info.st_size, &room);
    ssize_t size = status == STATUS_OK ? read_full(fd, room.data, room.size) : 0;
    if (status != STATUS_OK || size < 0) {
        return fail("read", path, size < 0 ? errno : ENOMEM, failure);
    }
    status = bytes_copy((struct view){room.data, (size_t)size}, ret_content);
    return status == STATUS_OK ? status : fail("read", path, ENOMEM, failure);
}

enum status file_load(const char *path, struct bytes *ret_content, struct failure *failure)
{
    /* Not blocking, in case it is a pipe. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT ? STATUS_ABSENT : fail("read", path, errno, failure);
    }
    enum status status = load(fd, path, ret_content, failure);
    (void)close(fd); /* nothing was written */
    return status;
}

/* An errno, 0 when the folder is there. */
static int make_folder(const char *path, mode_t mode)
{
    struct stat info;

    if (mkdir(path, mode) == 0) {
        return chmod(path, mode) == 0 ? 0 : errno;
    }
    int code = errno;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? 0 : code;
}

enum status file_make_folders(const char *path, mode_t mode, struct failure *failure)
{
    BYTES_AUTO copy = {0};

    if (bytes_copy((struct view){(const uint8_t *)path, strlen(path) + 1}, &copy) != STATUS_OK) {
        return fail("made", path, ENOMEM, failure);
    }
    char *folder = (char *)copy.data;
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int code = make_folder(folder, mode);
        if (code != 0) {
            return fail("made", folder, code, failure);
        }
        *slash = '/';
    }
    return STATUS_OK;
}

/* Makes a rename in the folder of a path last. An errno. */
static int sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');

    (void)snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 1,
                   slash != NULL ? path : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    int code = fsync(fd) == 0 ? 0 : errno;
    (void)close(fd);
    return code;
}

enum status file_replace(const char *path, struct view content, struct failure *failure)
{
    BYTES_AUTO name = {0};
    size_t size = strlen(path) + sizeof ".XXXXXX";

    if (bytes_alloc(size, &name) != STATUS_OK) {
        return fail("written", path, ENOMEM, failure);
    }
    char *made = (char *)name.data;
    (void)snprintf(made, size, "%s.XXXXXX", path);
    int fd = mkostemp(made, O_CLOEXEC);
    if (fd < 0) {
        return fail("written", path, errno, failure);
    }
    int code = write_full(fd, content) && fchmod(fd, 0644) == 0 && fsync(fd) == 0 ? 0 : errno;
    if (close(fd) != 0 && code == 0) {
        code = errno;
    }
    if (code == 0 && rename(made, path) != 0) {
        code = errno;
    }
    if (code != 0) {
        (void)unlink(made); /* the first error is the one to tell */
        return fail("written", path, code, failure);
    }
    code = sync_folder(path);
    return code == 0 ? STATUS_OK : fail("written", path, code, failure);
}
