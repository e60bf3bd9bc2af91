/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_BASE_CONTENT_H
#define POWERUP_SECRETS_BASE_CONTENT_H

#include "base/bytes.h"

/* The largest value of a Power-Up. */
enum { CONTENT_SIZE_MAX = 64 * 1024 * 1024 };

/* All that is in a file or, where the path is NULL, in standard input, byte for byte. On STATUS_OK
 * the caller owns *ret_content. STATUS_BAD_REQUEST: it cannot be read, or is too large; *failure
 * says so. STATUS_NO_MEMORY. */
MUST_CHECK enum status content_read(const char *path, struct bytes *ret_content,
                                    struct failure *failure);

#endif
