/* SPDX-License-Identifier: MIT */
/* An open store that a process keeps from one command to the next: opening one takes longer than
 * most commands. */
#ifndef POWERUP_SECRETS_STORE_KEPT_STORE_H
#define POWERUP_SECRETS_STORE_KEPT_STORE_H

#include "store/store.h"

#include <sys/types.h>
#include <time.h>

/* What shows that a file is the same as before. All 0: there is none. */
struct file_stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

/* KEPT_STORE_AUTO kept = {0}; */
struct kept_store {
    struct store *store; /* NULL: none is kept */
    struct bytes folder; /* its path, NUL-terminated */
    struct file_stamp database;
    struct file_stamp journal; /* only whether it is the same file */
    struct file_stamp root_key;
};
#define KEPT_STORE_AUTO __attribute__((cleanup(kept_store_free))) struct kept_store
void kept_store_free(struct kept_store *kept);

/* Gives the store in a folder: the one that is kept, unless it is another's or its files have been
 * exchanged, damaged or removed, else a new one as of store_open. A NULL kept keeps none. On
 * STATUS_OK the caller gives it back with kept_store_keep, or calls store_close. */
MUST_CHECK enum status kept_store_take(struct kept_store *kept, const char *folder,
                                       struct store **ret_store, struct failure *failure);

/* Keeps a store in a folder that is no longer used, or closes it. Afterwards *store is NULL; it may
 * have been before. */
void kept_store_keep(struct kept_store *kept, const char *folder, struct store **store);

#endif
