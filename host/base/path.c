/* SPDX-License-Identifier: MIT */
#include "base/path.h"

enum status path_finish(struct buffer *text, struct bytes *ret_path, struct failure *failure)
{
    buffer_add(text, (struct view){(const uint8_t *)"", 1});
    if (buffer_status(text) != STATUS_OK ||
        bytes_copy(view_of_buffer(text), ret_path) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for a path.");
    }
    return STATUS_OK;
}

enum status path_join(const char *folder, const char *name, struct bytes *ret_path,
                      struct failure *failure)
{
    BUFFER_AUTO text = {0};

    buffer_print(&text, "%s/%s", folder, name);
    return path_finish(&text, ret_path, failure);
}
