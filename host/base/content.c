/* SPDX-License-Identifier: MIT */
#include "base/content.h"

#include "base/buffer.h"
#include "base/full_io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_SIZE = 16 * 1024 };

enum status content_read(const char *path, struct bytes *ret_content, struct failure *failure)
{
    FD_AUTO file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    BUFFER_AUTO buffer = {0};
    BYTES_AUTO chunk = {0};
    ssize_t count = CHUNK_SIZE;

    if (path != NULL && file < 0) {
        return failure_set(failure, STATUS_BAD_REQUEST, "The file %s cannot be opened: %s.", path,
                           strerror(errno));
    }
    TRY(failure_explain(failure, bytes_alloc(CHUNK_SIZE, &chunk)));
    while (count == CHUNK_SIZE) {
        count = read_full(path != NULL ? file : STDIN_FILENO, chunk.data, chunk.size);
        if (count < 0) {
            return failure_set(failure, STATUS_BAD_REQUEST, "The value cannot be read: %s.",
                               strerror(errno));
        }
        buffer_add(&buffer, (struct view){chunk.data, (size_t)count});
        if (buffer.size > CONTENT_SIZE_MAX) {
            return failure_set(failure, STATUS_BAD_REQUEST, "The value is larger than 64 MiB.");
        }
    }
    TRY(failure_explain(failure, buffer_status(&buffer)));
    return failure_explain(failure, bytes_copy(view_of_buffer(&buffer), ret_content));
}
