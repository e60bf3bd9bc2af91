/* SPDX-License-Identifier: MIT */
/* The folder that holds the database and the root key. */
#ifndef POWERUP_SECRETS_STORE_STATE_FOLDER_H
#define POWERUP_SECRETS_STORE_STATE_FOLDER_H

#include "base/bytes.h"
#include "store/seal.h"

/* Its path, NUL-terminated, owned by the caller: $POWERUP_SECRETS_DIR, else
 * $XDG_STATE_HOME/powerup-secrets, else ~/.local/state/powerup-secrets. STATUS_STATE_FOLDER: none
 * of them is usable, *failure says what to set. */
MUST_CHECK enum status state_folder_path(struct bytes *ret_path, struct failure *failure);

/* Makes the folder (mode 0700, missing parents too) and opens it; the caller closes *ret_fd.
 * STATUS_STATE_FOLDER: it belongs to somebody else, others may enter it, or it cannot be made.
 * STATUS_STORE_FULL: the disk is full. */
MUST_CHECK enum status state_folder_open(const char *path, int *ret_fd, struct failure *failure);

/* Reads the root key ("root.key", 32 bytes, mode 0600). STATUS_ABSENT: there is none.
 * STATUS_ROOT_KEY: there is something else. */
MUST_CHECK enum status root_key_read(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                                     struct failure *failure);

/* Makes a new root key; the file appears whole or not at all, and never replaces another. Only one
 * caller at a time: the one that holds the write lock of the store. */
MUST_CHECK enum status root_key_create(int folder, uint8_t ret_root_key[SEAL_ROOT_KEY_SIZE],
                                       struct failure *failure);

#endif
