/* SPDX-License-Identifier: MIT */
#include "allocation.h"

#include <errno.h>

/* The functions that heap.c calls, and the linker's names for them and their replacements. */
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
void *__real___libc_malloc(size_t size);
void *__real___libc_calloc(size_t items, size_t size);
void __real___libc_free(void *memory);
void *__wrap___libc_malloc(size_t size);
void *__wrap___libc_calloc(size_t items, size_t size);
void __wrap___libc_free(void *memory);
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

static struct {
    size_t at; /* 0: none fails */
    bool onwards;
    size_t calls;
    size_t failed;
} plan;

static long blocks;

void allocation_fail_at(size_t n, bool onwards)
{
    plan.at = n;
    plan.onwards = onwards;
    plan.calls = 0;
    plan.failed = 0;
}

size_t allocation_fail_end(void)
{
    plan.at = 0;
    return plan.failed;
}

long allocation_count(void)
{
    return blocks;
}

static bool fails(void)
{
    if (plan.at == 0) {
        return false;
    }
    plan.calls++;
    if (plan.calls != plan.at && !(plan.onwards && plan.calls > plan.at)) {
        return false;
    }
    plan.failed++;
    errno = ENOMEM;
    return true;
}

static void *count(void *memory)
{
    blocks += memory != NULL;
    return memory;
}

void *__wrap___libc_malloc(size_t size)
{
    return fails() ? NULL : count(__real___libc_malloc(size));
}

void *__wrap___libc_calloc(size_t items, size_t size)
{
    return fails() ? NULL : count(__real___libc_calloc(items, size));
}

void __wrap___libc_free(void *memory)
{
    blocks--; /* heap.c never frees NULL */
    __real___libc_free(memory);
}
