/* SPDX-License-Identifier: MIT */
/* A folder for temporary files. */
#ifndef POWERUP_SECRETS_SYSTEM_TEMPORARY_FOLDER_H
#define POWERUP_SECRETS_SYSTEM_TEMPORARY_FOLDER_H

#include "base/bytes.h"

/* Makes one of mode 0700 below $TMPDIR, or below /tmp where that is not set, or so long that the
 * socket which a Chromium makes in a folder there would not fit its 108 bytes. The path is
 * NUL-terminated, and the caller calls temporary_folder_remove. STATUS_IO_FAILED. */
MUST_CHECK enum status temporary_folder_make(struct bytes *ret_path, struct failure *failure);

/* Removes it with all that is in it, and forgets the path; {NULL, 0} is fine. */
void temporary_folder_remove(struct bytes *path);
#define TEMPORARY_FOLDER_AUTO __attribute__((cleanup(temporary_folder_remove))) struct bytes

#endif
