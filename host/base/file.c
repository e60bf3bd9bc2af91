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

enum status file_load(const char *path, struct bytes *ret_content, struct failure *failure)
{
    /* Not blocking, in case it is a pipe. */
    FD_AUTO fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    BYTES_AUTO content = {0};
    struct stat info;

    if (fd < 0) {
        return errno == ENOENT ? STATUS_ABSENT : fail("read", path, errno, failure);
    }
    if (fstat(fd, &info) != 0) {
        return fail("read", path, errno, failure);
    }
    if (!S_ISREG(info.st_mode) || info.st_size > FILE_SIZE_MAX) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "%s cannot be read: it is not a regular file, or is larger than %d "
                           "bytes.",
                           path, FILE_SIZE_MAX);
    }
    if (bytes_alloc((size_t)info.st_size, &content) != STATUS_OK) {
        return fail("read", path, ENOMEM, failure);
    }
    ssize_t size = read_full(fd, content.data, content.size);
    if (size < 0) {
        return fail("read", path, errno, failure);
    }
    content.size = (size_t)size;
    MOVE(*ret_content, content);
    return STATUS_OK;
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

/* Makes a rename in the folder of a path durable. False with errno set. */
static bool sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');

    (void)snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 1,
                   slash != NULL ? path : ".");
    FD_AUTO fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
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
    FD_AUTO fd = mkostemp(made, O_CLOEXEC);
    if (fd < 0) {
        return fail("written", path, errno, failure);
    }
    if (!write_full(fd, content) || fchmod(fd, 0644) != 0 || fsync(fd) != 0 ||
        rename(made, path) != 0) {
        int code = errno;
        (void)unlink(made); /* the first error is the one to report */
        return fail("written", path, code, failure);
    }
    return sync_folder(path) ? STATUS_OK : fail("written", path, errno, failure);
}
