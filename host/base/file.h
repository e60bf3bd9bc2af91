/* SPDX-License-Identifier: MIT */
/* Small files that other programs read. */
#ifndef POWERUP_SECRETS_BASE_FILE_H
#define POWERUP_SECRETS_BASE_FILE_H

#include "base/bytes.h"

#include <sys/types.h>

/* Larger files are not read. */
enum { FILE_SIZE_MAX = 1024 * 1024 };

/* All of a file, owned by the caller. STATUS_ABSENT: there is none (for a symbolic link: where it
 * points to). STATUS_IO_FAILED: *failure says why it cannot be read. */
MUST_CHECK enum status file_load(const char *path, struct bytes *ret_content,
                                 struct failure *failure);

/* Makes the folders above a path that are missing, with this mode whatever the umask. */
MUST_CHECK enum status file_make_folders(const char *path, mode_t mode, struct failure *failure);

/* Puts a file of mode 0644 at the path: after it has returned, and after any crash, there is the
 * old file or the whole new one. STATUS_IO_FAILED: *failure says why not; nothing is left over. */
MUST_CHECK enum status file_replace(const char *path, struct view content, struct failure *failure);

#endif
