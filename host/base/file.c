/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
    int code = errno;

    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
    errno = code;
}

int fd_take(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

ssize_t read_full(int fd, uint8_t *buffer, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t count = read(fd, buffer + used, size - used);
        if (count < 0 && errno != EINTR) {
            return -1;
        }
        if (count == 0) {
            break;
        }
        used += count > 0 ? (size_t)count : 0;
    }
    return (ssize_t)used;
}

bool write_full(int fd, struct view content)
{
    while (content.size > 0) {
        ssize_t count = write(fd, content.data, content.size);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        size_t written = count > 0 ? (size_t)count : 0;
        content = (struct view){content.data + written, content.size - written};
    }
    return true;
}

/* All that is to be read, or one byte more than the limit. An errno. */
static int read_to_end(int fd, size_t limit, struct buffer *content)
{
    uint8_t chunk[16 * 1024];
    ssize_t count = 0;
    int code = 0;

    do {
        size_t left = limit + 1 - content->size;
        count = read_full(fd, chunk, left < sizeof chunk ? left : sizeof chunk);
        if (count < 0) {
            code = errno;
        } else {
            buffer_add(content, (struct view){chunk, (size_t)count});
        }
    } while (count == sizeof chunk && content->size <= limit && !content->failed);
    memory_wipe(chunk, sizeof chunk);
    return code == 0 && content->failed ? ENOMEM : code;
}

static enum status fail(const char *what, const char *path, int code, struct failure *failure)
{
    return failure_set(failure, code == ENOMEM ? STATUS_NO_MEMORY : STATUS_IO_FAILED,
                       "%s cannot be %s: %s.", path, what, strerror(code));
}

enum status file_load(const char *path, struct bytes *ret_content, struct failure *failure)
{
    /* Not blocking, in case it is a pipe. */
    FD_AUTO fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    BUFFER_AUTO content = {0};
    struct stat info;

    if (fd < 0) {
        return errno == ENOENT ? STATUS_ABSENT : fail("read", path, errno, failure);
    }
    if (fstat(fd, &info) != 0) {
        return fail("read", path, errno, failure);
    }
    int code = S_ISREG(info.st_mode) ? read_to_end(fd, FILE_SIZE_MAX, &content) : 0;
    if (code != 0) {
        return fail("read", path, code, failure);
    }
    if (!S_ISREG(info.st_mode) || content.size > FILE_SIZE_MAX) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "%s cannot be read: it is not a regular file, or is larger than %d "
                           "bytes.",
                           path, FILE_SIZE_MAX);
    }
    return failure_explain(failure, bytes_copy(view_of_buffer(&content), ret_content));
}

enum status file_load_value(const char *path, struct bytes *ret_value, struct failure *failure)
{
    FD_AUTO file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    BUFFER_AUTO value = {0};

    if (path != NULL && file < 0) {
        return failure_set(failure, STATUS_BAD_REQUEST, "The file %s cannot be opened: %s.", path,
                           strerror(errno));
    }
    int code = read_to_end(path != NULL ? file : STDIN_FILENO, FILE_VALUE_MAX, &value);
    if (code != 0 && code != ENOMEM) {
        return failure_set(failure, STATUS_BAD_REQUEST, "%s%s cannot be read: %s.",
                           path != NULL ? "The file " : "Standard input", path != NULL ? path : "",
                           strerror(code));
    }
    if (value.size > FILE_VALUE_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST, "The value is larger than 64 MiB.");
    }
    TRY(failure_explain(failure, buffer_status(&value)));
    return failure_explain(failure, bytes_copy(view_of_buffer(&value), ret_value));
}

/* One folder. An errno, 0 when it exists. */
static int make_one(const char *path, mode_t mode)
{
    struct stat info;

    if (mkdir(path, mode) != 0) {
        int code = errno;
        bool exists = stat(path, &info) == 0;
        return !exists ? code : S_ISDIR(info.st_mode) ? 0 : ENOTDIR;
    }
    /* The umask may have taken something of the mode away. */
    if (lstat(path, &info) != 0) {
        return errno;
    }
    return (info.st_mode & 0777) == mode || chmod(path, mode) == 0 ? 0 : errno;
}

int folder_make(const char *path, mode_t mode)
{
    char folder[PATH_MAX];
    size_t size = strlen(path);

    if (size >= sizeof folder) {
        return ENAMETOOLONG;
    }
    memcpy(folder, path, size + 1);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int code = make_one(folder, mode);
        if (code != 0) {
            return code;
        }
        *slash = '/';
    }
    return make_one(folder, mode);
}

/* "folder/" of a path, or "." of one without. */
static int folder_of(const char *path, char ret_folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int size = slash != NULL ? (int)(slash - path) + 1 : 1;

    return snprintf(ret_folder, PATH_MAX, "%.*s", size, slash != NULL ? path : ".") < PATH_MAX
               ? 0
               : ENAMETOOLONG;
}

enum status file_make_folder(const char *path, mode_t mode, struct failure *failure)
{
    char folder[PATH_MAX];
    int code = folder_of(path, folder);

    if (code == 0) {
        code = folder_make(folder, mode);
    }
    return code == 0 ? STATUS_OK
                     : failure_set(failure, STATUS_IO_FAILED,
                                   "The folder of %s cannot be made: %s.", path, strerror(code));
}

/* Makes a rename in the folder of a path durable. An errno. */
static int sync_folder(const char *path)
{
    char folder[PATH_MAX];
    int code = folder_of(path, folder);

    if (code != 0) {
        return code;
    }
    FD_AUTO fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : errno;
}

enum status file_replace(const char *path, struct view content, struct failure *failure)
{
    BYTES_AUTO name = {0};
    size_t size = strlen(path) + sizeof ".XXXXXX";

    TRY(failure_explain(failure, bytes_alloc(size, &name)));
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
    int code = sync_folder(path);
    return code == 0 ? STATUS_OK : fail("written", path, code, failure);
}
