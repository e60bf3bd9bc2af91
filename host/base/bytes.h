/* SPDX-License-Identifier: MIT */
/* Borrowed and owned runs of bytes. Owned bytes are wiped when they are freed, because most of
 * what this program holds is a key or a secret. */
#ifndef POWERUP_SECRETS_BASE_BYTES_H
#define POWERUP_SECRETS_BASE_BYTES_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct view { /* borrowed */
    const uint8_t *data;
    size_t size;
};

struct bytes { /* owned */
    uint8_t *data;
    size_t size;
};

/* An owned local that cleans up after itself: BYTES_AUTO secret = {0}; */
#define BYTES_AUTO __attribute__((cleanup(bytes_wipe))) struct bytes

/* A view of a NUL-terminated text, without its NUL. */
struct view view_of_text(const char *text);
struct view view_of_bytes(const struct bytes *bytes);
bool view_equal(struct view a, struct view b);

/* Gives *ret_bytes `size` zeroed bytes; a size of 0 is allowed and still gives a pointer.
 * STATUS_NO_MEMORY leaves *ret_bytes as it was. */
MUST_CHECK enum status bytes_alloc(size_t size, struct bytes *ret_bytes);

/* The same with a copy of a view. */
MUST_CHECK enum status bytes_copy(struct view view, struct bytes *ret_bytes);

/* Overwrites and frees; {NULL, 0} is fine. Afterwards *bytes is {NULL, 0}. */
void bytes_wipe(struct bytes *bytes);

/* Other memory of malloc, freed when its owner goes out of scope: FREE_AUTO char *path = NULL; */
#define FREE_AUTO __attribute__((cleanup(memory_free)))
void memory_free(void *pointer);

/* calloc, for owners that clean up by themselves: clang's analyzer does not see that they do. */
void *memory_new(size_t count, size_t size);

/* Overwrites memory in a way that the compiler does not remove. */
void memory_wipe(void *memory, size_t size);

#endif
