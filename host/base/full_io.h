/* SPDX-License-Identifier: MIT */
/* Descriptors that close themselves, and reading and writing what may come and go in pieces,
 * interrupted by signals. */
#ifndef POWERUP_SECRETS_BASE_FULL_IO_H
#define POWERUP_SECRETS_BASE_FULL_IO_H

#include "base/bytes.h"

#include <stdbool.h>
#include <sys/types.h>

/* An owned local, closed unless it is below 0; errno stays: FD_AUTO fd = open(…); */
#define FD_AUTO __attribute__((cleanup(fd_close))) int
void fd_close(int *fd);

/* Hands a descriptor over to another owner. */
int fd_take(int *fd);

/* Reads until the buffer is full or the file ends: the number of bytes, or -1 with errno. */
ssize_t read_full(int fd, uint8_t *buffer, size_t size);

/* Writes all of it. False with errno set. */
bool write_full(int fd, struct view content);

#endif
