/* SPDX-License-Identifier: MIT */
/* A state folder that is the same at the start of each input. */
#ifndef POWERUP_SECRETS_FUZZ_STORE_H
#define POWERUP_SECRETS_FUZZ_STORE_H

#include "base/bytes.h"

/* The first time, `make` makes a new store in the folder that $POWERUP_SECRETS_FUZZ_DIR names,
 * where it and the host then find it. Each further time, the store becomes what it was then.
 * Nothing has it open. */
void fuzz_reset_store(void (*make)(void));

/* The folder's path, from then on. */
const char *fuzz_state_folder(void);

#endif
