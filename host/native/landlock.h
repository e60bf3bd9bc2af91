/* SPDX-License-Identifier: MIT */
/* Landlock: from now on this process reaches only the files that are named.
 * https://docs.kernel.org/userspace-api/landlock.html */
#ifndef POWERUP_SECRETS_NATIVE_LANDLOCK_H
#define POWERUP_SECRETS_NATIVE_LANDLOCK_H

#include "base/status.h"

#include <stddef.h>

enum landlock_use {
    LANDLOCK_READ_WRITE, /* read and write files */
    LANDLOCK_KEEP        /* make, read, write, rename and remove files and folders */
};

struct landlock_rule {
    const char *path; /* a file, or a folder with all below it; one that is missing is left out */
    enum landlock_use use;
};

/* Needs no_new_privs. Whatever of it this kernel does not know is left out. 0, or an errno: ENOSYS
 * or EOPNOTSUPP when the kernel has no Landlock. */
MUST_CHECK int landlock_restrict(const struct landlock_rule *rules, size_t count);

#endif
