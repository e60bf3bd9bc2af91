/* SPDX-License-Identifier: MIT */
/* Whether another process of this machine still lives. */
#ifndef POWERUP_SECRETS_SYSTEM_LIVING_PROCESS_H
#define POWERUP_SECRETS_SYSTEM_LIVING_PROCESS_H

#include "base/bytes.h"

/* A process: ids are used again, but not by one that started at the same moment. */
struct living_process {
    int64_t pid;
    int64_t started; /* in clock ticks since the system's start; 0 where it is not known */
};

/* The process with an id. False where there is none, or it has ended and is a zombie. */
MUST_CHECK bool living_process_find(int64_t pid, struct living_process *ret_process);

/* Whether it still lives. Where /proc cannot be read, as in the host's sandbox, a process counts as
 * the same when there is one with its id. */
MUST_CHECK bool living_process_still_lives(const struct living_process *process);

/* The process that started this one, unless that has ended, or has only passed on what a browser in
 * a sandbox of its own wanted (the portal of Flatpak and Snap): false. */
MUST_CHECK bool living_process_parent(struct living_process *ret_process);

#endif
