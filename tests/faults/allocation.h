/* SPDX-License-Identifier: MIT */
/* Stands in front of the allocator of the whole program, its libraries included. */
#ifndef POWERUP_SECRETS_TEST_ALLOCATION_H
#define POWERUP_SECRETS_TEST_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the n-th allocation fails, and with `onwards` all that follow. */
void allocation_fail_at(size_t n, bool onwards);

/* None fails any more. How many have failed. */
size_t allocation_fail_end(void);

/* How many blocks are allocated now. */
long allocation_count(void);

#endif
