/* SPDX-License-Identifier: MIT */
/* Whether the disk with the state folder takes nothing more, and what to do about it. */
#ifndef POWERUP_SECRETS_BASE_DISK_H
#define POWERUP_SECRETS_BASE_DISK_H

#include "base/status.h"

/* STATUS_STORE_FULL if an errno means that there was no room: space, inodes, the user's quota, or
 * the size that a file of this process may have; *failure says which, with the fix. STATUS_OK: it
 * means something else. The folder is an open one on that disk, to tell inodes from space; below 0:
 * unknown. */
MUST_CHECK enum status disk_check_errno(int code, int folder, struct failure *failure);

/* The same for an error that does not say why: looks at what is left on the disk of an open folder.
 * STATUS_OK also where the disk does not tell, or the folder is below 0. */
MUST_CHECK enum status disk_check_room(int folder, struct failure *failure);

#endif
