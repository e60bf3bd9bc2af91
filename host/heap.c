/* SPDX-License-Identifier: MIT */
/* Memory is zeroed when it is freed, whoever frees it: json-c leaves a copy of every string that it
 * has read or written, SQLite of every row. Linked into a program, these take the place of the C
 * library's for all its libraries. */
#include <stdlib.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#include <malloc.h>
#include <string.h>

/* The C library's own, under the names that it exports for this. */
void __libc_free(void *memory);

void free(void *memory)
{
    if (memory != NULL) {
        explicit_bzero(memory, malloc_usable_size(memory));
        __libc_free(memory);
    }
}

void *realloc(void *memory, size_t size)
{
    size_t old_size = memory != NULL ? malloc_usable_size(memory) : 0;
    size_t new_size = size > 0 ? size : 1;

    if (new_size <= old_size && new_size >= old_size / 2) {
        return memory;
    }
    void *moved = malloc(new_size);
    if (moved != NULL && memory != NULL) {
        memcpy(moved, memory, new_size < old_size ? new_size : old_size);
        free(memory);
    }
    return moved;
}
#endif
