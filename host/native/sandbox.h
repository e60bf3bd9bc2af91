/* SPDX-License-Identifier: MIT */
/* What a host gives up once its store is open and its socket listens. */
#ifndef POWERUP_SECRETS_NATIVE_SANDBOX_H
#define POWERUP_SECRETS_NATIVE_SANDBOX_H

/* For the rest of the process: of all files only the state folder; no network; no connection to
 * another program but those that it accepts; no other program or process; only the system calls of
 * syscall_filter.c. Where the kernel cannot do one of them, one line on stderr says which, and the
 * others hold. Not in builds with AddressSanitizer, which looks at the process from outside, nor
 * with POWERUP_SECRETS_SANDBOX=off, for tools that do the same. */
void sandbox_enter(const char *state_folder);

#endif
