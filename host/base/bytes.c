/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

struct view view_of_text(const char *text)
{
    return (struct view){(const uint8_t *)text, strlen(text)};
}

struct view view_of_bytes(const struct bytes *bytes)
{
    return (struct view){bytes->data, bytes->size};
}

bool view_equal(struct view a, struct view b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

enum status bytes_alloc(size_t size, struct bytes *ret_bytes)
{
    uint8_t *data = calloc(1, size > 0 ? size : 1);

    if (data == NULL) {
        return STATUS_NO_MEMORY;
    }
    *ret_bytes = (struct bytes){data, size};
    return STATUS_OK;
}

enum status bytes_copy(struct view view, struct bytes *ret_bytes)
{
    TRY(bytes_alloc(view.size, ret_bytes));
    if (view.size > 0) {
        memcpy(ret_bytes->data, view.data, view.size);
    }
    return STATUS_OK;
}

void bytes_wipe(struct bytes *bytes)
{
    if (bytes->data != NULL) {
        memory_wipe(bytes->data, bytes->size);
        free(bytes->data);
    }
    *bytes = (struct bytes){NULL, 0};
}

void memory_free(void *pointer)
{
    free(*(void **)pointer);
}

void *memory_new(size_t count, size_t size)
{
    return calloc(count, size);
}

void memory_wipe(void *memory, size_t size)
{
    explicit_bzero(memory, size);
}
