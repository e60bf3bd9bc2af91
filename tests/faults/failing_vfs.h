/* SPDX-License-Identifier: MIT */
/* A file system for SQLite on which the n-th call fails: https://www.sqlite.org/vfs.html */
#ifndef POWERUP_SECRETS_FAILING_VFS_H
#define POWERUP_SECRETS_FAILING_VFS_H

#include <stdbool.h>
#include <stddef.h>

/* Replaces SQLite's own file system, and forwards the calls that do not fail to it. */
void failing_vfs_install(void);

struct fault_plan {
    size_t first; /* which call fails, from 1; 0: none */
    bool onwards; /* and all after it */
    bool full;    /* writing fails because the disk is full, and nothing else fails */
    int error;    /* what needs room fails with this errno, and nothing else fails; 0: none */
};

/* Applies to all calls from now on; counts start at zero. */
void failing_vfs_plan(struct fault_plan plan);

/* How many calls have failed since then. */
size_t failing_vfs_failed(void);

#endif
