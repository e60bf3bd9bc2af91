/* SPDX-License-Identifier: MIT */
/* Intercepts the allocator of the whole program, including its libraries. */
#ifndef POWERUP_SECRETS_TEST_ALLOCATION_H
#define POWERUP_SECRETS_TEST_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the n-th allocation fails, and with `onwards` all that follow. */
void allocation_fail_at(size_t n, bool onwards);

/* No allocation fails from now on. Returns how many have failed. */
size_t allocation_fail_end(void);

/* How many blocks are currently allocated. */
long allocation_count(void);

#endif
