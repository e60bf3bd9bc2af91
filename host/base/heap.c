/* SPDX-License-Identifier: MIT */
#include "base/heap.h"

#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_OWN_ALLOCATOR
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define HAS_OWN_ALLOCATOR
#endif

#ifdef HAS_OWN_ALLOCATOR
unsigned long heap_failures(void)
{
    return 0;
}
#else
#include <malloc.h>
#include <string.h>
#include <unistd.h>

/* The C library's own, under the names that it exports for this. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *memory);

static unsigned long failures;

unsigned long heap_failures(void)
{
    return failures;
}

static void *noted(void *memory)
{
    failures += memory == NULL;
    return memory;
}

void *malloc(size_t size)
{
    return noted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return noted(__libc_calloc(count, size));
}

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

#undef strdup
char *strdup(const char *text)
{
    static const char last_message[] = "powerup-secrets: out of memory\n";
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    if (copy == NULL) {
        ssize_t written = write(STDERR_FILENO, last_message, sizeof last_message - 1);
        (void)written; /* there is nowhere else to report it */
        _exit(EXIT_FAILURE);
    }
    return memcpy(copy, text, size);
}
#endif
