/* SPDX-License-Identifier: MIT */
#include "base/content.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum status read_all(int fd, struct buffer *buffer, struct failure *failure)
{
    uint8_t chunk[16 * 1024];
    ssize_t count = 0;

    do {
        count = read(fd, chunk, sizeof chunk);
        if (count > 0) {
            buffer_add(buffer, (struct view){chunk, (size_t)count});
        }
        if (buffer->size > CONTENT_SIZE_MAX) {
            memory_wipe(chunk, sizeof chunk);
            return failure_set(failure, STATUS_BAD_REQUEST, "More than 64 MiB are no value.");
        }
    } while (count > 0 || (count < 0 && errno == EINTR));
    int code = errno;
    memory_wipe(chunk, sizeof chunk);
    if (count < 0) {
        return failure_set(failure, STATUS_BAD_REQUEST, "It cannot be read: %s.", strerror(code));
    }
    return buffer_status(buffer) == STATUS_OK ? STATUS_OK : failure_no_memory(failure);
}

enum status content_read(const char *path, struct bytes *ret_content, struct failure *failure)
{
    BUFFER_AUTO buffer = {0};
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

    if (fd < 0) {
        return failure_set(failure, STATUS_BAD_REQUEST, "The file %s cannot be opened: %s.", path,
                           strerror(errno));
    }
    enum status status = read_all(fd, &buffer, failure);
    if (path != NULL) {
        (void)close(fd);
    }
    if (status == STATUS_OK && bytes_copy(view_of_buffer(&buffer), ret_content) != STATUS_OK) {
        status = failure_no_memory(failure);
    }
    return status;
}
