/* SPDX-License-Identifier: MIT */
/* Paths of files, put together. */
#ifndef POWERUP_SECRETS_BASE_PATH_H
#define POWERUP_SECRETS_BASE_PATH_H

#include "base/buffer.h"

/* "folder/name", NUL-terminated, owned by the caller. STATUS_NO_MEMORY, with *failure set. */
MUST_CHECK enum status path_join(const char *folder, const char *name, struct bytes *ret_path,
                                 struct failure *failure);

/* The same of a text that was put together piece by piece; the buffer is of no more use then. */
MUST_CHECK enum status path_finish(struct buffer *text, struct bytes *ret_path,
                                   struct failure *failure);

#endif
