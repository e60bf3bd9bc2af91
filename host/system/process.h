/* SPDX-License-Identifier: MIT */
/* What a process that handles secrets does first. */
#ifndef POWERUP_SECRETS_SYSTEM_PROCESS_H
#define POWERUP_SECRETS_SYSTEM_PROCESS_H

/* No core files, and nothing of this process for debuggers or /proc of the same user. What would
 * make a file larger than the limit (ulimit -f) fails with EFBIG, and does not end the process. */
void process_protect(void);

/* Closes every descriptor above stderr that was left open by whoever started us, but for a pipe to
 * write to as number 3: Firefox holds its other end, and takes the pipe's end for that of the host.
 * Were it closed, Firefox would ask over and over whether the host has ended, as fast as it can. */
void process_close_inherited(void);

#endif
