/* SPDX-License-Identifier: MIT */
/* What a process that handles secrets does first. */
#ifndef POWERUP_SECRETS_PROCESS_H
#define POWERUP_SECRETS_PROCESS_H

/* No core files, and nothing of this process for debuggers or /proc of the same user (Linux). What
 * a system does not have is left out. */
void process_protect(void);

/* Closes every descriptor above stderr that was left open by whoever started us. */
void process_close_inherited(void);

#endif
