/* SPDX-License-Identifier: MIT */
/* Linked into a program, heap.c takes the place of the C library's allocator for all its libraries:
 *
 * - Memory is zeroed when it is freed, by any code. json-c leaves a copy of every string that
 * it has read or written, SQLite of every row.
 * - Whether memory ran out is known, for libraries that do not look. json-c leaves out what it
 * cannot add, reading and writing, and popt the arguments after the options.
 * - strdup does not come back without memory: the program ends with a message. json-c, when it
 * reads, would go on with no name for a member, and crash.
 *
 * Other C libraries than glibc, and AddressSanitizer, keep their own; then nothing is known. */
#ifndef POWERUP_SECRETS_BASE_HEAP_H
#define POWERUP_SECRETS_BASE_HEAP_H

/* How many allocations have failed until now. */
unsigned long heap_failures(void);

#endif
