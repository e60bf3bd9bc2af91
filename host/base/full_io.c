/* SPDX-License-Identifier: MIT */
#include "base/full_io.h"

#include <errno.h>
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
