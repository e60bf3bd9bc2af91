/* SPDX-License-Identifier: MIT */
/* The store of a sequence, as another process than the host opens it. */
#ifndef POWERUP_SECRETS_FUZZ_SEQUENCE_STORE_H
#define POWERUP_SECRETS_FUZZ_SEQUENCE_STORE_H

#include "sequence_model.h"

/* Changes one setting, as a command does: fidelity, the browser profile or partition. */
void sequence_change_settings(struct model *model, size_t chosen);

/* What the store has is what the model says, of items, plugin data and calls, and nothing else. */
void sequence_check_store(struct model *model);

#endif
