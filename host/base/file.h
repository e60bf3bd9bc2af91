/* SPDX-License-Identifier: MIT */
/* Files that are read and written whole, and the folders that they are in. */
#ifndef POWERUP_SECRETS_BASE_FILE_H
#define POWERUP_SECRETS_BASE_FILE_H

#include "base/bytes.h"

#include <sys/types.h>

/* The largest file of its own kind that this program reads, and the largest value of a Power-Up. */
enum { FILE_SIZE_MAX = 1024 * 1024, FILE_VALUE_MAX = 64 * 1024 * 1024 };

/* An owned descriptor, closed unless it is below 0; errno stays: FD_AUTO fd = open(…); */
#define FD_AUTO __attribute__((cleanup(fd_close))) int
void fd_close(int *fd);

/* Hands a descriptor over to another owner. */
int fd_take(int *fd);

/* Reads until the buffer is full or the file ends, in pieces and interrupted by signals as it may
 * be: the number of bytes, or -1 with errno. */
ssize_t read_full(int fd, uint8_t *buffer, size_t size);

/* Writes all of it, in the same way. False with errno set. */
bool write_full(int fd, struct view content);

/* All of a regular file, owned by the caller. STATUS_ABSENT: there is none (for a symbolic link:
 * where it points to). STATUS_IO_FAILED: *failure says why it cannot be read. */
MUST_CHECK enum status file_load(const char *path, struct bytes *ret_content,
                                 struct failure *failure);

/* All of a value in a file, a pipe or, where the path is NULL, standard input, byte for byte. On
 * STATUS_OK the caller owns *ret_value. STATUS_BAD_REQUEST: it cannot be read, or is too large;
 * *failure says so. STATUS_NO_MEMORY. */
MUST_CHECK enum status file_load_value(const char *path, struct bytes *ret_value,
                                       struct failure *failure);

/* Makes a folder, and those above it that are missing, with this mode whatever the umask. Those
 * that exist stay as they are. 0, or an errno. */
MUST_CHECK int folder_make(const char *path, mode_t mode);

/* The same for the folder that a file is to be in. STATUS_IO_FAILED: *failure says why not. */
MUST_CHECK enum status file_make_folder(const char *path, mode_t mode, struct failure *failure);

/* Puts a file of mode 0644 at the path: after it has returned, and after any crash, there is the
 * old file or the whole new one. STATUS_IO_FAILED: *failure says why not; nothing is left over. */
MUST_CHECK enum status file_replace(const char *path, struct view content, struct failure *failure);

#endif
